"""What waits for its upload, by host."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from models.archive import files
from models.archive.captures import CAPTURES
from models.crawl import runs
from models.db.database import Database
from models.monitoring import spools
from models.monitoring.spools import Spool
from tests.factories import NOW, known_site, open_run
from tests.support.archived_pages import archive_page

HOUR = timedelta(hours=1)


def test_files_of_runs_that_are_over_wait(database: Database, tmp_path: Path) -> None:
    archive_page(database, tmp_path, number=1)
    [path] = tmp_path.rglob("*.warc.gz")
    name = path.relative_to(tmp_path).as_posix()
    with database.transaction() as conn:
        [first] = conn.scalars(select(CAPTURES.c.run_id)).all()
        files.opened(conn, name, first, "oak", NOW)
        for number in range(2):
            run_id = open_run(conn, known_site(conn))
            files.opened(conn, f"example/2026/{number}.warc.gz", run_id, "beech", NOW)
            if number:
                runs.close_run(conn, run_id, "aborted", None, NOW + HOUR)
        files.opened(conn, "example/2026/up.warc.gz", 1, "oak", NOW)
        files.stored(conn, "example/2026/up.warc.gz", "s3://bucket", 7, NOW)
    with database.reading() as conn:
        beech, oak = spools.waiting(conn)
    assert beech == Spool("beech", 1, 0, NOW + HOUR)
    assert (oak.host, oak.files, oak.bytes) == ("oak", 1, path.stat().st_size)
    with database.transaction() as conn:
        files.refused(conn, name, "no such bucket")
    with database.reading() as conn:
        _, oak = spools.waiting(conn)
    assert oak.fault == "no such bucket"


def test_a_spool_is_late_sooner_if_the_store_refuses() -> None:
    spool = Spool("oak", 1, 0, NOW)
    assert not spool.is_late(NOW + 23 * HOUR)
    assert spool.is_late(NOW + 25 * HOUR)
    refused = spool._replace(fault="no such bucket")
    assert not refused.is_late(NOW + HOUR / 2)
    assert refused.is_late(NOW + 2 * HOUR)
