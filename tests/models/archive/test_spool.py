"""Files on their way from a host's spool to object storage, with kills at every step."""

import fcntl
import os
from pathlib import Path
from typing import IO

import pytest

from models.archive import captures, reader, spool
from models.archive.captures import CaptureArchive
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import load
from models.archive.spool import Waiting, claimed
from models.db.database import Database
from models.errors import ArchiveElsewhere, ArchiveError
from tests.factories import make_page
from tests.support.spool_world import ALL, World


@pytest.fixture
def world(tmp_path: Path, sqlite: Database) -> World:
    return World(ArchivePlaces(tmp_path / "spool", f"memory://bucket{tmp_path}"), sqlite)


def test_a_file_goes_from_the_spool_to_the_store_and_is_read_there(world: World) -> None:
    _, place = world.write()
    assert place.file.startswith("example/20") and place.file.endswith(".warc.gz")
    assert world.spool.waiting() == Waiting((place.file,), ())
    assert world.bodies() == ALL
    assert world.spool.upload(place.file) is True
    assert (world.local(), world.stored()) == ([], [place.file])
    assert world.bodies() == ALL
    assert world.spool.waiting() == Waiting((), ())
    assert world.spool.upload(place.file) is False


def test_a_file_that_is_written_is_left_alone(world: World) -> None:
    archive, place = world.write(close=False)
    assert world.spool.upload(place.file) is False
    assert world.local() == [place.file]
    archive.close()
    assert archive.take_closed() == [place.file]
    assert archive.take_closed() == []
    assert world.spool.upload(place.file) is True


def test_one_of_two_processes_uploads_a_file(world: World) -> None:
    _, place = world.write()
    with claimed(world.places.local / place.file) as ours:
        assert ours
        assert world.spool.upload(place.file) is False
        with claimed(world.places.local / place.file) as also_ours:
            assert not also_ours
    with claimed(world.places.local / "gone") as ours:
        assert not ours


def test_what_a_killed_run_left_unfinished_is_cut_off_before_the_upload(world: World) -> None:
    _, place = world.write()
    path = world.places.local / place.file
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:100])
    world.spool.upload(place.file)
    store = store_at(world.places.address)
    assert store.size(place.file) == len(whole)
    assert world.bodies() == ALL


def test_a_file_in_which_no_record_was_finished_goes(world: World) -> None:
    archive = world.archive(7)
    place = archive.append(make_page())
    archive.close()
    path = world.places.local / place.file
    path.write_bytes(path.read_bytes()[:20])
    assert world.spool.upload(place.file) is True
    assert (world.local(), world.stored()) == ([], [])
    assert world.spool.waiting() == Waiting((), ())


def test_a_file_that_was_lost_is_said(world: World) -> None:
    _, place = world.write()
    (world.places.local / place.file).unlink()
    assert world.spool.waiting() == Waiting((), (place.file,))
    with pytest.raises(ArchiveError, match="not there, and it was not uploaded"):
        world.bodies()


def test_a_file_in_the_spool_of_another_host_is_said_with_its_name(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(spool, "this_host", lambda: "beech")
    _, place = world.write()
    here = World(world.places._replace(local=tmp_path / "other"), world.database)
    monkeypatch.setattr(spool, "this_host", lambda: "oak")
    assert here.spool.waiting() == Waiting((), ())
    with pytest.raises(ArchiveElsewhere, match=f"{place.file} is still in the spool of beech; run"):
        here.bodies()
    world.spool.upload(place.file)
    assert here.bodies() == ALL


def test_a_capture_that_was_uploaded_since_it_was_looked_up_is_found(world: World) -> None:
    _, place = world.write(1)
    with world.database.reading() as conn:
        (ref,) = captures.refs(conn, [1]).values()
    assert ref.location.store is None
    world.spool.upload(place.file)
    assert load(ref, world.places).body == b"body 0"


def test_the_lock_of_a_file_goes_with_its_process(world: World) -> None:
    _, place = world.write()
    path = world.places.local / place.file
    child = os.fork()
    if child == 0:
        file = path.open("rb")
        fcntl.flock(file, fcntl.LOCK_EX)
        os._exit(0)
    os.waitpid(child, 0)
    assert world.spool.upload(place.file) is True


def test_names_of_two_databases_in_one_bucket_differ(world: World, tmp_path: Path) -> None:
    names = set()
    for number in range(3):
        archive = CaptureArchive(tmp_path / str(number), 1, spooled=names.add)
        archive.append(make_page())
        archive.close()
    assert len(names) == 3


def test_a_file_whose_row_cannot_be_written_is_not_left(tmp_path: Path) -> None:
    def refuse(name: str) -> None:
        raise RuntimeError(name)

    archive = CaptureArchive(tmp_path, 1, spooled=refuse)
    with pytest.raises(RuntimeError):
        archive.append(make_page())
    assert list(tmp_path.rglob("*.gz")) == []


def test_a_file_that_another_process_uploaded_just_now_is_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, place = world.write()
    lock = spool.lock

    def late(file: IO[bytes]) -> None:
        (world.places.local / place.file).unlink()  # opened, and then it was gone
        lock(file)

    monkeypatch.setattr(spool, "lock", late)
    assert world.spool.upload(place.file) is False


def test_an_object_that_was_lost_before_its_local_copy_went_is_stored_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, place = world.write()
    with monkeypatch.context() as patched:
        patched.setattr(spool, "sync_folder", lambda folder: 1 / 0)
        patched.setattr(Path, "unlink", lambda path: None)
        with pytest.raises(ZeroDivisionError):
            world.spool.upload(place.file)
    store_at(world.places.address).delete(place.file)
    assert world.spool.upload(place.file) is True
    assert world.bodies() == ALL
    assert world.stored() == [place.file]


def test_a_file_that_is_uploaded_while_it_is_read_is_read_in_the_store(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, place = world.write()

    def gone(path: Path, offset: int, length: int) -> bytes:
        if path.exists():
            world.spool.upload(place.file)
        raise ArchiveError(f"{path}: no such file ({offset}, {length})")

    monkeypatch.setattr(reader, "read_member", gone)
    assert world.bodies() == ALL
