"""How long the visits of sites took."""

from datetime import timedelta

from models.crawl import runs
from models.crawl.run_times import visit_seconds
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
