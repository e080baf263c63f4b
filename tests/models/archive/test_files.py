"""Which WARC files are on object storage, and which wait in a spool."""

from datetime import timedelta

from sqlalchemy import select

from models.archive import files
from models.archive.files import WARC_FILES, NewPlace, SpooledFile, Whereabouts
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
        assert tuple(row) == (ONE, 7, "beech", "s3://bucket/x", 400, NOW, LATER, None, None, None)


def test_a_file_of_a_local_archive_gets_a_row_when_it_is_moved(database: Database) -> None:
    with database.transaction() as conn:
        files.stored(conn, OLD, "s3://bucket/x", 400, NOW)
        files.moved(conn, [OLD], NOW)
        files.changed(conn, OLD, LATER)
    with database.reading() as conn:
        row = conn.execute(select(WARC_FILES)).one()
        assert tuple(row) == (OLD, None, None, "s3://bucket/x", 400, NOW, NOW, None, LATER, None)
    with database.transaction() as conn:
        files.forget(conn, [OLD, ONE])
        assert files.stores(conn, [OLD]) == {}


def test_a_file_is_moved_unless_it_was_changed_meanwhile(database: Database) -> None:
    with database.transaction() as conn:
        files.opened(conn, ONE, 7, "beech", NOW)
        files.stored(conn, ONE, "s3://old", 400, NOW)
        was = files.find(conn, ONE)
        assert was is not None
        files.changed(conn, ONE, LATER)
    new = NewPlace("s3://new", 400)
    with database.transaction() as conn:
        assert not files.relocate(conn, ONE, was, new, LATER), "records were taken out of it"
        assert files.stores(conn, [ONE]) == {ONE: "s3://old"}
        now = files.find(conn, ONE)
        assert now is not None
        assert files.relocate(conn, ONE, now, new, LATER)
        assert not files.relocate(conn, ONE, now, new, LATER), "another process did"
        files.forget(conn, [TWO])
        found = files.find(conn, ONE)
        assert found == Whereabouts(7, "beech", "s3://new", 400, LATER, "s3://old", LATER)
        files.left(conn, ONE)
        assert files.find(conn, ONE) == found._replace(moved_from=None)


def test_a_file_that_came_to_the_local_folder_has_no_row_at_the_end(database: Database) -> None:
    with database.transaction() as conn:
        files.opened(conn, ONE, 7, "beech", NOW)
        files.stored(conn, ONE, "s3://old", 400, NOW)
        was = files.find(conn, ONE)
        assert was is not None
        assert files.relocate(conn, ONE, was, NewPlace(None, 400), LATER)
        assert files.find(conn, ONE) == Whereabouts(7, None, None, 400, LATER, "s3://old", None)
        assert files.waiting(conn) == []
        files.left(conn, ONE)
        assert files.find(conn, ONE) is None
