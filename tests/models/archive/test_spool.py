"""Files on their way from a host's spool to object storage, with kills at every step."""

import fcntl
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, select

from models.archive import captures, files, spool
from models.archive.captures import CAPTURES, CaptureArchive
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import load
from models.archive.spool import Spool, Waiting, claimed
from models.db.database import Database
from models.errors import ArchiveElsewhere, ArchiveError
from models.items import WarcLocation
from tests.factories import known_site, known_url, make_page, open_run


@dataclass
class World:
    """A spool, a store in memory, and the database."""

    places: ArchivePlaces
    database: Database

    @property
    def spool(self) -> Spool:
        return Spool(self.places, self.database)

    def archive(self, run_id: int) -> CaptureArchive:
        def note(name: str) -> None:
            with self.database.transaction() as conn:
                spool.note_opened(conn, name, run_id)

        return CaptureArchive(self.places.local, run_id, spooled=note)

    def write(self, bodies: int = 3, close: bool = True) -> tuple[CaptureArchive, WarcLocation]:
        """A file with so many captures."""
        with self.database.transaction() as conn:
            site = known_site(conn)
            run_id, url_id = open_run(conn, site), known_url(conn, site)
        archive = self.archive(run_id)
        for number in range(bodies):
            page = make_page(run_id=run_id, url_id=url_id, body=b"body %d" % number)
            place = archive.append(page)
            archive.sync()
            with self.database.transaction() as conn:
                captures.keep(conn, page, place)
        if close:
            archive.close()
        return archive, place

    def bodies(self) -> list[bytes]:
        with self.database.reading() as conn:
            ids = conn.scalars(select(CAPTURES.c.capture_id)).all()
            refs = captures.refs(conn, ids)
        return [load(refs[one], self.places).body for one in ids]

    def local(self) -> list[str]:
        found = self.places.local.rglob("*.warc.gz")
        return sorted(path.relative_to(self.places.local).as_posix() for path in found)

    def stored(self) -> list[str]:
        return list(store_at(self.places.address).names())


@pytest.fixture
def world(tmp_path: Path, sqlite: Database) -> World:
    return World(ArchivePlaces(tmp_path / "spool", f"memory://bucket{tmp_path}"), sqlite)


ALL = [b"body 0", b"body 1", b"body 2"]


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


STEPS: dict[str, tuple[Any, str]] = {
    "put": (Spool, "_put"),
    "stored": (files, "stored"),
    "unlink": (Path, "unlink"),
    "moved": (files, "moved"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_at_any_moment_loses_no_byte_and_the_next_upload_goes_on(
    world: World, tmp_path: Path, step: str, after: bool
) -> None:
    (tmp_path / "bucket").mkdir()
    world.places = world.places._replace(store=f"file://{tmp_path}/bucket")
    _, place = world.write()
    whole = (world.places.local / place.file).read_bytes()
    pid = os.fork()
    if pid == 0:
        _upload_and_be_killed(world, place.file, *STEPS[step], after)
    _, status = os.waitpid(pid, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert world.bodies() == ALL
    for name in world.spool.waiting().here:
        assert world.spool.upload(name)
    assert world.bodies() == ALL
    assert (world.local(), world.stored()) == ([], [place.file])
    assert (tmp_path / "bucket" / place.file).read_bytes() == whole


def _upload_and_be_killed(world: World, name: str, of: Any, step: str, after: bool) -> None:
    """In a process of its own, which gets its kill at the step, or right after it."""
    original: Callable[..., object] = getattr(of, step)

    def killed(*words: object, **more: object) -> None:
        if after:
            original(*words, **more)
            if step in {"stored", "moved"}:
                cast(Connection, words[0]).commit()
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(of, step, killed)
    try:
        Spool(world.places, Database.open(str(world.database.engine.url))).upload(name)
    finally:
        os._exit(1)


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
