"""How long the faults are looked for: a handful of seeds in every run, all by `make faults`."""

import os
import random
from typing import TypeVar

T = TypeVar("T")

LONG = os.environ.get("WINNOW_FAULTS") == "long"


def pick(short: T, long: T) -> T:
    """The value of the form that runs: `long` with WINNOW_FAULTS=long."""
    return long if LONG else short


def dice(seed: int) -> random.Random:
    """Random numbers of a seed, which is printed: pytest shows it with a failure."""
    print(f"seed {seed}")  # noqa: T201 - pytest captures it
    return random.Random(seed)
