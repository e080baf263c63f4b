"""What many sites need, by a model that a simulation checks.

    python -m benchmarks.scaling [--tick 5m] [--check]

Prints the needs of some installations. With `--check`, simulates parts of them, prints what model
and simulation say of each thing, and ends with 1 where they are further apart than `TOLERANCE`
in benchmarks/scaling/check.py, or where what the model calls overloaded is not. docs/scaling.md
says where the costs come from.
"""

import argparse
import sys
from collections.abc import Sequence

from benchmarks.scaling.check import CASES, TOO_MANY, compared, overloaded
from benchmarks.scaling.needs import table
from models.durations import duration


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; 1 if `--check` finds that the model is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tick", default="5m", help="between two runs of visit --fleet")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(words)
    for line in table(duration(given.tick).total_seconds()):
        print(line)
    return _check() if given.check else 0


def _check() -> int:
    wrong = 0
    for case in CASES:
        print(f"\n{case.name}: {case.sites} sites{'model':>24} {'simulated':>12} {'ratio':>8}")
        for pair in compared(case):
            print(pair.line(), flush=True)
            wrong += not pair.agrees
    slots, found = overloaded(TOO_MANY)
    print(f"\n{TOO_MANY.name}: {slots:.2f} of the slots are needed; {found.late} sites wait")
    if slots <= 1 or found.late < TOO_MANY.sites / 10:
        print("the queue should grow where more than all slots are needed, and only there")
        wrong += 1
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
