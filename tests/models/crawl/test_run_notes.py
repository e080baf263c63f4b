"""What runs noted, on each database."""

import socket
from datetime import timedelta

from models.crawl import run_notes, runs
from models.db.database import Database
from models.outcomes import KEPT, Outcome
from tests.factories import NOW, known_site, known_url, open_run


def test_outcomes_besides_those_kept_the_newest_run_first(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        urls = [known_url(conn, site_id, f"https://example.test/{n}") for n in range(3)]
        old, new = open_run(conn, site_id), open_run(conn, site_id)
        runs.record(conn, old, urls[0], Outcome.GONE, "HTTP 410", 410, NOW)
        runs.record(conn, new, urls[1], Outcome.STORED, None, 200, NOW)
        runs.record(conn, new, urls[2], Outcome.TIMEOUT, None, None, NOW)
        found = run_notes.outcomes_besides(conn, [old, new], KEPT, 10)
        assert run_notes.outcomes_besides(conn, [old, new], KEPT, 1) == found[:1]
        assert run_notes.outcomes_besides(conn, [], KEPT, 10) == []
    assert [(one.run_id, one.url_id, one.outcome) for one in found] == [
        (new, urls[2], "timeout"),
        (old, urls[0], "gone"),
    ]
    assert (found[1].url, found[1].reason, found[1].http_status) == (
        "https://example.test/0", "HTTP 410", 410,
    )  # fmt: skip


def test_changes_of_template_since_a_time(database: Database) -> None:
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        for site, days, kind in (
            (site_id, 1, run_notes.TEMPLATE_CHANGED),
            (site_id, 5, run_notes.TEMPLATE_CHANGED),
            (site_id, 50, run_notes.TEMPLATE_CHANGED),
            (site_id, 1, "classification refused"),
            (other, 1, run_notes.TEMPLATE_CHANGED),
        ):
            detail = {"pages": 10 + days, "first_page": days}
            runs.event(conn, site, None, kind, detail, NOW - timedelta(days=days))
        found = run_notes.template_changes(conn, site_id, NOW - timedelta(days=30))
    assert [(one.pages, one.first_page) for one in found] == [(11, 1), (15, 5)]


def test_addresses_by_number(database: Database) -> None:
    with database.transaction() as conn:
        number = known_url(conn, known_site(conn), "https://example.test/1")
        found = run_notes.urls_by_number(conn, {number, number + 1000})
    assert found == {number: "https://example.test/1"}


def test_a_run_whose_process_is_gone_is_dead(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        gone = f"{socket.gethostname()}:{2**22 + 1}:ab"  # no system has so many processes
        dead = runs.open_run(conn, "visit", site_id, gone, NOW)
        elsewhere = runs.open_run(conn, "visit", site_id, "another-host:1:ab", NOW)
        over = open_run(conn, site_id)
        runs.close_run(conn, over, "done", None, NOW)
        assert run_notes.running(conn) == [elsewhere, dead]
        signs = run_notes.signs_of_life(conn, [dead, elsewhere])
    assert {run: sign.dead for run, sign in signs.items()} == {dead: True, elsewhere: False}
    assert signs[dead].at == NOW
