"""What extraction costs on top of trafilatura alone, in milliseconds of CPU a page.

    uv run python -m benchmarks.cost [--sets sites,news] [--pages 100]

Both read each page in turn, twice, in one process, so that load and caches favour neither; the
lower figure of each counts. `ours` is extraction and classification without metadata.
"""

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

import trafilatura

from benchmarks.evidence import evidence_of
from benchmarks.extraction import mean
from benchmarks.pages import Sample, samples
from models.evidence import Evidence
from models.items import Extraction, Hint
from pipelines.boilerplate.classify import classify
from pipelines.extraction.tree import parse
from pipelines.metadata.page_metadata import read_metadata
from pipelines.page_reader import extract

_TURNS: Final = 2


class Cost(NamedTuple):
    """Milliseconds of CPU that one page took."""

    theirs: float
    ours: float
    metadata: float
    classifying: float


def _theirs(sample: Sample) -> None:
    trafilatura.bare_extraction(
        parse(sample.body, None), url=sample.url, include_comments=False, include_tables=False
    )


def _timed(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return (time.process_time() - start) * 1e3


def costs(pages: list[Sample]) -> Iterator[Cost]:
    """Each page of one site, with what the others teach."""
    read = [(page, extract(page.body, None, page.url, Hint(), None)) for page in pages]
    evidence = evidence_of(read)
    for page, extraction in read:
        turns = [_turn(page, extraction, evidence) for _ in range(_TURNS)]
        yield Cost(*(min(values) for values in zip(*turns, strict=True)))


def _turn(page: Sample, extraction: Extraction, evidence: Evidence) -> Cost:
    tree = parse(page.body, None)
    return Cost(
        theirs=_timed(lambda: _theirs(page)),
        ours=_timed(lambda: extract(page.body, None, page.url, Hint(), None)),
        metadata=_timed(lambda: read_metadata(tree, page.url, Hint())),
        classifying=_timed(lambda: classify(extraction, evidence, 0)),
    )


def _row(name: str, found: list[Cost]) -> str:
    theirs = mean([cost.theirs for cost in found])
    metadata = mean([cost.metadata for cost in found])
    ours = mean([cost.ours + cost.classifying for cost in found]) - metadata
    figures = (theirs, ours, metadata, ours - theirs)
    return f"{name:12} {len(found):6} " + " ".join(f"{figure:12.1f}" for figure in figures)


def main() -> int:
    """Prints a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sets", default="sites,news")
    options.add_argument("--pages", type=int, default=100)
    given = options.parse_args()
    columns = ("trafilatura", "ours", "metadata", "on top")
    print("set           pages ", *(f"{column:>12}" for column in columns))
    for name in given.sets.split(","):
        sites: dict[str, list[Sample]] = defaultdict(list)
        for sample in islice(samples(name), given.pages):
            sites[sample.site].append(sample)
        found = [cost for pages in sites.values() for cost in costs(pages)]
        print(_row(name, found), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
