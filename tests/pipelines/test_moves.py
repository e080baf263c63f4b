"""A page that gets another address: one article, its number and history, and readers hear of it."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest
from scrapy.http import Response

from models.errors import OwnFault
from models.items import KnownPage
from pipelines.moves import MovesPipeline
from tests.support.desk import Desk
from tests.support.site_server import Asked, Reply, SiteServer, article, feed, redirect
from tests.support.town import story

PAGES = 4
ARTICLES = "select article_id, url, revision from v1_articles order by article_id"
KINDS = "select article_id, kind from v1_changes where kind <> 'new' order by article_id, change_id"


class Paper:
    """A site whose feed names its stories at the addresses of a folder."""

    def __init__(self, desk: Desk, site: SiteServer) -> None:
        self.desk, self.site = desk, site
        desk.upgrade()
        site.page("/", "<html><title>The Daily Loop</title></html>")
        for number in range(PAGES):
            self.show("/news", number)
        self.name("/news")
        sources = f'[sources]\nfeeds = ["{site.url}/rss"]'
        desk.write_site("paper", site.url + "/", sources, delay=0)
        desk.crawl("paper")
        self.before = self.articles()

    def show(self, folder: str, number: int, edition: int = 1, **more: object) -> None:
        page = article(f"Story {number}: what came of it", story(number, edition))
        self.site.page(f"{folder}/{number}", page, **more)

    def name(self, folder: str) -> None:
        """What the feed names from now on."""
        items = [(f"{self.site.url}{folder}/{n}", f"Story {n}") for n in range(PAGES)]
        self.site.pages["/rss"] = Reply(feed(items).encode(), content_type="application/rss+xml")

    def move(self, old: str, new: str, status: int = 301) -> None:
        for number in range(PAGES):
            self.show(new, number)
            gone = Reply(status=status) if status >= 400 else redirect(f"{new}/{number}", status)
            self.site.pages[f"{old}/{number}"] = gone

    def articles(self) -> Sequence[tuple[int, str, int]]:
        """Number, path and revision of each article."""
        rows = self.desk.tuples(ARTICLES)
        return [(number, url.removeprefix(self.site.url), rev) for number, url, rev in rows]

    def number(self, path: str) -> int:
        """The article that has this path now."""
        (number,) = [number for number, at, _ in self.articles() if at == path]
        return number


@pytest.fixture
def paper(desk: Desk) -> Iterator[Paper]:
    with SiteServer() as site:
        yield Paper(desk, site)


def moved(before: Sequence[tuple[int, str, int]], new: str) -> list[tuple[int, str, int]]:
    return [(number, new + path[path.rindex("/") :], revision) for number, path, revision in before]


def test_a_page_that_redirects_is_its_article_at_another_address(paper: Paper) -> None:
    paper.move("/news", "/2026/stories")
    done = paper.desk.crawl("paper", "recrawl")
    assert paper.articles() == moved(paper.before, "/2026/stories")
    assert "4 unchanged" in done.out
    assert paper.desk.tuples(KINDS) == [(number, "moved") for number, _, _ in paper.before]
    outcomes = paper.desk.outcomes("recrawl")
    assert outcomes["/news/1"][0] == "duplicate_url"
    assert outcomes["/2026/stories/1"][0] == "unchanged"
    former = paper.desk.tuples("select article_id, url from v1_former_urls order by article_id")
    assert former == [(number, paper.site.url + path) for number, path, _ in paper.before]


def test_a_new_site_plan_that_sources_name_first_doubles_nothing(paper: Paper) -> None:
    paper.move("/news", "/2026/stories")
    paper.name("/2026/stories")
    paper.desk.crawl("paper")
    assert paper.articles() == moved(paper.before, "/2026/stories")
    assert paper.desk.tuples(KINDS) == [(number, "moved") for number, _, _ in paper.before]
    for _ in range(2):  # nor is a former address asked for again
        paper.desk.crawl("paper", "recrawl")
        paper.desk.crawl("paper")
    assert len(paper.site.asked("/news/1")) == 2
    assert paper.articles() == moved(paper.before, "/2026/stories")


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_where_it_was_moved_too(paper: Paper, status: int) -> None:
    paper.move("/news", "/archive", status)
    paper.name("/archive")
    paper.desk.crawl("paper")
    assert paper.articles() == moved(paper.before, "/archive")


def test_an_article_that_was_withdrawn_comes_back_at_its_new_address(paper: Paper) -> None:
    paper.move("/news", "/archive", 410)
    paper.desk.crawl("paper", "recrawl", "--accept")
    assert len(paper.desk.tuples("select 1 from v1_articles where withdrawn_at > 0")) == PAGES
    paper.name("/archive")
    paper.desk.crawl("paper")
    assert paper.articles() == moved(paper.before, "/archive")
    assert paper.desk.tuples("select 1 from v1_articles where withdrawn_at > 0") == []


def test_a_page_that_moves_and_is_edited_is_revised_too(paper: Paper) -> None:
    number = paper.number("/news/1")
    paper.show("/later", 1, edition=2)
    paper.site.pages["/news/1"] = redirect("/later/1", 308)
    paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
    assert (number, "/later/1", 2) in paper.articles()
    assert paper.desk.tuples(KINDS) == [(number, "moved"), (number, "revised")]
    assert paper.desk.tuples("select distinct change from v1_revisions where revision = 2") == [
        ("update",)
    ]


def test_two_addresses_that_both_answer_are_two_pages(paper: Paper) -> None:
    for number in range(PAGES):
        paper.show("/print", number)
    paper.name("/print")
    paper.desk.crawl("paper")
    rows = paper.articles()
    assert rows[:PAGES] == paper.before and len(rows) == 2 * PAGES
    assert paper.desk.tuples("select count(distinct cluster_id) from v1_articles") == [(PAGES,)]
    assert paper.desk.outcomes().keys() == {f"/print/{n}" for n in range(PAGES)}


def test_a_redirect_to_another_story_moves_nothing(paper: Paper) -> None:
    paper.site.page("/topic/herring", article("All about herring", story(99)))
    paper.site.pages["/news/1"] = redirect("/topic/herring")
    paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
    rows = paper.articles()
    assert rows[:PAGES] == paper.before
    assert rows[PAGES][1:] == ("/topic/herring", 1)
    assert paper.desk.tuples(KINDS) == []


def test_a_redirect_to_a_stored_article_makes_that_the_original(paper: Paper) -> None:
    """Both answered once, so that each is stored; then one address leads to the other."""
    for number in range(PAGES):
        paper.show("/print", number)
    paper.name("/print")
    paper.desk.crawl("paper")
    originals = "select url from v1_articles where duplicate_of is null order by url"
    base = paper.site.url
    assert paper.desk.tuples(originals) == [(f"{base}/news/{n}",) for n in range(PAGES)]
    paper.site.pages["/news/1"] = redirect("/print/1", 301)
    for _ in range(2):  # the second finds nothing new
        paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
        rest = [(f"{base}/news/{n}",) for n in (0, 2, 3)]
        assert paper.desk.tuples(originals) == [*rest, (f"{base}/print/1",)]
    print_1 = paper.number("/print/1")
    former = "select article_id, url from v1_former_urls"
    assert paper.desk.tuples(former) == [(print_1, f"{base}/news/1")]
    told = [(number, kind) for number, kind in paper.desk.tuples(KINDS) if kind == "clustered"]
    assert told.count((print_1, "clustered")) == 2  # when it joined, and now
    paper.show("/news", 1)
    paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
    assert paper.desk.tuples(former) == []
    assert paper.desk.tuples(originals) == [(f"{base}/news/{n}",) for n in range(PAGES)]


def test_a_redirect_to_a_stored_article_of_another_story_says_nothing(paper: Paper) -> None:
    paper.site.pages["/news/1"] = redirect("/news/2", 301)
    paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
    assert paper.articles() == paper.before
    assert paper.desk.tuples("select 1 from v1_former_urls") == []


def test_a_page_that_moves_back_is_at_its_first_address_again(paper: Paper) -> None:
    paper.move("/news", "/b")
    paper.desk.crawl("paper", "recrawl")
    paper.move("/b", "/news")
    paper.desk.crawl("paper", "recrawl")
    assert paper.articles() == paper.before
    former = paper.desk.tuples("select url from v1_former_urls order by url")
    assert former == [(f"{paper.site.url}/b/{n}",) for n in range(PAGES)]


def test_a_copy_that_is_held_says_nothing_of_the_new_address(paper: Paper) -> None:
    """A server that knows the copy by its ETag answers 304 there."""

    def known(asked: Asked) -> Reply:
        etag = {"ETag": '"1"'}
        if asked.headers.get("if-none-match") == '"1"':
            return Reply(status=304, headers=etag)
        return Reply(article("Story 1: what came of it", story(1)).encode(), headers=etag)

    number = paper.number("/news/1")
    paper.site.pages["/news/1"] = known
    paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
    paper.site.pages |= {"/news/1": redirect("/b/1", 301), "/b/1": known}
    paper.desk.crawl("paper", "recrawl", "-a", "match=/news/1$")
    assert paper.number("/b/1") == number


def test_why_tells_of_a_former_address_where_its_article_is(paper: Paper) -> None:
    paper.move("/news", "/b")
    paper.desk.crawl("paper", "recrawl")
    said = paper.desk.type("why", f"{paper.site.url}/news/1").out
    assert f"moved to {paper.site.url}/b/1" in said
    assert "Story 1: what came of it" in said


class _Desk:
    """Says yes to every claim, and keeps what is recorded."""

    def __init__(self) -> None:
        self.written: list[str] = []

    async def write(self, work: partial[object]) -> bool:
        self.written.append(work.func.__name__)
        return True


@pytest.mark.parametrize(
    ("fault", "ours"),
    [(OwnFault("the disk is full"), True), (MemoryError(), True), (OSError("reset"), False)],
)
def test_a_fault_of_this_machine_is_no_answer_of_the_former_address(
    fault: Exception, ours: bool
) -> None:
    async def ask(_url: str) -> Response:
        raise fault

    desk, stage = _Desk(), object.__new__(MovesPipeline)
    known = SimpleNamespace(url_id=1, url="https://paper.example/old")
    vars(stage).update(writer=desk, _ask=ask, count=lambda _name: None, _asked=set())
    asked = stage._has_left(cast(KnownPage, known), "https://paper.example/new")
    if ours:
        with pytest.raises(type(fault)):
            asyncio.run(asked)
        assert desk.written == ["_claim"]
    else:
        assert asyncio.run(asked) is False
        assert desk.written == ["_claim", "_record"]
