"""What becomes of a page is decided on what is known, and nothing is written."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from models.articles import known_pages
from models.articles.change_kind import content_hash
from models.crawl.run import Run
from models.db.database import Database
from models.db.writer import Writer
from models.items import Article, KnownPage
from models.memory import samples
from pipelines.acceptance import MANY
from pipelines.decider import Decider, stored_extraction
from pipelines.drops import Blocked, NoContent, Worse
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_blocks,
    make_extraction,
    make_page,
    make_site,
    open_run,
    store_article,
)

WALL = " ".join(f"Rule {n} of this ferry is read before anything else." for n in range(20))
LONG = "\n\n".join(f"The harbour was closed for day {n}, said its master." * 3 for n in range(4))
OTHER = LONG.replace("harbour", "airport")


class Deciding:
    """A run's decisions on a database."""

    def __init__(self, database: Database) -> None:
        self.database, self.writer = database, Writer(database)
        with database.transaction() as conn:
            self.site_id = known_site(conn)
            run_id = open_run(conn, self.site_id)
        run = Run(run_id, "discover", make_site(), self.site_id, "test")
        self.decider = Decider(self.writer, run)

    def page(self, number: int, text: str, title: str = "Title", **parts: Any) -> Article:
        """A copy of a page, as from extraction, on what is stored of it now."""
        url = f"https://example.test/{number}"
        with self.database.transaction() as conn:
            url_id = known_url(conn, self.site_id, url)
            known = known_pages.of_url(conn, url_id)
        blocks = make_blocks(text.split("\n\n") if text else [], score=5.0)
        item = make_article(
            text, title=title, url_id=url_id, page=make_page(url=url),
            extraction=make_extraction(blocks=blocks), **parts,
        )  # fmt: skip
        return replace(item, known=known, text=None, classification=None)

    def store(self, item: Article) -> None:
        text = "\n\n".join(block.text for block in item.extraction.blocks)
        with self.database.transaction() as conn:
            store_article(conn, self.site_id, replace(item, text=text), NOW)

    def strip(self, item: Article) -> Article:
        return asyncio.run(self.decider.strip(item))

    def accept(self, *items: Article) -> list[Article]:
        """All of these, stripped and accepted one after the other."""

        async def work() -> list[Article]:
            return [await self.decider.accept(await self.decider.strip(item)) for item in items]

        return asyncio.run(work())


@pytest.fixture
def deciding(sqlite: Database) -> Iterator[Deciding]:
    made = Deciding(sqlite)
    yield made
    made.writer.close()


def test_a_new_page_is_stripped_with_its_sketch_and_what_it_teaches(deciding: Deciding) -> None:
    found = deciding.strip(deciding.page(1, LONG))
    assert found.text == LONG
    assert found.sketch is not None and found.observation is not None
    assert found.classification is not None and len(found.classification.blocks) == 4
    assert (found.refresh, found.corrupt) == (None, frozenset())


def test_the_same_text_again_needs_no_sketch(deciding: Deciding) -> None:
    deciding.store(deciding.page(1, LONG))
    again = deciding.strip(deciding.page(1, LONG))
    assert (again.text, again.sketch, again.refresh) == (LONG, None, None)
    assert deciding.accept(deciding.page(1, LONG))[0].text == LONG


def test_a_page_of_which_nothing_is_left_is_refused(deciding: Deciding) -> None:
    with pytest.raises(NoContent, match="nothing is left"):
        deciding.strip(deciding.page(1, ""))


def test_nothing_is_written(deciding: Deciding) -> None:
    deciding.store(deciding.page(1, LONG))
    item, statements = deciding.page(1, f"{LONG}\n\nAnd more."), list[str]()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement.split(maxsplit=1)[0].upper())

    event.listen(deciding.database.engine, "before_cursor_execute", note)
    deciding.accept(item)
    assert "SELECT" in statements
    assert not {"INSERT", "UPDATE", "DELETE"} & set(statements)
    with deciding.database.reading() as conn:
        assert samples.counts(conn, deciding.site_id) == {}


