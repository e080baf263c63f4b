"""What a page costs the database: statements and loads of stored text, over fifty pages."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from sqlalchemy import Engine, event

from models.db.database import Database
from tests.support.small_site import SUBJECTS, html, name, url_of
from tests.support.stage_run import StageRun

PAGES = range(50)


@dataclass
class Counted:
    """Statements of all connections; an executemany counts once."""

    statements: list[str] = field(default_factory=list)
    for_pages: int = 0  # of these, before the end of the run, which reads pages fifty at a time

    @property
    def text_loads(self) -> int:
        """Statements that read the text of a stored revision for a page."""
        return sum(
            s.lower().startswith("select") and re.search(r"revisions\.text\b", s) is not None
            for s in self.statements[: self.for_pages]
        )

    def a_page(self) -> float:
        return len(self.statements) / len(PAGES)


@contextmanager
def counting() -> Iterator[Counted]:
    counted = Counted()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("BEGIN"):
            counted.statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def edited(number: int) -> bytes:
    """The page after an edit of its first paragraph."""
    more = f"<p>The {SUBJECTS[number % len(SUBJECTS)]} of {name(number + 900)} stays shut.</p><p>"
    return html(number).replace(b"<p>", more.encode(), 1)


async def crawl(url: str, folder: str, bodies: dict[int, bytes]) -> Counted:
    """One run over the pages; its cost but for its beginning and its last row."""
    opened = await StageRun.begin(url, folder, "recrawl")
    pages = await opened.claim({url_of(number): body for number, body in bodies.items()})
    with counting() as counted:
        for page in pages:
            try:
                await opened.take(page)
            except DropItem as dropped:
                raise AssertionError(f"{page.url}: {dropped}") from dropped
        counted.for_pages = len(counted.statements)
        await opened.close_stages()
    await opened.end()
    return counted


@pytest.fixture
def crawled(database: Database, tmp_path: Any) -> dict[str, Counted]:
    """Three runs over the same fifty pages: new, unchanged, edited."""
    url = database.engine.url.render_as_string(hide_password=False)
    folder = str(tmp_path / "archive")

    async def runs() -> dict[str, Counted]:
        same = {number: html(number) for number in PAGES}
        return {
            "new": await crawl(url, folder, same),
            "unchanged": await crawl(url, folder, same),
            "changed": await crawl(url, folder, {n: edited(n) for n in PAGES}),
        }

    return asyncio.run(runs())


@pytest.mark.slow
def test_a_page_costs_few_statements_and_its_stored_text_is_read_once(
    crawled: dict[str, Counted],
) -> None:
    cost = {kind: round(counted.a_page(), 1) for kind, counted in crawled.items()}
    loads = {kind: counted.text_loads / len(PAGES) for kind, counted in crawled.items()}
    assert cost["unchanged"] <= 14, cost
    assert cost["changed"] <= 29.5, cost  # one of them is its words in the search index
    assert cost["new"] <= 32, cost
    assert loads["unchanged"] <= 1, loads
    assert loads["changed"] <= 2, loads
