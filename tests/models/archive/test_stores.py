"""Stores of WARC files: a folder and object storage do the same."""

import errno
import fcntl
from pathlib import Path
from threading import Event, Thread
from typing import IO

import pytest

from models.archive import stores
from models.archive.places import store_at
from models.archive.stores import (
    FolderStore,
    Store,
    is_remote,
    require_no_secret,
    safe_name,
    without_secret,
)
from models.errors import ArchiveError, UsageError

NAME = "paper/2026/run-000001-00001.warc.gz"


@pytest.fixture(params=["folder", "memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    places = {
        "folder": str(tmp_path / "there"),
        "memory": f"memory://archive{tmp_path}",
        "file": f"file://{tmp_path}/there",
    }
    (tmp_path / "there").mkdir()
    return store_at(places[request.param])


def local(folder: Path, content: bytes) -> Path:
    path = folder / "local.warc.gz"
    path.write_bytes(content)
    return path


def test_a_file_is_stored_and_read_in_ranges(store: Store, tmp_path: Path) -> None:
    store.check()
    assert store.size(NAME) is None
    store.put(NAME, local(tmp_path, b"0123456789"))
    assert store.size(NAME) == 10
    assert store.read_range(NAME, 3, 4) == b"3456"
    assert store.read_range(NAME, 0, 10) == b"0123456789"
    assert list(store.names()) == list(store.names("paper")) == [NAME]
    assert list(store.names("other")) == []


def test_a_file_that_is_stored_twice_is_stored_once(store: Store, tmp_path: Path) -> None:
    for _ in range(2):  # the second time: a kill came before its row was written
        store.put(NAME, local(tmp_path, b"0123456789"))
    assert list(store.names()) == [NAME]


@pytest.mark.parametrize("other", [b"01234567", b"01234x6789", b""])
def test_another_file_of_the_name_is_never_overwritten(
    store: Store, tmp_path: Path, other: bytes
) -> None:
    store.put(NAME, local(tmp_path, b"0123456789"))
    with pytest.raises(ArchiveError, match="holds something else"):
        store.put(NAME, local(tmp_path, other))
    assert store.read_range(NAME, 0, 10) == b"0123456789"


def test_a_file_is_replaced_and_deleted(store: Store, tmp_path: Path) -> None:
    store.put(NAME, local(tmp_path, b"0123456789"))
    store.replace(NAME, local(tmp_path, b"abc"))
    assert (store.size(NAME), store.read_range(NAME, 0, 3)) == (3, b"abc")
    for _ in range(2):
        store.delete(NAME)
        assert store.size(NAME) is None
    with pytest.raises(ArchiveError, match=r"paper/2026/run-000001-00001\.warc\.gz"):
        store.read_range(NAME, 0, 3)


def test_a_range_past_the_end_is_an_error(store: Store, tmp_path: Path) -> None:
    store.put(NAME, local(tmp_path, b"0123456789"))
    for offset, length in ((8, 4), (10, 1), (20, 4)):
        with pytest.raises(ArchiveError, match=f"at {offset}: cut"):
            store.read_range(NAME, offset, length)


def test_nothing_is_left_beside_what_was_stored(tmp_path: Path) -> None:
    store = store_at(str(tmp_path / "there"))
    store.put(NAME, local(tmp_path, b"0123456789"))
    store.replace(NAME, local(tmp_path, b"abc"))
    assert [path.name for path in (tmp_path / "there").rglob("*.gz*")] == [Path(NAME).name]


def test_nothing_is_left_of_a_copy_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path / "there")
    store.put(NAME, local(tmp_path, b"0123456789"))

    def half(source: IO[bytes], copy: IO[bytes], piece: int) -> None:
        copy.write(source.read(5))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(stores, "copyfileobj", half)
    for call in (store.put, store.replace):
        with pytest.raises(OSError, match="No space"):
            call(NAME, tmp_path / "local.warc.gz")
    assert [path.name for path in (tmp_path / "there").rglob("*.gz*")] == [Path(NAME).name]
    assert store.read_range(NAME, 0, 10) == b"0123456789"


def test_what_a_killed_process_left_goes_with_the_next_file_that_is_stored(tmp_path: Path) -> None:
    home = tmp_path / "there"
    left = home / "other" / "2025" / "run-000001-00001.warc.gz.arriving-4711"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"of a page that was erased since")
    FolderStore(home).put(NAME, local(tmp_path, b"0123456789"))
    assert [path for path in home.rglob("*") if path.is_file()] == [home / NAME]


def test_what_another_process_copies_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, copy_file = tmp_path / "there", stores.copyfileobj
    begun, go_on = Event(), Event()

    def slow(source: IO[bytes], copy: IO[bytes], piece: int) -> None:
        begun.set()
        go_on.wait(60)
        copy_file(source, copy, piece)

    path = local(tmp_path, b"0123456789")
    monkeypatch.setattr(stores, "copyfileobj", slow)
    other = Thread(target=FolderStore(home).put, args=(NAME, path))
    other.start()
    assert begun.wait(60)
    monkeypatch.setattr(stores, "copyfileobj", copy_file)
    FolderStore(home).put("paper/2026/run-000002-00001.warc.gz", path)
    go_on.set()
    other.join()
    assert FolderStore(home).read_range(NAME, 0, 10) == b"0123456789"


def test_a_copy_that_was_cleared_away_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, lock = tmp_path / "there", fcntl.flock
    seen: list[Path] = []

    def late(file: IO[bytes], how: int) -> None:
        if not seen:
            seen.extend(home.rglob("*.arriving-*"))
            seen[0].unlink()
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", late)
    FolderStore(home).put(NAME, local(tmp_path, b"0123456789"))
    assert len(seen) == 1
    assert [path.name for path in home.rglob("*.gz*")] == [Path(NAME).name]


def test_a_name_cannot_lead_out_of_the_archive(store: Store) -> None:
    assert safe_name(NAME) == NAME
    for name in ("../x", "/etc/passwd", "a/../../x", ""):
        with pytest.raises(ArchiveError, match="outside"):
            store.size(name)


def test_an_address_is_told_by_its_scheme() -> None:
    assert all(map(is_remote, ("s3://b", "gs://b/p", "S3://b", "memory://", "file:///x")))
    assert not any(map(is_remote, ("archive", "/a/b", "C:/a", "s3:/b", "//server/x")))


def test_a_password_in_an_address_is_refused_and_never_printed() -> None:
    for address in ("s3://key:secret@bucket/prefix", "ftp://a:secret@host/", "s3://b?key=secret"):
        assert "secret" not in without_secret(address)
        with pytest.raises(UsageError) as refused:
            require_no_secret(address)
        assert "secret" not in str(refused.value)
    require_no_secret("abfs://container@account.dfs.core.windows.net/winnow")
    require_no_secret("/home/a:b@c/archive")
