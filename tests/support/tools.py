"""Programs of the machine that a test needs."""

import os
import shutil

import pytest


def tool(name: str) -> str:
    """Where a program is; skips the test where the machine has none."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"this machine has no {name}")
    return found
