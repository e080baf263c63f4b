"""Measures on generated pages that briefs are kept, and walls shown instead of an article refused.

    uv run python -m benchmarks.walls [--briefs 2000] [--check] [--show N]

A brief has two or three short paragraphs (25 to 120 words) in one of ten languages, among all that
pages have around them: cookie bars, calls to subscribe, to log in, to choose, under it and beside
it, and words of its own that such pages have too. Walls have the shapes in which twenty vendors
send theirs, in the same languages. Each page is read alone, as on the first day of a site.

`first_walls` are the first of their kind on a site that is known (`known_sites.py`), in words that
no list has; `new_templates` are honest pages that are the first of theirs. `near_walls` are pairs
of copies of one wall that differ in numbers, codes and the asked address.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.known_sites import near_walls, shown
from benchmarks.wall_pages import WORDING, Made, briefs, walls
from models.evidence import Evidence
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.interstitials import instead
from pipelines.page_reader import extract

FLOORS: Final = Path(__file__).with_name("floors.json")
BRIEFS: Final = 2_000
_NOW: Final = datetime(2026, 11, 26, tzinfo=UTC)


def refused(page: Made) -> str | None:
    """Why the page would not be stored; None: it would be."""
    address = "https://paper.example/2026/11/20/story-88121"
    found = extract(page.html.encode(), "utf-8", address, page.hint, None, _NOW)
    if found.interstitial == "empty" or not found.is_article:
        return found.interstitial or "no article"
    return instead(found, [block.keep for block in classify(found, Evidence(), 1).blocks])


# ---------------------------------------------------------------- figures


def measure(count: int) -> tuple[dict[str, float], list[str]]:
    """The figures; the names of the pages that came out wrong, and how."""
    wrong: list[str] = []
    lost: Counter[bool] = Counter()
    all_: Counter[bool] = Counter()
    for page in (*briefs(count), *walls()):
        why = refused(page)
        all_[page.wall] += 1
        if (why is not None) != page.wall:
            lost[page.wall] += 1
            wrong.append(f"{page.name}: {why}")
    firsts, missed = _first_ones()
    figures = {
        "briefs": all_[False],
        "briefs_refused": lost[False],
        "walls": all_[True],
        "walls_refused": round(1 - lost[True] / all_[True], 4),
        **firsts,
    }
    return figures, wrong + missed


def _first_ones() -> tuple[dict[str, float], list[str]]:
    """The figures of known sites; the names of the pages that came out wrong."""
    found = list(shown())
    walls_, honest = ([one for one in found if one.wall is wall] for wall in (True, False))
    pairs = [pair for language in WORDING for pair in near_walls(language)]
    figures = {
        "first_walls": len(walls_),
        "first_walls_refused": round(sum(one.refused for one in walls_) / len(walls_), 4),
        "new_templates": len(honest),
        "new_templates_refused": sum(one.refused for one in honest),
        "near_walls": len(pairs),
        "near_walls_found": sum(one is not None and one == other for one, other in pairs),
    }
    return figures, [one.name for one in found if one.refused is not one.wall]


def check(figures: Mapping[str, float]) -> list[str]:
    """What is worse than floors.json allows."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["walls"]
    missed = []
    if figures["briefs_refused"] > floors["briefs_refused"]:
        missed.append(f"{figures['briefs_refused']} briefs were refused")
    if figures["walls_refused"] < floors["walls_refused"]:
        missed.append(f"only {figures['walls_refused']:.1%} of the walls were refused")
    if figures["first_walls_refused"] < floors["first_walls_refused"]:
        share = figures["first_walls_refused"]
        missed.append(f"only {share:.1%} of the first unknown walls were refused")
    if figures["new_templates_refused"] > floors["new_templates_refused"]:
        missed.append(f"{figures['new_templates_refused']} pages of a new template were refused")
    if figures["near_walls_found"] < figures["near_walls"]:
        missed.append("copies of one wall have two keys")
    return missed


def main() -> int:
    """Prints the figures; 1 if a floor was asked for and missed."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--briefs", type=int, default=BRIEFS)
    options.add_argument("--check", action="store_true", help="against floors.json")
    options.add_argument("--show", type=int, default=10, help="pages that came out wrong")
    given = options.parse_args()
    figures, wrong = measure(given.briefs)
    for name, value in figures.items():
        print(f"{name:16} {value:>10}")
    for line in wrong[: given.show]:
        print(f"  {line}")
    missed = check(figures) if given.check else []
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
