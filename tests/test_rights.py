"""What publishers reserve: facts of each article, and obeyed where a setting says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import KINDS, AtHead
from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, feed
from tests.support.town import Town, story

FACTS = "SELECT url, robots_directives, tdm_reservation, tdm_policy FROM v1_articles"
HEADERS = {"X-Robots-Tag": "noarchive, noai", "TDM-Reservation": "1", "TDM-Policy": "/tdm.json"}
META = '<meta name="robots" content="nosnippet"><meta name="tdm-reservation" content="0">'


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[Town]:
    """A site with a page that says nothing, one with headers, one with metas."""
    with at_head.database(request.param, tmp_path) as url, SiteServer() as site:
        desk = Desk(tmp_path, url)
        for number, (headers, more) in enumerate((({}, ""), (HEADERS, ""), ({}, META))):
            page = article(f"Story {number} of the harbour", story(number), more=more)
            site.pages[f"/news/{number}"] = Reply(page.encode(), headers=headers)
        items = [(f"{site.url}/news/{n}", f"Story {n} of the harbour") for n in range(3)]
        site.pages["/rss"] = Reply(feed(items).encode(), content_type="application/rss+xml")
        site.page("/", "<html><title>The Daily Loop</title></html>")
        yield Town(desk, site)


def write_site(town: Town, more: str = "") -> None:
    feeds = f'[sources]\nfeeds = ["{town.site.url}/rss"]\n{more}'
    town.desk.write_site("town", town.site.url + "/", feeds, delay=0)


def facts(town: Town) -> dict[str, tuple[object, ...]]:
    return {row[0].rpartition("/")[2]: row[1:] for row in town.desk.tuples(FACTS)}


def test_what_is_reserved_is_a_fact_of_each_article(town: Town) -> None:
    write_site(town)
    town.desk.crawl("town")
    said = {
        "0": (None, None, None),
        "1": ("noai, noarchive", 1, f"{town.site.url}/tdm.json"),
        "2": ("nosnippet", 0, None),
    }
    assert facts(town) == said
    assert "3 unchanged" in town.desk.crawl("town", "reextract").out
    assert facts(town) == said
    page = article("Story 1 of the harbour", story(1))
    town.site.page("/news/1", page)
    town.desk.crawl("town", "recrawl")
    assert facts(town) == said | {"1": (None, None, None)}


def test_what_is_obeyed_keeps_a_page_out_of_the_archive(town: Town) -> None:
    write_site(town)
    town.desk.crawl("town", WINNOW_OBEY_RIGHTS="noarchive")
    assert town.desk.outcomes()["/news/1"] == (
        "rights", "its robots directives say noarchive, which is obeyed",
    )  # fmt: skip
    assert set(facts(town)) == {"0", "2"}
    assert town.desk.tuples("SELECT url FROM v1_captures WHERE url LIKE '%%/1'") == []
    refused = "SELECT refused FROM v1_runs ORDER BY run_id DESC LIMIT 1"
    assert town.desk.tuples(refused) == [(1,)]


def test_a_sites_file_goes_before_the_setting(town: Town) -> None:
    write_site(town, '[rights]\nobey = ["tdm"]')
    town.desk.crawl("town", WINNOW_OBEY_RIGHTS="noarchive")
    assert town.desk.outcomes()["/news/1"][1].startswith("text and data mining is reserved")
    write_site(town, "[rights]\nobey = []")
    urls = town.desk.folder / "urls.txt"
    urls.write_text(f"{town.site.url}/news/1")
    both = {"WINNOW_OBEY_RIGHTS": "noarchive,tdm"}
    town.desk.type("crawl", "recrawl", "-a", f"urls={urls}", **both)
    assert facts(town)["1"][1] == 1
    wrong = town.desk.crawl("town", code=2, WINNOW_OBEY_RIGHTS="all")
    assert wrong.err.count("\n") == 1 and "WINNOW_OBEY_RIGHTS: ['all']" in wrong.err