def test_a_copy_that_lost_most_of_its_text_is_refused(deciding: Deciding) -> None:
    deciding.store(deciding.page(1, "\n\n".join([LONG, LONG.replace("day", "night")])))
    with pytest.raises(Worse, match="--accept takes it"):
        deciding.accept(deciding.page(1, LONG.split("\n\n", 1)[0]))


def test_the_stored_copy_is_read_as_its_page_reads_today(deciding: Deciding) -> None:
    deciding.store(deciding.page(1, LONG))
    item = deciding.page(1, f"{LONG}\n\nAnd more.")
    assert item.known is not None
    today = f"{LONG}\n\nA line that the old rules lost."
    reread = make_extraction(blocks=make_blocks(today.split("\n\n"), score=5.0))
    found = deciding.strip(replace(item, known=replace(item.known, reread=reread)))
    assert found.refresh is not None and found.refresh.reread
    assert (found.refresh.text, found.refresh.content_hash) == (
        today, content_hash("Harbour frozen", today),
    )  # fmt: skip
    assert deciding.strip(item).refresh is None, "it says what it said"
    worse = make_extraction(blocks=make_blocks(["Lost"], score=5.0))
    assert deciding.strip(replace(item, known=replace(item.known, reread=worse))).refresh is None


def test_a_wall_is_known_by_pages_of_this_run_that_are_not_stored_yet(deciding: Deciding) -> None:
    pages = [deciding.page(n, WALL, title=f"Title {n}") for n in range(MANY + 1)]
    assert len(deciding.accept(*pages[:MANY])) == MANY
    with pytest.raises(Blocked, match=f"under {MANY} other titles"):
        deciding.accept(pages[MANY])


@pytest.mark.parametrize(("before", "blocked"), [((LONG, LONG), False), ((LONG, OTHER), True)])
def test_a_text_that_two_pages_change_to_at_once_is_a_wall_unless_they_were_one(
    deciding: Deciding, before: tuple[str, str], blocked: bool
) -> None:
    for number, text in enumerate(before):
        deciding.store(deciding.page(number, text))
    first, second = (deciding.page(number, WALL) for number in range(2))
    deciding.accept(first)
    if blocked:
        with pytest.raises(Blocked, match=r"which https://example\.test/0 has too"):
            deciding.accept(second)
    else:
        assert deciding.accept(second)[0].text == WALL


def known(deciding: Deciding) -> KnownPage:
    deciding.store(deciding.page(1, LONG))
    found = deciding.page(1, LONG).known
    assert found is not None
    return found


def test_a_stored_extraction_is_unpacked(deciding: Deciding) -> None:
    page = known(deciding)
    found = stored_extraction(page)
    assert found is not None and [block.text for block in found.blocks] == LONG.split("\n\n")
    assert stored_extraction(replace(page, packed=None)) is None


@pytest.mark.parametrize(("warn", "level"), [(True, logging.WARNING), (False, logging.DEBUG)])
def test_one_that_cannot_be_read_is_reported_and_left(
    deciding: Deciding, caplog: pytest.LogCaptureFixture, warn: bool, level: int
) -> None:
    page = replace(known(deciding), packed=b"rubbish")
    caplog.set_level(logging.DEBUG, "pipelines.decider")
    assert stored_extraction(page, warn=warn) is None
    (record,) = (one for one in caplog.records if one.name == "pipelines.decider")
    assert record.levelno == level
    assert f"article {page.article_id}: its stored blocks cannot be read" in record.message


def test_a_text_that_was_refused_is_refused_when_its_page_has_it_still(deciding: Deciding) -> None:
    deciding.store(deciding.page(1, LONG))
    again = deciding.page(1, LONG)
    assert again.known is not None
    refused = replace(again, known=replace(again.known, refused_at=NOW))
    with pytest.raises(Blocked):
        deciding.accept(refused)
    (back,) = deciding.accept(replace(deciding.page(1, OTHER), known=refused.known))
    assert back.text == OTHER
