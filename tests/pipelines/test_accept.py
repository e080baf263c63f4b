"""Acceptance: which copy may become the current revision, and which may not replace a good one."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from models.crawl.run import Run
from models.db.database import Database
from models.items import Article
from pipelines.accept import AcceptPipeline
from pipelines.acceptance import worse_than
from pipelines.drops import Blocked, Paywalled, Repeated, Worse
from tests.factories import (
    NOW,
    decided,
    known_site,
    known_url,
    make_article,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    make_metadata,
    make_page,
    make_site,
    store_article,
)

WALL = "Please read our rules before you go on. " * 12
LONG = " ".join(f"Sentence {n} tells of something else that happened." for n in range(30))


class Site:
    """A site with stored articles, which new copies are compared with."""

    def __init__(self, database: Database, url: str) -> None:
        self.database, self.url = database, url
        with database.transaction() as conn:
            self.site_id = known_site(conn)
        self.accepts = False

    def article(self, number: int, text: str, title: str) -> Article:
        address = f"https://example.test/{number}"
        with self.database.transaction() as conn:
            url_id = known_url(conn, self.site_id, address)
        page = make_page(url=address, final_url=address)
        return make_article(text, title=title, url_id=url_id, page=page)

    def store(self, number: int, text: str, title: str) -> None:
        item = self.article(number, text, title)
        with self.database.transaction() as conn:
            store_article(conn, self.site_id, item, NOW)

    def come(self, number: int, text: str, title: str) -> Article:
        """The copy as the stage passes it on; raises what it refuses it with."""
        (came,) = asyncio.run(self._come(self.article(number, text, title)))
        if isinstance(came, BaseException):
            raise came
        return came

    def come_at_once(self, items: Sequence[Article]) -> list[Article | BaseException]:
        """The results for copies that reach the stage at the same time."""
        return asyncio.run(self._come(*items))

    async def _come(self, *items: Article) -> list[Article | BaseException]:
        crawler = get_crawler(settings_dict={"WINNOW_DATABASE_URL": self.url})
        run = Run(1, "recrawl", make_site(), self.site_id, "test")
        spider: Any = SimpleNamespace(accepts=self.accepts, run=run)
        crawler.spider = spider
        accept = AcceptPipeline.from_crawler(crawler)
        accept.open_spider()
        with self.database.transaction() as conn:
            ready = [decided(conn, item) for item in items]
        try:
            work = map(accept.process_item, ready)
            return await asyncio.gather(*work, return_exceptions=True)
        finally:
            accept.writer.close()


@pytest.fixture
def site(sqlite: Database, sqlite_url: str) -> Site:
    return Site(sqlite, sqlite_url)


def test_an_edit_passes(site: Site) -> None:
    site.store(1, LONG, "Story")
    assert site.come(1, LONG + " And more.", "Story").text


def test_a_much_shorter_copy_is_worse(site: Site) -> None:
    site.store(1, LONG, "Story")
    with pytest.raises(Worse, match="the stored copy has 240"):
        site.come(1, "Sentence 1 tells of something else.", "Story")


def test_a_short_article_may_become_shorter(site: Site) -> None:
    assert worse_than("Ten words that say very little about it, all told.", "Two words") is None


def test_the_text_of_many_other_titles_is_no_article(site: Site) -> None:
    for number in range(3):
        site.store(number, WALL, f"Story {number}")
    with pytest.raises(Blocked, match="3 other titles"):
        site.come(9, WALL, "Story 9")


def test_a_wall_that_nobody_knew_costs_no_second_article(site: Site) -> None:
    for number in range(3):
        site.store(number, f"{LONG} Number {number} ends so.", f"Story {number}")
    site.store(0, LONG.replace("tells", "asks").replace("something", "you"), "Before you go on")
    wall = WALL * 3
    site.store(0, wall, "Before you go on")
    for number in (1, 2):
        with pytest.raises(Blocked, match="/0 has too"):
            site.come(number, wall, "Before you go on")


def test_one_page_at_two_urls_is_edited_at_both(site: Site) -> None:
    for number in (1, 2):
        site.store(number, LONG, "Story")
    site.store(1, WALL * 3, "Another story")
    assert site.come(2, WALL * 3, "Another story").text


def test_of_walls_that_come_at_once_the_first_alone_passes(site: Site) -> None:
    for number in range(4):
        site.store(number, f"{LONG} Number {number} ends so.", f"Story {number}")
    walls = [site.article(number, WALL * 3, f"Story {number}") for number in range(4)]
    came = site.come_at_once(walls)
    assert [type(one) for one in came] == [Article, Repeated, Repeated, Repeated]


@pytest.mark.parametrize(
    ("paywalled", "call"),
    [(True, "Weather"), (None, "Subscribe to continue reading"), (None, "Nur für Abonnenten")],
)
def test_the_beginning_before_a_call_to_subscribe_is_no_edit(
    site: Site, paywalled: bool | None, call: str
) -> None:
    parts = [f"{LONG} This was part {n}." for n in range(5)]
    site.store(1, "\n\n".join(parts), "Story")
    cut = make_extraction(
        blocks=make_blocks([*parts[:3], call]), metadata=make_metadata(paywalled=paywalled)
    )
    classified = [make_block_classification(n, keep=n < 3) for n in range(4)]
    item = replace(
        site.article(1, "\n\n".join(parts[:3]), "Story"),
        extraction=cut, metadata=cut.metadata, classification=make_classification(classified),
    )  # fmt: skip
    with pytest.raises(Paywalled, match="cut at a call to subscribe"):
        raise site.come_at_once([item])[0]
    edited = replace(item, text="\n\n".join([*parts[:2], f"{LONG} This is another part."]))
    [came] = site.come_at_once([edited])
    assert isinstance(came, Article) and came.text == edited.text


def test_a_shorter_article_with_an_advert_behind_it_is_an_edit(site: Site) -> None:
    parts = [f"{LONG} This was part {n}." for n in range(5)]
    site.store(1, "\n\n".join(parts), "Story")
    assert site.come(1, "\n\n".join(parts[:3]), "Story").text


def test_accept_takes_all(site: Site) -> None:
    site.store(1, LONG, "Story")
    site.accepts = True
    assert site.come(1, "Little is left.", "Story").text == "Little is left."
