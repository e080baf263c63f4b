"""What publishers reserve: facts of each article, and obeyed where a setting says so."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.tdm_rules import WELL_KNOWN
from tests.databases import KINDS, AtHead
from tests.support.desk import Desk
from tests.support.site_server import Reply, SiteServer, article, feed
from tests.support.town import Town, story

FACTS = "SELECT url, robots_directives, tdm_reservation, tdm_policy, tdm_source FROM v1_articles"
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
        "0": (None, None, None, None),
        "1": ("noai, noarchive", 1, f"{town.site.url}/tdm.json", "header"),
        "2": ("nosnippet", 0, None, "meta"),
    }
    assert facts(town) == said
    assert "3 unchanged" in town.desk.crawl("town", "reextract").out
    assert facts(town) == said
    page = article("Story 1 of the harbour", story(1))
    town.site.page("/news/1", page)
    town.desk.crawl("town", "recrawl")
    assert facts(town) == said | {"1": (None, None, None, None)}


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


RULES = [
    {"location": "/news/1", "tdm-reservation": 0},
    {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "/policy.json"},
]


def reserve(town: Town, rules: object = RULES) -> None:
    body = json.dumps(rules).encode()
    town.site.pages[WELL_KNOWN] = Reply(body, content_type="application/json")


def test_the_hosts_file_is_a_fact_where_a_page_says_nothing(town: Town) -> None:
    reserve(town)
    write_site(town)
    town.desk.crawl("town")
    policy = f"{town.site.url}/policy.json"
    said = {
        "0": (None, 1, policy, "file"),
        "1": ("noai, noarchive", 1, f"{town.site.url}/tdm.json", "header"),
        "2": ("nosnippet", 0, None, "meta"),
    }
    assert facts(town) == said
    reserve(town, [])
    town.desk.crawl("town", "recrawl")
    assert len(town.site.asked(WELL_KNOWN)) == 1  # a day has not gone by
    town.desk.crawl("town", "reextract")
    assert facts(town) == said
    asked = [one.path for one in town.site.log]
    assert asked.index(WELL_KNOWN) < min(asked.index(f"/news/{n}") for n in range(3))


def test_what_the_hosts_file_reserves_is_obeyed_in_visits_too(town: Town) -> None:
    reserve(town)
    write_site(town)
    town.desk.type("visit", "town", "--now", WINNOW_OBEY_RIGHTS="tdm")
    assert set(facts(town)) == {"2"}
    by_file = "text and data mining is reserved by /.well-known/tdmrep.json, which is obeyed"
    assert town.desk.outcomes("visit")["/news/0"] == ("rights", by_file)
    assert town.desk.outcomes("visit")["/news/1"][0] == "rights"
    assert town.desk.tuples("SELECT count(*) FROM v1_captures") == [(1,)]


def test_a_file_that_is_none_costs_no_page(town: Town) -> None:
    town.site.pages[WELL_KNOWN] = Reply(b"<html>Not here</html>")
    write_site(town)
    done = town.desk.crawl("town", WINNOW_OBEY_RIGHTS="tdm")
    assert set(facts(town)) == {"0", "2"}
    assert done.err.count(f"{WELL_KNOWN} cannot be read (it is HTML, not JSON)") == 1
