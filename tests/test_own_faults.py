"""A fault of this machine ends a run honestly: one line, exit 1, and every page keeps waiting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.site_server import SiteServer
from tests.support.town import put_up_reports

PAGES = 40


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        put_up_reports(server, PAGES)
        yield server


def write_site(desk: Desk, site: SiteServer) -> None:
    """Slow enough that the run's end comes before the last page."""
    named = f'[sources]\nsitemaps = ["{site.url}/map.xml"]'
    desk.write_site("ferry", f"{site.url}/", named, delay=0.1)


def test_an_archive_that_cannot_be_written(
    site: SiteServer, tmp_path: Path, sqlite_url: str
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    write_site(desk, site)
    (tmp_path / "archive").write_text("no folder")
    failed = desk.crawl("ferry", code=1)
    (line,) = failed.err.splitlines()
    assert "archive cannot be written" in line and "WINNOW_ARCHIVE_DIR" in line
    assert "all pages keep waiting" in line
    assert site.log == []  # it is not asked for what could not be kept
    assert desk.tuples("select status, urls from v1_runs") == [("failed", 0)]
    assert desk.tuples("select count(*) from urls where attempts > 0 or state <> 'found'") == [(0,)]
    (tmp_path / "archive").unlink()
    desk.crawl("ferry")
    assert desk.tuples("select count(*) from v1_articles") == [(PAGES,)]


def test_a_database_that_is_not_as_it_was(
    site: SiteServer, tmp_path: Path, sqlite_url: str
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    write_site(desk, site)
    desk.execute("alter table extractions rename to elsewhere")
    failed = desk.crawl("ferry", code=1)
    assert len(failed.err.splitlines()) == 1
    assert "scrapy db upgrade" in failed.err
    desk.execute("alter table elsewhere rename to extractions")
    before = len(site.log)
    desk.crawl("ferry")
    assert desk.tuples("select count(*) from v1_articles") == [(PAGES,)]
    again = [one.path for one in site.log[before:] if one.path.startswith("/2026")]
    assert len(again) < PAGES  # what was archived before it failed is not fetched again


def test_a_fault_that_only_the_last_stage_meets_at_the_runs_end_is_told(
    site: SiteServer, tmp_path: Path, sqlite_url: str
) -> None:
    """Scrapy logs what a stage fails with at its end, and tells nobody else."""
    desk = Desk(tmp_path, sqlite_url)
    write_site(desk, site)
    desk.execute(
        "create trigger full before delete on reclassify_queue"
        " begin select raise(fail, 'database or disk is full'); end"
    )
    failed = desk.crawl("ferry", code=1)
    (line,) = failed.err.splitlines()
    assert "the database's disk is full; free some space" in line
    assert desk.tuples("select status from v1_runs") == [("failed",)]
    desk.execute("drop trigger full")
    desk.crawl("ferry")
    assert desk.tuples("select count(*) from v1_articles") == [(PAGES,)]


def test_a_disk_that_is_full_when_the_sites_health_is_noted_is_one_line(
    site: SiteServer, tmp_path: Path, sqlite_url: str
) -> None:
    desk = Desk(tmp_path, sqlite_url)
    desk.write_site("ferry", f"{site.url}/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]')
    desk.execute(
        "create trigger full before insert on site_health"
        " begin select raise(fail, 'database or disk is full'); end"
    )
    failed = desk.crawl("ferry", "discover", "-a", "limit=1", code=1)
    (line,) = failed.err.splitlines()
    assert "the database's disk is full; free some space" in line
