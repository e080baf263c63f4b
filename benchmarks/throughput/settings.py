"""Winnow's own settings and one extension more, which counts (see counts.py)."""

from crawler.settings import *  # noqa: F403 - settings are found by their names
from crawler.settings import EXTENSIONS as _EXTENSIONS

EXTENSIONS = {**_EXTENSIONS, "benchmarks.throughput.counts.Counts": 10}
