"""The figures of `workload`, fitted to real pages: sizes, and hours of publication.

python -m benchmarks.scaling.fit
"""

import gzip
import json
import re
import sys
from collections import Counter
from math import log
from statistics import fmean, stdev
from typing import Final

from benchmarks.pages import BENCH, samples
from benchmarks.scaling.workload import LogNormal

_CLOCK: Final = re.compile(r"[T ](\d\d):(\d\d)")


def main() -> int:
    """Prints them; 2 where the pages are not here."""
    if not BENCH.is_dir():
        print(f"no pages in {BENCH}", file=sys.stderr)
        return 2
    pages = list(samples("news"))
    for name, sizes in (
        ("HTML", [len(page.body) for page in pages]),
        ("GZIP", [len(gzip.compress(page.body, 6)) for page in pages]),
        ("TEXT", [len(page.text) for page in pages]),
    ):
        fitted = fit([size for size in sizes if size])
        print(f"{name}: {fitted}, mean {fitted.mean:.0f}; of the pages {fmean(sizes):.0f}")
    hours: Counter[int] = Counter()
    with (BENCH / "news" / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            clock = _CLOCK.search(str(json.loads(line)["published"]))
            if clock and clock[0][1:] != "00:00":  # a day without a time
                hours[int(clock[1])] += 1
    print(f"HOURS: {tuple(hours[hour] for hour in range(24))}")
    return 0


def fit(sizes: list[int]) -> LogNormal:
    """The log-normal distribution with the mean and the deviation of their logarithms."""
    logs = [log(size) for size in sizes]
    return LogNormal(round(fmean(logs), 3), round(stdev(logs), 3))


if __name__ == "__main__":
    sys.exit(main())
