"""Files of the archive moved from place to place, killed at each moment, with readers beside."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.operations import archive_move
from crawler.operations.archive_move import Archive, Moved
from models.archive import files, moving
from models.archive.reader import load
from models.archive.spool import Spool
from models.db.database import Database
from models.db.owners import this_host
from models.errors import StoreAway, StoreRefused, UsageError
from tests.factories import NOW, known_site, open_run
from tests.support.object_storage import S3Server
from tests.support.remote_archive import RemoteArchive


class Killed(BaseException):
    """Stands for SIGKILL: nothing catches it, what was done stays."""


@pytest.fixture
def world(database: Database, tmp_path: Path, s3: S3Server) -> RemoteArchive:
    """An archive of three pages in a local folder, on each database."""
    made = RemoteArchive(database, tmp_path / "archive", s3)
    made.pages(1, 2, 3)
    return made


@pytest.fixture
def small(sqlite: Database, tmp_path: Path, s3: S3Server) -> RemoteArchive:
    """An archive of two pages in a local folder."""
    made = RemoteArchive(sqlite, tmp_path / "archive", s3)
    made.pages(1, 2)
    return made


def move(world: RemoteArchive, store: str | None = None, *, dry_run: bool = False) -> Moved:
    """To the store if not told; '' is the local folder."""
    places = world.local if store == "" else world.places._replace(store=store or world.store)
    archive = Archive(places, world.folder)
    return archive_move.move(world.database, archive, None, lambda _: None, dry_run=dry_run)


def test_files_go_to_a_store_to_another_and_back(world: RemoteArchive) -> None:
    before, bodies = world.on_disk(), world.bodies()
    size = sum(map(len, before.values()))
    said = move(world, dry_run=True)
    assert (said.moved, said.bytes, said.finished) == (3, size, 0)
    assert world.on_disk() == before and world.in_store() == {}

    done = move(world)
    assert (done.moved, done.bytes, done.failed) == (3, size, {})
    assert world.in_store() == before and world.on_disk() == {}
    assert world.bodies() == bodies
    assert (move(world).moved, move(world).here) == (0, 3)

    other = world.s3.bucket()
    assert move(world, f"s3://{other}/news").moved == 3
    assert world.in_store(other) == before and world.in_store() == {}
    assert world.bodies() == bodies

    assert move(world, "").moved == 3
    assert world.on_disk() == before and world.in_store(other) == {}
    assert world.bodies(world.local) == bodies
    with world.database.reading() as conn:
        assert files.find_all(conn, [*before]) == {}, "as if they had never been away"
    assert move(world, "").here == 3


def step_of(call: str) -> tuple[Any, str]:
    """What a move does, by name: the object and its function."""
    owner, _, name = call.rpartition(".")
    return {"files": files, "moving": moving, "os": os}[owner], name


KILLS = ["files.stored", "files.relocate", "files.left", "files.moved", "files.forget",
         "moving._remove", "moving.fetch", "moving.store_at"]  # fmt: skip


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", KILLS)
def test_a_killed_move_goes_on_and_loses_nothing(
    small: RemoteArchive, call: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, bodies, other = small.on_disk(), small.bodies(), small.s3.bucket()
    ways = [small.store, f"s3://{other}/news", ""]
    killed = 0
    for way in ways:
        owner, name = step_of(call)
        function = getattr(owner, name)
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, _killing(function, after=after))
            try:
                move(small, way)
            except Killed:
                killed += 1
        now = small.local if way == "" else small.places._replace(store=way)
        assert small.bodies(now) == bodies, "a reader finds each of them"
        done = move(small, way)
        assert (done.failed, done.missing) == ({}, 0)
        assert small.bodies(now) == bodies
        assert move(small, way).here == 2
        places = {
            small.store: small.in_store(),
            ways[1]: small.in_store(other),
            "": small.on_disk(),
        }
        assert places.pop(way) == before
        assert list(places.values()) == [{}, {}], "nothing is left behind"
    assert killed > 0


def _killing(function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """Kills at the second call, in the middle of the work."""
    calls = iter(range(2))

    def call(*given: Any, **named: Any) -> Any:
        is_last = next(calls, 1) == 1
        if is_last and not after:
            raise Killed
        found = function(*given, **named)
        if is_last:
            raise Killed
        return found

    return call


def test_a_file_that_a_run_writes_is_left_and_counted(small: RemoteArchive) -> None:
    with small.database.transaction() as conn:
        run_id = open_run(conn, known_site(conn))
        files.opened(conn, "example/2026/live.warc.gz", run_id, this_host(), NOW)
    (small.folder / "example/2026/live.warc.gz").write_bytes(b"half a record")
    done = move(small)
    assert (done.moved, done.live, done.unknown) == (2, 1, 0)
    assert [*small.on_disk()] == ["example/2026/live.warc.gz"]


def test_what_this_database_does_not_know_is_left_alone(small: RemoteArchive) -> None:
    other = small.folder / "other/2026/run-000001-00001.warc.gz"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"of another database")
    done = move(small)
    assert (done.moved, done.unknown) == (2, 1)
    assert other.read_bytes() == b"of another database"


def test_a_file_in_another_hosts_spool_is_named_by_its_host(small: RemoteArchive) -> None:
    with small.database.transaction() as conn:
        files.opened(conn, "example/2026/far.warc.gz", 1, "beech", NOW)
    done = move(small)
    assert (done.moved, done.elsewhere, done.missing) == (2, {"beech": 1}, 0)


def test_a_recreated_container_moves_what_the_one_before_left(small: RemoteArchive) -> None:
    """Its spool is a volume; its host has a new name."""
    [one, two] = small.names()
    with small.database.transaction() as conn:
        for name in (one, two):
            files.opened(conn, name, 1, "container-before", NOW)
    assert move(small).moved == 2
    assert [*small.in_store()] == [one, two]


def test_what_a_container_uploaded_and_could_not_note_is_noted_by_the_next(
    small: RemoteArchive,
) -> None:
    """Else its files would for ever be said to be in the spool of a host that is no more."""
    (small.folder / ".spool-host").write_text("container-before")
    move(small)
    with small.database.transaction() as conn:
        conn.execute(files.WARC_FILES.update().values(moved_at=None, host="container-before"))
    with small.database.reading() as conn:
        assert len(files.waiting(conn)) == 2
    assert Spool(small.places, small.database).waiting().missing == ()
    with small.database.reading() as conn:
        assert files.waiting(conn) == []


def test_one_fault_costs_one_file(small: RemoteArchive) -> None:
    one, _ = small.names()
    with small.s3.failing(rf"PUT /{small.bucket}/news/{one}", "503"):
        done = move(small)
    assert [*done.failed] == [one]
    assert "reduce your request rate" in done.failed[one]
    assert (done.moved, done.stopped) == (1, False)
    assert [*small.on_disk()] == [one]
    assert move(small).moved == 1


def test_a_store_that_stays_away_ends_the_command(
    world: RemoteArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_move, "GIVES_UP", 2)
    with world.s3.failing(rf"PUT /{world.bucket}/.*warc.gz", "503"):
        done = move(world)
    assert (len(done.failed), done.stopped) == (2, True)


def test_nothing_is_moved_onto_itself_by_another_spelling(small: RemoteArchive) -> None:
    bodies = small.bodies()
    move(small)
    with pytest.raises(UsageError, match="are one place; nothing was moved"):
        move(small, small.store.replace("s3://", "s3a://"))
    assert len(small.in_store()) == 2
    assert {n: load(ref, small.places).body for n, ref in small.refs().items()} == bodies


def test_a_store_that_refuses_is_told_at_once(small: RemoteArchive) -> None:
    with pytest.raises(StoreRefused, match="there is no bucket"):
        move(small, "s3://no-such-bucket-of-ours/news")
    with small.s3.failing(f"/{small.bucket}", "403"), pytest.raises(StoreRefused):
        move(small)
    with small.s3.failing(f"/{small.bucket}", "503"), pytest.raises(StoreAway):
        move(small)
    assert len(small.on_disk()) == 2


def test_a_reader_follows_a_file_that_is_moved_after_it_asked_where_it_is(
    small: RemoteArchive,
) -> None:
    bodies = small.bodies()
    other = f"s3://{small.s3.bucket()}/news"
    before = small.refs()
    for store in (small.store, other, ""):
        move(small, store)
        places = small.local if store == "" else small.places._replace(store=store)
        assert {n: load(ref, places).body for n, ref in before.items()} == bodies, store
        before = small.refs()
