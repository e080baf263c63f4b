"""How much of an article's text is right, and what it costs: trafilatura alone beside ours.

    uv run python -m benchmarks.extraction [--sets seeds,sites,news,zyte,wcxb] [--check]

F1 over words as multisets, case folded, single characters in scripts without spaces; the mean
over pages. `page`: each page by itself. `site`: each publisher's pages as one site, classified with
what all of them show. CPU is process time, in milliseconds a page, in one process.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import trafilatura

from benchmarks.evidence import evidence_of
from benchmarks.pages import Sample, samples, seeds
from benchmarks.score import f1
from models.evidence import Evidence
from models.items import Extraction, Hint
from pipelines.boilerplate.classify import classify
from pipelines.extraction.tree import parse
from pipelines.kept_text import text_of
from pipelines.page_reader import extract

SETS: Final = ("seeds", "sites", "news", "zyte", "wcxb")
FLOORS: Final = Path(__file__).with_name("floors.json")
_WARM: Final = 5  # pages read before the clock counts: imports, caches of patterns


@dataclass(frozen=True, slots=True)
class Result:
    """What one page scored."""

    set: str
    id: str
    theirs: float  # trafilatura alone
    page: float  # ours, the page by itself
    site: float  # ours, with its site
    ms_theirs: float
    ms_ours: float
    ms_classify: float
    article: bool
    interstitial: str | None
    certainty: float
    agreement: float | None
    missing: tuple[str, ...] = field(default=())  # paragraphs of a seed that are not there
    unwanted: tuple[str, ...] = field(default=())  # lines that a seed must not hold


@dataclass(frozen=True, slots=True)
class Read:
    """A page read by both."""

    sample: Sample
    extraction: Extraction
    theirs: str
    ms_theirs: float
    ms_ours: float


def read(sample: Sample) -> Read:
    """One page, timed."""
    start = time.process_time()
    extraction = extract(sample.body, None, sample.url, Hint(), None)
    ours = time.process_time() - start
    start = time.process_time()
    theirs = _trafilatura(sample)
    return Read(sample, extraction, theirs, (time.process_time() - start) * 1e3, ours * 1e3)


def _trafilatura(sample: Sample) -> str:
    found = trafilatura.bare_extraction(
        parse(sample.body, None), url=sample.url, include_comments=False, include_tables=False
    )
    return getattr(found, "text", None) or ""


def results(reads: Sequence[Read]) -> Iterator[Result]:
    """The pages of one site, classified alone and together."""
    pages = [(page.sample, page.extraction) for page in reads]
    evidence = evidence_of(pages) if len(reads) > 1 else Evidence()
    for page in reads:
        alone = classify(page.extraction, Evidence(), page.sample.url_id)
        start = time.process_time()
        together = classify(page.extraction, evidence, page.sample.url_id)
        spent = (time.process_time() - start) * 1e3
        text = text_of(page.extraction, together)
        yield Result(
            set=page.sample.set,
            id=page.sample.id,
            theirs=f1(page.theirs, page.sample.text),
            page=f1(text_of(page.extraction, alone), page.sample.text),
            site=f1(text, page.sample.text),
            ms_theirs=page.ms_theirs,
            ms_ours=page.ms_ours,
            ms_classify=spent,
            article=page.extraction.is_article,
            interstitial=page.extraction.interstitial,
            certainty=together.certainty,
            agreement=page.extraction.agreement,
            missing=tuple(part for part in page.sample.paragraphs if part not in text),
            unwanted=tuple(line for line in page.sample.without if line in text),
        )


def measure(name: str, jobs: int) -> list[Result]:
    """All pages of a set; publishers are sites in `seeds`, `sites` and `news`."""
    pages = list(seeds() if name == "seeds" else samples(name))
    for page in pages[:_WARM]:
        read(page)
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            reads = list(pool.map(read, pages, chunksize=8))
    else:
        reads = [read(page) for page in pages]
    groups: dict[str, list[Read]] = defaultdict(list)
    alone = name in {"zyte", "wcxb"}
    for one in reads:
        groups[one.sample.id if alone else one.sample.site].append(one)
    return [result for group in groups.values() for result in results(group)]


def mean(values: Sequence[float]) -> float:
    """0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def summary(found: Sequence[Result]) -> dict[str, float]:
    """The figures of a set."""
    return {
        "pages": len(found),
        "trafilatura": round(mean([r.theirs for r in found]), 4),
        "page": round(mean([r.page for r in found]), 4),
        "site": round(mean([r.site for r in found]), 4),
        "worst": round(min(r.site for r in found), 4),
        "articles": sum(r.article and not r.interstitial for r in found),
        "clean": sum(not r.missing and not r.unwanted for r in found),
        "missing": sum(len(r.missing) for r in found),
        "unwanted": sum(len(r.unwanted) for r in found),
        "ms_trafilatura": round(mean([r.ms_theirs for r in found]), 1),
        "ms_ours": round(mean([r.ms_ours + r.ms_classify for r in found]), 1),
    }


def check(figures: dict[str, dict[str, float]]) -> list[str]:
    """Which floors were not reached."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["extraction"]
    return [
        f"{name} {key}: {figures[name][key]} is under the floor of {floor}"
        for name, wanted in floors.items()
        for key, floor in wanted.items()
        if name in figures and figures[name][key] < floor
    ]


def main() -> int:
    """Prints a table; 1 if a floor was asked for and missed."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--sets", default=",".join(SETS))
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument("--json", type=Path, help="all results of all pages")
    options.add_argument("--worst", type=int, default=0, help="the lowest pages of each set")
    options.add_argument("--check", action="store_true", help="against floors.json")
    given = options.parse_args()
    figures: dict[str, dict[str, float]] = {}
    every: list[dict[str, Any]] = []
    for name in given.sets.split(","):
        found = measure(name, given.jobs)
        figures[name] = summary(found)
        every += [asdict(result) for result in found]
        if len(figures) == 1:
            print("set   ", *(f"{key:>14}" for key in figures[name]))
        print(f"{name:6}", *(f"{value:>14}" for value in figures[name].values()), flush=True)
        for bad in sorted(found, key=lambda r: r.site)[: given.worst]:
            print(f"       {bad.site:.3f} (page {bad.page:.3f}, {bad.theirs:.3f}) {bad.id}")
        for bad in found:
            for line in bad.missing:
                print(f"       {bad.id}: missing {line[:80]!r}")
            for line in bad.unwanted:
                print(f"       {bad.id}: unwanted {line[:80]!r}")
    if given.json:
        given.json.write_text(json.dumps({"figures": figures, "pages": every}, indent=1))
    missed = check(figures) if given.check else []
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
