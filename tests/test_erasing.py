"""A page taken out on request: nothing of it is left anywhere, and it does not come back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, AtHead
from tests.support import traces
from tests.support.desk import Desk
from tests.support.erased_page import MARK, PAGES, TITLE, crawled, own_story, records
from tests.support.site_server import Reply, SiteServer, article, feed, redirect
from tests.support.town import Town, show


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[Town]:
    """A town that was crawled, on each database."""
    with at_head.database(request.param, tmp_path) as url, SiteServer() as site:
        yield Town(Desk(tmp_path, url), site)


def test_nothing_of_an_erased_page_is_left_anywhere(town: Town) -> None:
    desk, site = town.desk, town.site
    url = crawled(desk, site)
    archive = desk.folder / "archive"
    assert traces.in_files(archive, MARK) != []
    assert "revisions.text" in traces.in_database(desk.url, MARK)
    others = {
        u: c for kind, u, c in records(archive) if kind == "response" and not u.endswith("/77")
    }
    places = "SELECT url, warc_file, warc_offset FROM v1_captures WHERE url NOT LIKE '%%77'"
    before = desk.tuples(f"{places} ORDER BY capture_id")
    texts = "SELECT url, title, text FROM v1_articles WHERE url NOT LIKE '%%77' ORDER BY url"
    said = desk.tuples(texts)
    [(number,)] = desk.tuples("SELECT article_id FROM v1_articles WHERE url LIKE '%%news/77'")

    done = desk.type("erase", url, "--why", "letter of 3 May")

    assert f"articles   {number} (2 revisions)" in done.out
    assert "3 copies in 3 WARC files" in done.out and "letter of 3 May" in done.out
    assert traces.in_database(desk.url, MARK) == []
    assert traces.in_files(desk.folder, MARK) == []
    after = records(archive)
    assert {u: c for kind, u, c in after if kind == "response"} == others
    assert sum(kind == "metadata" for kind, _, _ in after) == 3
    assert desk.tuples(f"{places} ORDER BY capture_id") == before
    assert desk.tuples(texts) == said
    changes = f"SELECT kind FROM v1_changes WHERE article_id = {number} ORDER BY change_id"
    assert [kind for (kind,) in desk.tuples(changes)] == ["new", "revised", "erased"]
    read = desk.crawl("town", "reextract")
    assert f"{PAGES} URLs: {PAGES} unchanged" in read.out
    assert desk.tuples(texts) == said


def test_an_erased_page_does_not_come_back(town: Town) -> None:
    desk, site = town.desk, town.site
    url = crawled(desk, site)
    [(last,)] = desk.tuples("SELECT max(article_id) FROM articles")
    desk.type("erase", url, "--why", "a letter")
    asked = len(site.asked("/news/77"))
    listed = desk.folder / "urls.txt"
    site.pages["/news/78"] = redirect("/news/77")
    said = '<link href="/news/77#top" rel="canonical">'
    site.page("/news/79", article(TITLE, own_story(2), more=said))
    listed.write_text(
        f"{url}?utm_source=x\n{site.url}/news/78\n{site.url}/print/77\n{site.url}/news/79\n"
    )
    show(site, 50)
    site.pages["/rss"] = Reply(
        feed([(url, TITLE), (f"{site.url}/news/50", "Story 50")]).encode(),
        content_type="application/rss+xml",
    )
    desk.type("visit", "town", "--now")  # the first to see them: they are new to it
    desk.crawl("town")
    desk.type("crawl", "recrawl", "-a", f"urls={listed}")
    assert desk.outcomes("recrawl") == {
        "/news/77": ("erased", "erased on request"),
        "/print/77": ("erased", "erased on request"),
        "/news/79": ("erased", "names a page as its own address that was erased on request"),
        "/news/78": ("erased", "leads to a page that was erased on request"),
    }
    assert len(site.asked("/news/77")) == asked
    assert traces.in_database(desk.url, MARK) == traces.in_files(desk.folder, MARK) == []
    numbers = [
        n for (n,) in desk.tuples("SELECT article_id FROM v1_articles WHERE url LIKE '%%50'")
    ]
    assert numbers and numbers[0] > last  # no number is given out twice
    why = desk.type("why", url)
    assert "It was erased on " in why.out and ": a letter" in why.out
    again = desk.type("erase", url)
    assert again.out.startswith(f"{url} (article ") and "erased on" in again.out
    assert json.loads(desk.type("erase", "--list", "--json").out)[0]["why"] == "a letter"
    desk.type("erase", url, "--undo")
    assert desk.type("erase", "--list").out == "nothing was erased\n"
    desk.crawl("town")
    both = {desk.outcomes()[path][0] for path in ("/news/77", "/print/77")}
    assert both == {"stored", "duplicate_url"}
