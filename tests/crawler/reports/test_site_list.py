"""The list of sites: its order, its filter, its figures."""

from datetime import timedelta

from sqlalchemy import Connection

from crawler.reports.site_list import Totals, listed_site, listed_sites, totals
from models.crawl import runs
from models.db.database import Database
from models.monitoring import health
from models.monitoring.health import Health
from tests.factories import NOW, known_site, known_url, make_article, store_article


def visited(conn: Connection, name: str, state: str, hours: int, reason: str | None) -> int:
    """A site that was visited so many hours ago."""
    site_id, at = known_site(conn, name), NOW - timedelta(hours=hours)
    run_id = runs.open_run(conn, "visit", site_id, "test:1:ab", at)
    runs.close_run(conn, run_id, "done", None, at)
    found = Health(state, reason, 3.0, 0.0, 0.0, 200.0, 200.0)
    health.keep(conn, site_id, run_id, found, at)
    return site_id


def filled(database: Database) -> None:
    with database.transaction() as conn:
        visited(conn, "well", "ok", 1, None)
        visited(conn, "late", "red", 9, "no new article for 9 days")
        visited(conn, "fresh", "red", 2, "100% empty pages")
        visited(conn, "odd", "warn", 1, "the site's template changed")
        known_site(conn, "never")
        site_id = known_site(conn, "well")
        url_id = known_url(conn, site_id, "https://example.test/1")
        store_article(conn, site_id, make_article(url_id=url_id))


def test_the_ones_in_trouble_come_first_and_of_these_the_last_visited(database: Database) -> None:
    filled(database)
    with database.reading() as conn:
        names = [site.site for site in listed_sites(conn)]
        assert names == ["fresh", "late", "odd", "well", "never"]
        parts = [listed_sites(conn, limit=2, offset=offset) for offset in (0, 2, 4)]
        assert [site.site for part in parts for site in part] == names


def test_sites_are_chosen_by_name_or_reason_in_any_case(database: Database) -> None:
    filled(database)
    with database.reading() as conn:
        assert [site.site for site in listed_sites(conn, "LATE")] == ["late", "odd"]
        assert totals(conn, "LATE") == Totals(red=1, warn=1, ok=0)
        assert [site.site for site in listed_sites(conn, "0%")] == ["fresh"]
        assert listed_sites(conn, "_") == []


def test_totals_count_all(database: Database) -> None:
    filled(database)
    with database.reading() as conn:
        assert totals(conn) == Totals(red=2, warn=1, ok=2)
        assert totals(conn).sites == 5


def test_one_site_with_its_figures(database: Database) -> None:
    filled(database)
    with database.reading() as conn:
        site = listed_site(conn, "well")
        assert listed_site(conn, "nobody") is None
    assert site is not None
    assert (site.state, site.articles, site.last_run_at) == ("ok", 1, NOW - timedelta(hours=1))


def test_disabled_sites_are_counted_apart_and_come_last(database: Database) -> None:
    filled(database)
    off = {"late", "well", "none"}
    with database.reading() as conn:
        assert totals(conn, disabled=off) == Totals(red=1, warn=1, ok=1, disabled=2)
        assert totals(conn, disabled=off).sites == 5
        names = [site.site for site in listed_sites(conn, disabled=off)]
        assert names == ["fresh", "odd", "never", "well", "late"]
