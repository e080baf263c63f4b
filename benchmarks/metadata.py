"""How often title, authors, day and time are right on bench/news; prints figures and misses."""

import argparse
import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html

from models.items import Hint, Metadata
from models.text import words
from pipelines.metadata.page_metadata import read_metadata

NEWS = Path(__file__).resolve().parents[2] / "shared" / "bench" / "news"
_FETCHED = datetime(2026, 11, 1, tzinfo=UTC)  # later than every page of the set


@dataclass(frozen=True, slots=True)
class Score:
    """What was right on one page; None where the truth does not say."""

    title: bool | None
    authors: bool | None
    day: bool | None
    instant: bool | None  # where the truth has time and zone


def score(truth: dict[str, Any], found: Metadata) -> Score:
    """Holds metadata against a truth with title, authors and published (ISO 8601)."""
    return Score(
        title=_title_right(truth.get("title"), found.title),
        authors=_authors_right(truth.get("authors"), found.authors),
        day=_day_right(_stated(truth), found),
        instant=_instant_right(_stated(truth), found),
    )


def shares(scores: list[Score]) -> dict[str, tuple[int, int]]:
    """Right and all, by field."""
    return {
        name: (sum(1 for v in values if v), sum(1 for v in values if v is not None))
        for name in Score.__dataclass_fields__
        for values in [[getattr(s, name) for s in scores]]
    }


def pages(folder: Path = NEWS) -> Iterator[tuple[dict[str, Any], lxml.html.HtmlElement]]:
    """Each truth of a bench folder with its page, parsed."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            markup = gzip.decompress((folder / "pages" / f"{truth['id']}.html.gz").read_bytes())
            text = markup.decode("utf-8", "replace")
            yield truth, lxml.html.document_fromstring(text, parser=parser)


def _folded(name: str) -> tuple[str, ...]:
    return tuple(words(name.replace("\u00ad", "")))


def _title_right(truth: str | None, found: str | None) -> bool | None:
    return None if not truth else _folded(truth) == _folded(found or "")


def _authors_right(truth: list[str] | None, found: tuple[str, ...]) -> bool | None:
    return None if not truth else {_folded(n) for n in truth} == {_folded(n) for n in found}


def _stated(truth: dict[str, Any]) -> datetime | None:
    """When the truth says it was published; None where it names no day ("2015-11")."""
    text = truth.get("published") or ""
    return datetime.fromisoformat(text) if len(text) >= len("2015-11-01") else None


def _day_right(said: datetime | None, found: Metadata) -> bool | None:
    """Days are compared where the truth stands: an instant in its zone, a day as it is."""
    if said is None:
        return None
    if found.published_at is None:
        return False
    at = found.published_at
    if found.published_precision == "time" and said.tzinfo:
        at = at.astimezone(said.tzinfo)
    return at.date() == said.date()


def _instant_right(said: datetime | None, found: Metadata) -> bool | None:
    """Right to the minute, where the truth has time and zone."""
    if said is None or said.tzinfo is None:
        return None
    at = found.published_at
    exact = found.published_precision == "time"
    return at is not None and exact and abs((at - said).total_seconds()) < 60


def main() -> None:
    """Reads the pages of one bench folder and prints the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=NEWS)
    options.add_argument("--misses", action="store_true", help="print each miss")
    chosen = options.parse_args()
    if not (chosen.folder / "truth.jsonl").is_file():
        options.error(f"{chosen.folder} has no truth.jsonl: name a bench folder")
    scores, spent = [], 0.0
    for truth, tree in pages(chosen.folder):
        began = time.process_time()
        found = read_metadata(tree, truth["url"] or "", Hint(), newest=_FETCHED)
        spent += time.process_time() - began
        scores.append(score(truth, found))
        if chosen.misses:
            _print_misses(truth, found, scores[-1])
    for name, (right, all_) in shares(scores).items():
        print(f"{name:8} {right}/{all_} {right / max(1, all_):.3f}")
    print(f"{1000 * spent / max(1, len(scores)):.2f} ms of CPU a page")


def _print_misses(truth: dict[str, Any], found: Metadata, scored: Score) -> None:
    asked = {"title": "title", "authors": "authors", "day": "published", "instant": "published"}
    for name, key in asked.items():
        if getattr(scored, name) is False:
            field = "published_at" if key == "published" else key
            value, source = getattr(found, field), found.sources.get(field)
            print(f"{name} {truth['id']} {truth['url']}\n  truth {truth[key]}")
            print(f"  found {value} ({source})")


if __name__ == "__main__":
    main()
