"""scrapy visit as cron types it: real processes, a real site, quiet where all is well."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, wait_for
from tests.support.keep_stage import KEEP_ONLY
from tests.support.site_server import Reply, SiteServer, article, feed

TEXT = ["The night ferry sails again in June, eleven years after the last one was broken up."] * 3


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    return Desk(tmp_path, sqlite_url, **KEEP_ONLY)


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
    desk.write_site(name, site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]\n{more}')


def due_now(desk: Desk) -> None:
    desk.execute("update sites set next_due_at = '2020-01-01 00:00:00'")


def test_what_is_due_is_visited_without_a_word_and_then_left_alone(
    desk: Desk, site: SiteServer
) -> None:
    add(desk, site)
    first = desk.type("visit")
    assert (first.out, first.err) == ("", "")
    assert set(desk.last_run().values()) == {"stored"}
    [(due, kind)] = desk.tuples("select next_due_at, kind from sites, runs")
    assert due is not None and kind == "visit"
    desk.type("visit")
    assert desk.tuples("select count(*) from runs") == [(1,)]
    # an article whose time has come is asked for again, and what is new is fetched
    desk.execute("update urls set article = 1, not_before = '2020-01-01 00:00:00'")
    publish(site, "ferry", "library", "herring")
    desk.type("visit", "town", "--now")
    assert set(desk.last_run()) == {"/ferry", "/library", "/herring"}


def test_troubles_are_one_line_each_and_the_other_sites_go_on(desk: Desk, site: SiteServer) -> None:
    add(desk, site)
    desk.write_site(
        "nowhere", "http://127.0.0.1:9/", '[sources]\nfeeds = ["http://127.0.0.1:9/rss"]\n'
    )
    desk.write_site("typo", site.url + "/", '[sources]\nfeds = ["x"]\n')
    done = desk.type("visit", "--jobs", "3", code=1)
    assert done.out == ""
    lines = sorted(done.err.splitlines())
    assert len(lines) == 2
    assert lines[0].endswith("did you mean 'feeds'?") and "typo.toml: line" in lines[0]
    assert lines[1].startswith("scrapy visit: nowhere: no source could be read: http://127.0.0.1")
    runs = dict(desk.tuples("select s.name, r.status from runs r join sites s using (site_id)"))
    assert runs == {"town": "done", "nowhere": "failed"}
    desk.type("visit", code=2)  # the TOML is still wrong, the rest is not due
    (desk.folder / "sites" / "typo.toml").unlink()
    desk.type("visit")  # a site that was removed is left alone


def test_a_site_that_another_visit_holds_is_named_with_its_owner(
    desk: Desk, site: SiteServer
) -> None:
    add(desk, site)
    slow = Reply([b"<rss>", b"x", b"x", b"</rss>"], pause=3.0, content_type="application/rss+xml")
    site.pages["/rss"] = slow
    first = desk.start("visit")
    wait_for(lambda: desk.tuples("select 1 from leases"), 30)
    second = desk.type("visit", code=4)
    assert "town is held by" in second.err and second.err.count("\n") == 1
    first.communicate(timeout=60)
    assert desk.tuples("select count(*) from leases") == [(0,)]


def test_a_visit_whose_time_is_over_ends_well_and_the_next_goes_on(
    desk: Desk, site: SiteServer
) -> None:
    names = [f"story-{n}" for n in range(12)]
    publish(site, *names)
    add(desk, site, more="[fetch]\ndelay = 1.5\n")
    began = time.monotonic()
    done = desk.type("visit", "--max-time", "12s")
    assert (done.out, done.err) == ("", "")
    assert time.monotonic() - began < 45
    [(status, urls)] = desk.tuples("select status, urls from v1_runs")
    assert status == "done" and 0 < urls < 12
    [(free,)] = desk.tuples("select count(*) from urls where state = 'found' and owner is null")
    assert free == 12 - urls
    [(wait,)] = desk.tuples("select (julianday(next_due_at) - julianday('now')) * 1440 from sites")
    assert wait < 6, "what is left comes soon"


def test_slips_of_the_pen_are_misuse(desk: Desk, site: SiteServer) -> None:
    assert "scrapy sites add" in desk.type("visit", code=2).err
    add(desk, site)
    for words in (
        ("--max-time", "soon"),
        ("--max-time", "2s"),
        ("--jobs", "0"),
        ("twon",),
        ("--bogus",),
    ):
        done = desk.type("visit", *words, code=2)
        assert done.err.count("\n") == 1, done.err
    desk.type("visit", code=2, WINNOW_VISIT_SHORTEST="2d")


def test_an_edit_is_seen_on_the_day_by_a_visit_for_revisits_alone(
    tmp_path: Path, sqlite_url: str, site: SiteServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WINNOW_NOW", "2026-05-01T08:00:00Z")
    add(Desk(tmp_path, sqlite_url), site, more='[schedule]\nevery = "6h"\n')

    def visit_at(time_of_day: str) -> dict[str, str]:
        monkeypatch.setenv("WINNOW_NOW", f"2026-05-{time_of_day}Z")
        site.log.clear()
        desk = Desk(tmp_path, sqlite_url)  # takes its clock from our environment
        desk.type("visit")
        return desk.last_run() if site.log else {}

    assert set(visit_at("01T08:00:00").values()) == {"stored"}
    assert visit_at("01T08:30:00") == {}, "nothing is due"
    site.page("/ferry", article("Ferry", [*TEXT, "The first sailing was sold out within an hour."]))
    assert visit_at("01T09:10:00") == {"/ferry": "revised", "/library": "unchanged"}
    assert not site.asked("/rss"), "the sources are read every six hours"
    publish(site, "ferry", "library", "herring")
    assert visit_at("02T08:00:00")["/herring"] == "stored"
    assert len(site.asked("/rss")) == 1
