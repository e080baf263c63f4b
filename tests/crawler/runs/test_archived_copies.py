"""A page that was archived and not read is read from its archived copy, and from no other."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.runs.archived_copies import archived_copies
from models.archive import captures
from models.archive.captures import CaptureArchive
from models.crawl import frontier
from models.db.database import Database
from models.items import Page
from models.outcomes import OURS, Outcome
from models.scheduling.record_outcome import record_outcome
from models.scheduling.run_lifecycle import LEASE, begin
from tests.factories import NOW, known_url, make_page, make_site


def found(
    database: Database, folder: Path, outcome: Outcome, *, copied: timedelta | None
) -> list[Page]:
    """What a second run reads of a page whose newest copy is that much older than its failure."""
    with database.transaction() as conn:
        run = begin(conn, make_site(), "discover", "ours:1:ab", NOW)
        url_id = known_url(conn, run.site_id, "https://example.test/a")
        frontier.claim_these(conn, [url_id], run.owner, NOW + LEASE, NOW)
        page = make_page(url_id=url_id, run_id=run.run_id, fetched_at=NOW)
        if copied is not None:
            archive = CaptureArchive(folder, run.run_id)
            older = replace(page, fetched_at=NOW - copied)
            captures.keep(conn, older, archive.append(older))
            archive.close()
        record_outcome(conn, run, url_id, outcome, NOW, fetched_at=page.fetched_at, at_once=True)
        leases = frontier.claim(conn, run.site_id, "other:2:cd", 10, NOW + LEASE, NOW)
        assert [lease.url_id for lease in leases] == [url_id]  # due at once, as it cost no attempt
        assert leases[0].attempts == 0
        return list(archived_copies(conn, run, leases, NOW).values())


def test_the_copy_of_the_last_fetch_is_read(database: Database, tmp_path: Path) -> None:
    for outcome in sorted(OURS)[:1]:
        (page,) = found(database, tmp_path, outcome, copied=timedelta(0))
        assert page.archived is not None
        assert (page.url, page.fetched_at) == ("https://example.test/a", NOW)


def test_an_older_copy_is_not_what_failed(sqlite: Database, tmp_path: Path) -> None:
    assert found(sqlite, tmp_path, Outcome.DATABASE_ERROR, copied=timedelta(hours=1)) == []


def test_what_was_never_archived_is_fetched(sqlite: Database, tmp_path: Path) -> None:
    assert found(sqlite, tmp_path, Outcome.EXTRACT_CRASH, copied=None) == []


def test_a_site_that_failed_is_asked_again(sqlite: Database, tmp_path: Path) -> None:
    assert found(sqlite, tmp_path, Outcome.HTTP_ERROR, copied=timedelta(0)) == []


@pytest.mark.parametrize(
    ("age", "read"),
    [
        (timedelta(minutes=1), True),
        (timedelta(hours=23), True),
        (timedelta(days=1), False),  # by now the site has a newer one
    ],
)
def test_what_a_killed_run_archived_is_read_by_the_next(
    sqlite: Database, tmp_path: Path, age: timedelta, read: bool
) -> None:
    with sqlite.transaction() as conn:
        run = begin(conn, make_site(), "discover", "ours:1:ab", NOW - age)
        url_id = known_url(conn, run.site_id, "https://example.test/a")
        archive = CaptureArchive(tmp_path, run.run_id)
        page = make_page(url_id=url_id, run_id=run.run_id, fetched_at=NOW - age)
        captures.keep(conn, page, archive.append(page))
        archive.close()
        leases = frontier.claim(conn, run.site_id, "other:2:cd", 10, NOW + LEASE, NOW)
        copies = archived_copies(conn, run, leases, NOW)
    assert list(copies) == ([url_id] if read else [])
