"""scrapy visit as cron types it: real processes, a real site, quiet where all is well."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.desk import Desk
from tests.site_server import Reply, SiteServer, article, feed

TEXT = ["The night ferry sails again in June, eleven years after the last one was broken up."] * 3


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    return Desk(tmp_path, sqlite_url)


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        publish(server, "ferry", "library")
        yield server


def publish(site: SiteServer, *names: str) -> None:
    urls = [site.page(f"/{name}", article(name.title(), TEXT)) for name in names]
    items = [(url, url.rpartition("/")[2]) for url in urls]
    site.pages["/rss"] = Reply(feed(items).encode(), content_type="application/rss+xml")


def add(desk: Desk, site: SiteServer, name: str = "town", more: str = "") -> None:
    desk.site(name, site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]\n{more}')


def due_now(desk: Desk) -> None:
    desk.execute("update sites set next_due_at = '2020-01-01 00:00:00'")


def test_what_is_due_is_visited_without_a_word_and_then_left_alone(
    desk: Desk, site: SiteServer
) -> None:
    add(desk, site)
    first = desk.type("visit")
    assert (first.code, first.out, first.err) == (0, "", "")
    assert set(desk.outcomes().values()) == {"stored"}
    [(due, kind)] = desk.rows("select next_due_at, kind from sites, runs")
    assert due is not None and kind == "visit"
    assert desk.type("visit").code == 0
    assert desk.rows("select count(*) from runs") == [(1,)]
    # an article whose time has come is asked for again, and what is new is fetched
    desk.execute("update urls set article = 1, not_before = '2020-01-01 00:00:00'")
    publish(site, "ferry", "library", "herring")
    assert desk.type("visit", "town", "--now").code == 0
    assert set(desk.outcomes()) == {"/ferry", "/library", "/herring"}


def test_troubles_are_one_line_each_and_the_other_sites_go_on(desk: Desk, site: SiteServer) -> None:
    add(desk, site)
    desk.site("nowhere", "http://127.0.0.1:9/", '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n')
    desk.site("typo", site.url + "/", '[sources]\nfeds = ["x"]\n')
    done = desk.type("visit", "--jobs", "3")
    assert done.code == 1
    assert done.out == ""
    lines = sorted(done.err.splitlines())
    assert len(lines) == 2
    assert lines[0].endswith("did you mean 'feeds'?") and "typo.toml: line" in lines[0]
    assert lines[1].startswith("scrapy visit: nowhere: no source could be read: http://127.0.0.1")
    runs = dict(desk.rows("select s.name, r.status from runs r join sites s using (site_id)"))
    assert runs == {"town": "done", "nowhere": "failed"}
    again = desk.type("visit")
    assert again.code == 2, "the TOML is still wrong, the rest is not due"
    (desk.folder / "sites" / "typo.toml").unlink()
    assert desk.type("visit").code == 0, "a site that was removed is left alone"


def test_a_site_that_another_visit_holds_is_named_with_its_holder(
    desk: Desk, site: SiteServer
) -> None:
    add(desk, site)
    slow = Reply([b"<rss>", b"x", b"x", b"</rss>"], pause=3.0, content_type="application/rss+xml")
    site.pages["/rss"] = slow
    first = desk.start("visit")
    waited = time.monotonic()
    while not desk.rows("select 1 from leases") and time.monotonic() - waited < 30:
        time.sleep(0.2)
    second = desk.type("visit")
    assert second.code == 4
    assert "town is held by" in second.err and second.err.count("\n") == 1
    first.communicate(timeout=60)
    assert desk.rows("select count(*) from leases") == [(0,)]


def test_a_visit_whose_time_is_over_ends_well_and_the_next_goes_on(
    desk: Desk, site: SiteServer
) -> None:
    names = [f"story-{n}" for n in range(12)]
    publish(site, *names)
    add(desk, site, more="[fetch]\ndelay = 1.5\n")
    began = time.monotonic()
    done = desk.type("visit", "--max-time", "12s")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert time.monotonic() - began < 45
    [(status, urls)] = desk.rows("select status, urls from v1_runs")
    assert status == "done" and 0 < urls < 12
    [(free,)] = desk.rows("select count(*) from urls where state = 'found' and owner is null")
    assert free == 12 - urls
    [(wait,)] = desk.rows("select (julianday(next_due_at) - julianday('now')) * 1440 from sites")
    assert wait < 6, "what is left comes soon"


def test_slips_of_the_pen_are_misuse(desk: Desk, site: SiteServer) -> None:
    assert "scrapy sites add" in desk.type("visit").err
    add(desk, site)
    for words in (
        ("--max-time", "soon"),
        ("--max-time", "2s"),
        ("--jobs", "0"),
        ("twon",),
        ("--bogus",),
    ):
        done = desk.type("visit", *words)
        assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert desk.type("visit", WINNOW_VISIT_SHORTEST="2d").code == 2
