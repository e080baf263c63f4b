"""Health as people read it: the worst first, each number beside what is usual."""

from datetime import timedelta

import pytest

from crawler.reports.health import no_run_of, sites_health, table_row
from models.db.database import Database
from models.errors import UsageError
from models.monitoring import health
from models.monitoring.health import Health
from models.sites import registry
from tests.factories import NOW, known_site, open_run

STATES = {"b-red": "red", "a-ok": "ok", "c-ok": "ok", "z-warn": "warn", "y-red": "red"}


def known(sqlite: Database, name: str | None = None) -> list[dict[str, object]]:
    """What is reported of five sites."""
    with sqlite.transaction() as conn:
        for site, state in STATES.items():
            site_id = known_site(conn, site)
            run_id = open_run(conn, site_id)
            registry.schedule(conn, site_id, NOW + timedelta(hours=1), failed=False)
            said = Health(state, None if state == "ok" else "why", 12.53, 0.004, 0.1, 400.4, None)
            health.keep(conn, site_id, run_id, said, NOW)
        return sites_health(conn, name)


def test_the_worst_comes_first_and_then_the_alphabet(sqlite: Database) -> None:
    found = [row["site"] for row in known(sqlite)]
    assert found == ["b-red", "y-red", "z-warn", "a-ok", "c-ok"]


def test_one_site_is_asked_for_by_its_name(sqlite: Database) -> None:
    assert [row["site"] for row in known(sqlite, "a-ok")] == ["a-ok"]
    with sqlite.reading() as conn, pytest.raises(UsageError, match="no run of a site 'nobody' yet"):
        sites_health(conn, "nobody")
    assert "`scrapy health` lists all" in str(no_run_of("nobody"))


def test_numbers_stand_beside_what_is_usual_as_far_as_known(sqlite: Database) -> None:
    red, *_ = known(sqlite)
    cells = table_row(red)
    assert (cells["site"], cells["state"], cells["reason"]) == ("b-red", "red", "why")
    assert (cells["empty"], cells["words"]) == ("0% (usual 10%)", "400")
    assert (cells["a day"], cells["articles"], cells["7 days"]) == ("12.5", "0", "0")
    assert cells["due (UTC)"].startswith("2026-11-22 06:30")
    unknown = table_row({**red, "usual_per_day": None, "empty_share": None, "reason": None})
    assert (unknown["a day"], unknown["empty"], unknown["reason"]) == ("", "", "")
