"""Texts that recur on a site's pages: what is true stays, and furniture goes, in nine languages.

    uv run python -m benchmarks.recurring [--check] [--show N]

The sites are generated (`recurring_sites.py`): interviews of the same questions, recipes,
horoscopes, columns, results; and inside of each story's body a newsletter call, an author's note, a
legal line. `alone`: by each page by itself. `site`: with what the site's pages show together.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.recurring_sites import Built, pages, plans
from models.evidence import SAMPLE, Evidence, Occurrence
from models.items import Extraction, Hint
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.evidence import occurrences_of
from pipelines.boilerplate.observation import page_hash
from pipelines.kept_text import text_of
from pipelines.page_reader import extract

FLOORS: Final = Path(__file__).with_name("floors.json")


class Fate(NamedTuple):
    """One text on one page."""

    language: str
    kind: str  # of series or furniture
    true: bool
    text: str
    site: int
    alone: bool  # as it should be: kept if true, removed if not
    together: bool


def evidence_of(read: Iterable[tuple[int, str, Extraction]]) -> Evidence:
    """What a site's memory holds of these pages, in samples as it bounds them."""
    blocks: dict[int, list[Occurrence]] = defaultdict(list)
    paths: dict[int, list[Occurrence]] = defaultdict(list)
    for number, url, extraction in read:
        seen, order = occurrences_of(extraction), page_hash(url)
        for key in seen.blocks:
            blocks[key].append(Occurrence(number, seen.fingerprint, order))
        for key, uses in seen.dom_paths.items():
            paths[key].append(Occurrence(number, seen.fingerprint, order, *uses))
    return Evidence(_samples(blocks), _samples(paths))


def _samples(found: dict[int, list[Occurrence]]) -> dict[int, tuple[Occurrence, ...]]:
    return {
        key: tuple(sorted(pages, key=lambda one: one.order)[:SAMPLE])
        for key, pages in found.items()
    }


def fates(every: int = 1) -> Iterator[Fate]:
    """What becomes of the recurring texts of one site in `every`."""
    for plan in islice(plans(), 0, None, every):
        built = pages(plan)
        read = [(i, one.url, _extract(one)) for i, one in enumerate(built, 1)]
        evidence = evidence_of(read)
        for (number, _, extraction), page in zip(read, built, strict=True):
            alone = _lines(extraction, Evidence(), number)
            together = _lines(extraction, evidence, number)
            for text in page.true:
                yield Fate(
                    plan.language, plan.series, True, text, plan.number,
                    text in alone, text in together,
                )  # fmt: skip
            for kind, text in page.furniture:
                yield Fate(
                    plan.language, kind, False, text, plan.number,
                    text not in alone, text not in together,
                )  # fmt: skip


def _extract(page: Built) -> Extraction:
    return extract(page.body, None, page.url, Hint(), None)


def _lines(extraction: Extraction, evidence: Evidence, number: int) -> Counter[str]:
    return Counter(text_of(extraction, classify(extraction, evidence, number)).split("\n\n"))


def shares(found: Iterable[Fate]) -> dict[str, tuple[int, float, float]]:
    """How many texts, the shares that are as they should be: by each page alone, by its site.

    By kind, by language, and of all.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for fate in found:
        side = "true" if fate.true else "furniture"
        for key in (side, f"{side} {fate.kind}", f"{side} {fate.language}"):
            counts[key][0] += 1
            counts[key][1] += fate.alone
            counts[key][2] += fate.together
    return {
        key: (count, alone / count, together / count)
        for key, (count, alone, together) in sorted(counts.items())
    }


def main() -> int:
    """Prints a table; 1 if a floor was asked for and missed."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--show", type=int, default=0, help="texts that went wrong, so many")
    options.add_argument("--every", type=int, default=1, help="one site in so many")
    options.add_argument("--check", action="store_true", help="against floors.json")
    given = options.parse_args()
    found = list(fates(given.every))
    figures = shares(found)
    print(f"{'':24} {'texts':>6} {'alone':>7} {'site':>7}")
    for key, (count, alone, together) in figures.items():
        print(f"{key:24} {count:6} {alone:7.3f} {together:7.3f}")
    wrong = Counter((f.true, f.kind, f.language, f.text, f.site) for f in found if not f.together)
    for case, count in wrong.most_common(given.show):
        print(count, *case)
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["recurring"] if given.check else {}
    missed = {key: floor for key, floor in floors.items() if figures[key][-1] < floor}
    for key, floor in missed.items():
        print(
            f"recurring {key}: {figures[key][-1]:.3f} is under the floor of {floor}",
            file=sys.stderr,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
