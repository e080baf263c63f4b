"""A lease given back and an outcome written are one; when a URL comes again follows from both."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.crawl import frontier
from models.crawl.run import Run
from models.db.database import Database
from models.outcomes import MAX_ATTEMPTS, Outcome, retry_after
from models.scheduling.record_outcome import UnchangedPage, record_outcome, record_unchanged
from models.scheduling.run_lifecycle import begin
from tests.factories import NOW, known_url, make_site

LATER = NOW + timedelta(hours=1)


def run_with_a_page(database: Database, kind: str = "discover") -> tuple[Run, int]:
    with database.transaction() as conn:
        run = begin(conn, make_site(), kind, "ours:1:ab", NOW)
        url_id = known_url(conn, run.site_id)
        frontier.claim_these(conn, [url_id], run.owner, LATER, NOW)
        return run, url_id


def row_of(database: Database, url_id: int) -> Any:
    with database.reading() as conn:
        return frontier.get(conn, url_id)


def outcomes(database: Database) -> list[Any]:
    with database.reading() as conn:
        query = "select url_id, outcome, reason, http_status from outcomes"
        return [tuple(row) for row in conn.execute(text(query))]


def test_an_outcome_ends_the_lease_and_is_the_run_s(sqlite: Database) -> None:
    run, url_id = run_with_a_page(sqlite)
    with sqlite.transaction() as conn:
        assert record_outcome(
            conn, run, url_id, Outcome.NOT_ARTICLE, NOW, reason="a list", http_status=200,
            fetched_at=NOW, canonical_url="https://example.test/c",
        )  # fmt: skip
    row = row_of(sqlite, url_id)
    assert (row.owner, row.state, row.fetched_at) == (None, "done", NOW)
    assert row.canonical_url == "https://example.test/c"
    assert outcomes(sqlite) == [(url_id, "not_article", "a list", 200)]


def test_what_this_machine_could_not_do_costs_no_attempt_and_is_due_at_once(
    sqlite: Database,
) -> None:
    run, url_id = run_with_a_page(sqlite)
    with sqlite.transaction() as conn:
        assert record_outcome(
            conn, run, url_id, Outcome.DATABASE_ERROR, NOW, fetched_at=NOW, at_once=True
        )
    row = row_of(sqlite, url_id)
    assert (row.state, row.attempts, row.not_before, row.fetched_at) == ("found", 0, NOW, NOW)
    assert (row.outcome, row.owner) == ("database_error", None)


def test_an_archived_copy_that_this_machine_could_not_read_changes_nothing_of_its_page(
    sqlite: Database,
) -> None:
    """A re-extraction asks no site: it must make no article due, nor seem to be a fetch."""
    run, url_id = run_with_a_page(sqlite)
    with sqlite.transaction() as conn:
        record_outcome(conn, run, url_id, Outcome.STORED, NOW, fetched_at=NOW)
    before = row_of(sqlite, url_id)
    with sqlite.transaction() as conn:
        reextract = begin(conn, make_site(), "reextract", "mine:1:ef", NOW)
        frontier.claim_these(conn, [url_id], reextract.owner, LATER, NOW)
        assert record_outcome(
            conn, reextract, url_id, Outcome.DATABASE_ERROR, NOW + timedelta(minutes=1),
            fetched_at=NOW - timedelta(days=9), at_once=True,
        )  # fmt: skip
    assert row_of(sqlite, url_id) == before


def test_what_another_run_holds_by_now_gets_no_outcome(sqlite: Database) -> None:
    run, url_id = run_with_a_page(sqlite)
    with sqlite.transaction() as conn:
        frontier.release(conn, run.owner)
        frontier.claim_these(conn, [url_id], "theirs:1:cd", LATER, NOW)
        assert not record_outcome(conn, run, url_id, Outcome.STORED, NOW)
    assert outcomes(sqlite) == []
    assert row_of(sqlite, url_id).owner == "theirs:1:cd"


@pytest.mark.parametrize("attempts", [0, 3, MAX_ATTEMPTS - 2])
def test_a_passing_failure_comes_again_after_a_while(sqlite: Database, attempts: int) -> None:
    run, url_id = run_with_a_page(sqlite)
    with sqlite.transaction() as conn:
        record_outcome(conn, run, url_id, Outcome.TIMEOUT, NOW, attempts=attempts)
    row = row_of(sqlite, url_id)
    assert (row.attempts, row.not_before) == (1, NOW + retry_after(attempts))


def test_a_host_left_alone_costs_a_page_ten_minutes_and_no_attempt(sqlite: Database) -> None:
    run, url_id = run_with_a_page(sqlite)
    with sqlite.transaction() as conn:
        record_outcome(conn, run, url_id, Outcome.HTTP_ERROR, NOW, attempts=4, asked=False)
    row = row_of(sqlite, url_id)
    assert (row.attempts, row.not_before) == (0, NOW + retry_after(0))


def test_what_an_archived_copy_says_changes_no_time(sqlite: Database) -> None:
    run, url_id = run_with_a_page(sqlite, "reextract")
    with sqlite.transaction() as conn:
        record_outcome(conn, run, url_id, Outcome.NO_CONTENT, NOW, fetched_at=NOW)
    row = row_of(sqlite, url_id)
    assert (row.state, row.not_before, row.fetched_at) == ("found", None, None)
    assert outcomes(sqlite) == [(url_id, "no_content", None, None)]


def test_unchanged_pages_are_recorded_at_once_but_for_those_of_others(sqlite: Database) -> None:
    run, url_id = run_with_a_page(sqlite, "reextract")
    with sqlite.transaction() as conn:
        other = known_url(conn, run.site_id, "https://example.test/2")
        pages = [UnchangedPage(n, 200, NOW, "as it did") for n in (url_id, other)]
        record_unchanged(conn, run, pages)
    assert outcomes(sqlite) == [(url_id, "unchanged", "as it did", 200)]
    assert row_of(sqlite, url_id).owner is None
