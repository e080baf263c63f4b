"""What a search found: articles with the part of their text that has the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from crawler.reports.snippets import Snippet, snippet
from crawler.reports.text_tables import as_json_line
from models.articles.search import by_words
from models.articles.search_query import Query
from models.sites import registry
from models.views.article_views import ARTICLES

_BOLD: Final = ("\x1b[1m", "\x1b[0m")
_VIEW: Final = ARTICLES.table()
_SHOWN: Final = (
    "article_id", "site", "url", "title", "published_at", "published_precision", "first_seen_at",
    "language", "duplicate_of", "withdrawn_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of the articles that have the words: how many, of a site, since a time, originals."""

    limit: int
    site: str | None = None
    since: datetime | None = None  # aware; by the date of publication, else of the first look
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One article, as v1_articles has it, and where it has the words."""

    columns: dict[str, Any]
    title: Snippet
    text: Snippet

    def document(self) -> str:
        """One JSON object on one line; times in UTC, as `as_json_line` has them."""
        marks = [list(mark) for mark in self.text.marks]
        return as_json_line({**self.columns, "snippet": self.text.text, "marks": marks})

    def lines(self, *, bold: bool) -> Iterator[str]:
        """For a terminal: date, site and title; the snippet; the address."""
        before, after = _BOLD if bold else ("", "")
        at, day = self.columns["published_at"], self.columns["published_precision"] == "day"
        when = f"{at or self.columns['first_seen_at']:{'%Y-%m-%d' if day else '%Y-%m-%d %H:%M'}}"
        title = self.title.marked(before, after) or "(no title)"
        yield f"{when}{'' if at else ' (first seen)'}  {self.columns['site']}  {title}"
        yield f"    {self.text.marked(before, after)}"
        yield f"    {self.columns['url']}"


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, the newest first."""

    found: tuple[Result, ...]
    more: bool  # than were asked for
    looked_at: int | None  # so many that were stored last, of more that have the words


def search(conn: Connection, query: Query, choice: Choice) -> Results:
    """The newest articles that say this, with their snippets."""
    site_id = None if choice.site is None else registry.number_of(conn, choice.site)
    found = by_words(
        conn, query, choice.limit, site_id=site_id, since=choice.since, unique=choice.unique
    )
    return Results(tuple(_results(conn, query, found.article_ids)), found.more, found.looked_at)


def _results(conn: Connection, query: Query, ids: Sequence[int]) -> Iterator[Result]:
    shown = select(*(_VIEW.c[name] for name in (*_SHOWN, "text")))
    rows = conn.execute(shown.where(_VIEW.c.article_id.in_(ids))).mappings()
    by_number = {row["article_id"]: row for row in rows}
    for number in ids:
        if (row := by_number.get(number)) is not None:
            title = snippet(query, row["title"] or "", len(row["title"] or ""))
            columns = {name: row[name] for name in _SHOWN}
            yield Result(columns, title, snippet(query, row["text"]))
