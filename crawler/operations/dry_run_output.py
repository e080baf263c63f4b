"""What a dry run found, for a person as text and for programs as JSON lines."""

import difflib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

from crawler.extensions.finish_time import Pace, finish_of
from crawler.extensions.progress_line import ProgressLine
from crawler.reports.colors import wants_color
from crawler.reports.diff_colors import colored
from models.clock import utc_now
from models.crawl.run_spider import SourceReport
from pipelines.compare import ArticleText, Comparison, Difference

KINDS: Final = ("new", "changed", "grown", "shrunk", "emptied")
_PAUSE: Final = 0.2  # seconds between two lines of progress


class TextOutput:
    """A summary for each site, and its largest differences as diffs; meanwhile how far it is."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._line = tell, ProgressLine()
        self._pace: Pace | None = None  # of the site under way

    def progress(self, found: Comparison, sources: SourceReport) -> None:
        """Shows on stderr how far it is, and when it will be done."""
        self._pace = self._pace or Pace(time.monotonic())
        if self._line.is_due():
            self._pace.note(found.read, time.monotonic())
            rate = self._pace.rate
            self._line.show(
                f"reextract {found.site}, dry run: {found.read} of {sources.to_read} captures,"
                f" {rate:.2f}/s{finish_of(sources, found.read, rate, utc_now())}"
            )

    def result(self, found: Comparison) -> None:
        """Prints what would become of one site."""
        self._pace = None
        self._line.clear()
        self._tell("\n".join(lines(found, colours=wants_color())))


class JsonOutput:
    """One JSON document a line: progress while a site is compared, then all that was found."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell, self._next = tell, 0.0

    def progress(self, found: Comparison, _sources: SourceReport) -> None:
        """Prints how far it is, some times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _PAUSE
            self._tell(json.dumps({"site": found.site, "read": found.read, "same": found.same}))

    def result(self, found: Comparison) -> None:
        """Prints the whole comparison; `done` tells its line from those of progress."""
        self._tell(json.dumps(document(found), ensure_ascii=False))


def document(found: Comparison) -> dict[str, Any]:
    """A comparison for programs; `words` of a difference are those that one side alone has."""
    return {
        "done": True,
        "site": found.site,
        "read": found.read,
        "same": found.same,
        "kinds": {kind: found.kinds[kind] for kind in KINDS},
        "refused": found.refused,
        "unreadable": found.unreadable,
        "largest": [
            {
                "url": one.url,
                "url_id": one.url_id,
                "kind": one.kind,
                "words": one.size,
                "before": _said(one.before),
                "after": _said(one.after),
                "refused": one.after.refused,
            }
            for one in found.largest
        ],
    }


def _said(text: ArticleText) -> dict[str, Any]:
    return {"title": text.title, "facts": list(text.facts), "text": text.text}


def lines(found: Comparison, *, colours: bool) -> Iterator[str]:
    """The summary of one site, and its largest differences as diffs."""
    counts = ", ".join(f"{found.kinds[kind]} {kind}" for kind in KINDS)
    refused = f" ({found.refused} refused)" if found.refused else ""
    unreadable = f"; {len(found.unreadable)} cannot be read" if found.unreadable else ""
    yield (
        f"reextract {found.site}, dry run: {found.read} captures:"
        f" {found.same} the same, {counts}{refused}{unreadable}"
    )
    for difference in found.largest:
        yield ""
        yield from _diff(difference, colours=colours)


def _diff(difference: Difference, *, colours: bool) -> Iterator[str]:
    why = f": {difference.after.refused}" if difference.after.refused else ""
    yield f"{difference.url}  {difference.kind}, {difference.size} words{why}"
    before, after = (_paragraphs(one) for one in (difference.before, difference.after))
    diff = difflib.unified_diff(before, after, "as stored", "read again", n=1, lineterm="")
    yield from colored(diff, colours=colours)


def _paragraphs(said: ArticleText) -> list[str]:
    title = [f"# {said.title}"] if said.title else []
    return title + list(said.facts) + (said.text.split("\n\n") if said.text else [])
