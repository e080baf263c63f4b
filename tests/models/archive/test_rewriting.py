"""Records taken out of files of a store, while these are moved too."""

import gzip
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.operations import archive_move
from crawler.operations.archive_move import Archive
from models.archive import files, moving, rewriting
from models.archive.captures import CAPTURES
from models.archive.places import store_at
from models.archive.rewriting import Records, Rewriter
from models.db.database import Database
from models.db.owners import this_host
from models.errors import ArchiveElsewhere, ArchiveError
from tests.factories import NOW
from tests.support.object_storage import S3Server
from tests.support.remote_archive import RemoteArchive

WHOLE = Records(lambda _: True)
NONE = Records(lambda _: False)


@pytest.fixture
def world(sqlite: Database, tmp_path: Path, s3: S3Server) -> RemoteArchive:
    """A local archive of one page."""
    made = RemoteArchive(sqlite, tmp_path / "archive", s3)
    made.pages(1)
    return made


def move(world: RemoteArchive, store: str | None = None) -> None:
    places = world.places._replace(store=store or world.store)
    archive = Archive(places, world.folder)
    done = archive_move.move(world.database, archive, None, lambda _: None, dry_run=False)
    assert not done.failed


def rewriter(world: RemoteArchive, work: Path) -> Rewriter:
    work.mkdir(exist_ok=True)
    return Rewriter(world.database, world.places, work)


def test_a_stored_file_is_replaced_and_keeps_its_length(
    world: RemoteArchive, tmp_path: Path
) -> None:
    [name] = world.names()
    before = world.on_disk()[name]
    move(world)
    blank = rewriter(world, tmp_path / "work").blank
    assert blank(name, NONE).records == 0
    assert world.in_store()[name] == before
    assert blank(name, WHOLE).records == 1
    after = world.in_store()[name]
    assert len(after) == len(before)
    assert b"froze on Monday" in gzip.decompress(before)
    assert b"froze on Monday" not in gzip.decompress(after)
    assert blank(name, WHOLE).records == 0, "as often as it is typed again"
    assert [*(tmp_path / "work").iterdir()] == []
    with pytest.raises(ArchiveError, match=r"digest|response"):
        world.bodies()


def test_what_a_kill_left_elsewhere_goes_too(world: RemoteArchive, tmp_path: Path) -> None:
    [name] = world.names()
    body = world.on_disk()[name]
    blank = rewriter(world, tmp_path / "work").blank
    world.s3.put(world.bucket, f"news/{name}", body)  # an upload without its row
    assert blank(name, WHOLE).records == 1
    assert world.in_store() == {}
    move(world)  # which would meet another file of that name
    former = world.s3.bucket()
    world.s3.put(former, f"news/{name}", body)
    with world.database.transaction() as conn:  # a move that was killed before its last step
        row = files.WARC_FILES.update().values(moved_from=f"s3://{former}/news")
        conn.execute(row)
    (world.folder / name).write_bytes(body)
    blank(name, WHOLE)
    assert world.in_store(former) == world.on_disk() == {}


def test_a_move_that_copied_the_old_bytes_begins_again(
    world: RemoteArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [name] = world.names()
    move(world)
    other, fetch = world.s3.bucket(), moving.fetch
    once = iter([True])

    def slow(*given: object) -> int:
        size = fetch(*given)  # type: ignore[arg-type]
        if next(once, False):
            assert rewriter(world, tmp_path / "work").blank(name, WHOLE).records == 1
        return size

    monkeypatch.setattr(moving, "fetch", slow)
    move(world, f"s3://{other}/news")
    [moved] = world.in_store(other).values()
    assert b"froze on Monday" not in gzip.decompress(moved)
    assert world.in_store() == {}


def test_a_file_that_is_moved_meanwhile_is_followed(
    world: RemoteArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [name] = world.names()
    move(world)
    other, fetch = world.s3.bucket(), rewriting.fetch
    once = iter([True])

    def slow(*given: object) -> int:
        size = fetch(*given)  # type: ignore[arg-type]
        if next(once, False):
            move(world, f"s3://{other}/news")
        return size

    monkeypatch.setattr(rewriting, "fetch", slow)
    assert rewriter(world, tmp_path / "work").blank(name, WHOLE).records == 1
    [moved] = world.in_store(other).values()
    assert b"froze on Monday" not in gzip.decompress(moved)
    assert world.in_store() == {}, "what was put back there went again"


@pytest.mark.parametrize("store", [None, "s3://elsewhere/news"])
def test_what_waits_in_another_spool_is_not_taken_for_gone(
    world: RemoteArchive, tmp_path: Path, store: str | None
) -> None:
    [name] = world.names()
    with world.database.transaction() as conn:
        files.opened(conn, name, 1, this_host(), NOW)
        if store is not None:
            files.stored(conn, name, store, 3, NOW)
    world.folder.rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveElsewhere, match=f"{name} is not in {world.folder}, where"):
        rewriter(world, tmp_path / "work").blank(name, WHOLE)
    with world.database.transaction() as conn:
        files.forget(conn, [name])
    assert rewriter(world, tmp_path / "work").blank(name, WHOLE).records == 0, "a person removed it"


def test_a_file_that_is_missing_in_the_store_holds_nothing(
    world: RemoteArchive, tmp_path: Path
) -> None:
    [name] = world.names()
    move(world)
    store_at(world.store).delete(name)
    archive = rewriter(world, tmp_path / "work")
    assert archive.blank(name, WHOLE).records == 0
    assert archive.missing == [f"{world.store}/{name}"]


def test_a_file_without_a_row_is_looked_for_in_the_store(
    world: RemoteArchive, tmp_path: Path
) -> None:
    """As after a database came back from a backup of before its upload."""
    [name] = world.names()
    move(world)
    with world.database.transaction() as conn:
        files.forget(conn, [name])
        assert conn.scalars(select(CAPTURES.c.warc_file)).all() == [name]
    assert rewriter(world, tmp_path / "work").blank(name, WHOLE).records == 1
    assert b"froze on Monday" not in gzip.decompress(world.in_store()[name])
