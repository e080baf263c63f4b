"""When the runs of sites were, and how long their visits took."""

from datetime import timedelta

from models.crawl import runs
from models.crawl.run_times import fetched_since, visit_seconds, visited_since
from models.db.database import Database
from models.db.owners import new_owner
from tests.factories import NOW, known_site


def test_visits_that_ended_well_are_told_by_site_the_newest_first(database: Database) -> None:
    told = [
        ("one", "visit", "done", 5), ("two", "visit", "done", 7), ("one", "visit", "failed", 99),
        ("one", "discover", "done", 98), ("one", "visit", "done", 6.5),
    ]  # fmt: skip
    with database.transaction() as conn:
        sites = {name: known_site(conn, name) for name in ("one", "two", "three")}
        for name, kind, status, seconds in told:
            run = runs.open_run(conn, kind, sites[name], new_owner(), NOW)
            runs.close_run(conn, run, status, None, NOW + timedelta(seconds=seconds))
        runs.open_run(conn, "visit", sites["three"], new_owner(), NOW)
    with database.reading() as conn:
        assert visit_seconds(conn, 100) == {sites["one"]: [6.5, 5.0], sites["two"]: [7.0]}
        assert visit_seconds(conn, 5) == {sites["one"]: [6.5], sites["two"]: [7.0]}
        assert visit_seconds(conn, 1) == {}, "the newest run is under way"


def test_who_was_visited_since_is_known_by_visits_that_ended_well(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        for minutes, status in ((0, "done"), (10, "failed")):
            at = NOW + timedelta(minutes=minutes)
            run_id = runs.open_run(conn, "visit", site_id, "host:1:ab", at)
            runs.close_run(conn, run_id, status, None, at)
        assert visited_since(conn, site_id, NOW - timedelta(seconds=1))
        assert not visited_since(conn, site_id, NOW + timedelta(seconds=1))


def test_who_was_asked_since_is_known_by_signs_of_life_of_what_fetches(database: Database) -> None:
    with database.transaction() as conn:
        asked, read, idle = (known_site(conn, name) for name in ("asked", "read", "idle"))
        later = NOW + timedelta(minutes=5)
        for site_id, kind in ((asked, "visit"), (read, "reextract")):
            run_id = runs.open_run(conn, kind, site_id, "host:1:ab", NOW)
            runs.heartbeat(conn, run_id, later)
        sites = [asked, read, idle]
        assert fetched_since(conn, sites, NOW) == {asked}
        assert fetched_since(conn, sites, later) == frozenset()
