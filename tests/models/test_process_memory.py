"""Freed memory is the machine's again."""

import subprocess
import sys

import pytest

from models.process_memory import resident

MEGA = 1 << 20
CODE = """
from models.process_memory import resident, return_large_blocks
{begin}
kept = []
for _ in range(4):
    b"x" * ({mega} * 10)  # freed at once: by itself, malloc keeps blocks of that size from now on
large = []
for _ in range(8):
    large.append(b"x" * ({mega} * 9))
    kept.append(b"y" * 600_000)
full = resident()
del large
print((full - resident()) // {mega})
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and glibc are Linux's")


def test_the_size_of_this_process_is_known() -> None:
    assert 10 * MEGA < resident() < 4000 * MEGA


def test_large_blocks_are_given_back_when_they_are_freed() -> None:
    code = CODE.format(begin="return_large_blocks()", mega=MEGA)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 70
