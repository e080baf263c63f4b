"""Health as people read it: the worst first, each number beside what is usual."""

from datetime import timedelta

import pytest

from crawler.reports.health import no_run_of, site_lines, sites_health, sources_of, table_row
from models.db.database import Database
from models.errors import UsageError
from models.monitoring import health
from models.monitoring.health import Health
from models.sites import registry, sources
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
    red = {**known(sqlite)[0], "has_toml": True, "disabled": False}
    cells = table_row(red)
    assert (cells["site"], cells["state"], cells["reason"]) == ("b-red", "red", "why")
    assert (cells["empty"], cells["words"]) == ("0% (usual 10%)", "400")
    assert (cells["a day"], cells["articles"], cells["7 days"]) == ("12.5", "0", "0")
    assert cells["due (UTC)"].startswith("2026-11-22 06:30")
    unknown = table_row({**red, "usual_per_day": None, "empty_share": None, "reason": None})
    assert (unknown["a day"], unknown["empty"], unknown["reason"]) == ("", "", "")


def test_of_the_red_sites_those_that_never_worked_come_first(sqlite: Database) -> None:
    never = {"alarms": [{"monitor": "never_worked"}], "refusals": []}
    walled = {"alarms": [{"monitor": "refused_share"}], "refusals": []}
    with sqlite.transaction() as conn:
        for name, details in (("a", walled), ("b", never), ("c", walled)):
            said = Health("red", "why", None, None, None, None, None, details)
            health.keep(conn, known_site(conn, name), None, said, NOW)
        assert [row["site"] for row in sites_health(conn, None)] == ["b", "a", "c"]


def test_a_site_that_nobody_visits_any_more_says_so(sqlite: Database) -> None:
    row = {**known(sqlite)[0], "has_toml": False, "disabled": False}
    assert table_row(row)["reason"] == "(no TOML file: not visited) why"


def test_one_site_is_told_in_full(sqlite: Database) -> None:
    details = {
        "alarms": [
            {"monitor": "x", "state": "red", "reason": "all refused", "since_run": 7,
             "examples": ["https://a.test/1"]},
            {"monitor": "y", "state": "warn", "reason": "silent", "since_run": None,
             "examples": []},
        ],
        "refusals": [
            {"outcome": "blocked", "reason": "wall", "urls": 9, "example": "https://a.test/2"},
            {"outcome": "gone", "reason": None, "urls": 1, "example": "https://a.test/3"},
        ],
    }  # fmt: skip
    with sqlite.transaction() as conn:
        site_id = known_site(conn, "a")
        for name in ("well", "dead", "new"):
            number = sources.register(conn, site_id, f"https://a.test/{name}", "feed", "site")
            if name == "well":
                sources.record_success(conn, number, NOW, links=12)
            if name == "dead":
                sources.record_failure(conn, number, "HTTP 404", NOW)
        found = sources_of(conn, "a")
        assert sources_of(conn, "nobody") == []
    assert list(site_lines({"details": details, "sources": found})) == [
        "red: all refused, since run 7",
        "  https://a.test/1",
        "warn: silent",
        "most frequent in its newest runs, besides articles:",
        "  9 blocked (wall), as https://a.test/2",
        "  1 gone, as https://a.test/3",
        "sources:",
        "  feed https://a.test/well: 12 links, read 2026-11-22 05:30:00 UTC",
        "  feed https://a.test/dead: failed once: HTTP 404",
        "  feed https://a.test/new: not read yet",
    ]
    assert list(site_lines({"details": None, "sources": []})) == ["sources: none known yet"]
