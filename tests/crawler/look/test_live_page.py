"""Runs under way, as a page and as the fragment that replaces a part of it."""

import socket

from models.clock import utc_now
from models.crawl import runs
from models.db.database import Database
from models.db.owners import new_owner
from tests.factories import known_site
from tests.support.look_server import LookServer


def test_a_run_is_seen_under_way_and_then_ended(empty: LookServer) -> None:
    database = Database.open(empty.look.settings["WINNOW_DATABASE_URL"])
    with database.transaction() as conn:
        run_id = runs.open_run(conn, "visit", known_site(conn), new_owner(), utc_now())
    under_way = empty.get("/live/runs").text.partition("Lately ended")
    assert "/site/example" in under_way[0]
    assert "running" in under_way[0]
    with database.transaction() as conn:
        runs.close_run(conn, run_id, "failed", "the disk is full", utc_now())
    database.close()
    ended = empty.get("/live/runs").text.partition("Lately ended")
    assert "/site/example" not in ended[0]
    assert "the disk is full" in ended[2]


def test_a_run_whose_process_is_gone_is_not_said_to_run(empty: LookServer) -> None:
    database = Database.open(empty.look.settings["WINNOW_DATABASE_URL"])
    owner = f"{socket.gethostname()}:{2**22 + 1}:ab"  # no system has so many processes
    with database.transaction() as conn:
        runs.open_run(conn, "visit", known_site(conn), owner, utc_now())
    database.close()
    assert "its process is gone" in empty.get("/live").text


def test_the_fragment_is_a_part_and_the_page_has_the_script(empty: LookServer) -> None:
    assert "<html" not in empty.get("/live/runs").text
    assert '<script type="module" src="/static/live.js">' in empty.get("/live").text
