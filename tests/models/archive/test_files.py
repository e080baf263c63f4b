"""Which WARC files are on object storage, and which wait in a spool."""

from datetime import timedelta

from sqlalchemy import select

from models.archive import files
from models.archive.files import WARC_FILES, SpooledFile
from models.db.database import Database
from tests.factories import NOW

ONE, TWO, OLD = (f"paper/2026/run-000001-0000{n}-0a1b2c.warc.gz" for n in (1, 2, 3))
LATER = NOW + timedelta(minutes=1)


def test_a_file_waits_in_its_spool_until_it_is_moved(database: Database) -> None:
    with database.transaction() as conn:
        files.opened(conn, ONE, 7, "beech", NOW)
        files.opened(conn, TWO, 8, "oak", NOW)
    with database.reading() as conn:
        assert files.waiting(conn) == [
            SpooledFile(ONE, 7, "beech", NOW),
            SpooledFile(TWO, 8, "oak", NOW),
        ]
    with database.transaction() as conn:
        for _ in range(2):  # as after a kill
            files.stored(conn, ONE, "s3://bucket/x", 400, LATER)
    with database.reading() as conn:
        assert files.waiting(conn) == [  # its local copy may be there
            SpooledFile(ONE, 7, "beech", NOW, "s3://bucket/x"),
            SpooledFile(TWO, 8, "oak", NOW),
        ]
    with database.transaction() as conn:
        files.moved(conn, [ONE], LATER)
    with database.reading() as conn:
        assert files.waiting(conn) == [SpooledFile(TWO, 8, "oak", NOW)]
        assert files.stores(conn, [ONE, TWO, OLD]) == {ONE: "s3://bucket/x", TWO: None}
        row = conn.execute(select(WARC_FILES).where(WARC_FILES.c.warc_file == ONE)).one()
        assert tuple(row) == (ONE, 7, "beech", "s3://bucket/x", 400, NOW, LATER)


def test_a_file_of_a_local_archive_gets_a_row_when_it_is_moved(database: Database) -> None:
    with database.transaction() as conn:
        files.stored(conn, OLD, "s3://bucket/x", 400, NOW)
        files.moved(conn, [OLD], NOW)
        files.resized(conn, OLD, 300)
    with database.reading() as conn:
        row = conn.execute(select(WARC_FILES)).one()
        assert tuple(row) == (OLD, None, None, "s3://bucket/x", 300, NOW, NOW)
    with database.transaction() as conn:
        files.forget(conn, [OLD, ONE])
        assert files.stores(conn, [OLD]) == {}
