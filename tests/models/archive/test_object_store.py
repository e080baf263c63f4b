"""Object storage, as an S3 server of our own answers: whole, cut, slow, or with a refusal."""

import gc
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread

import pytest

from models.archive import object_store
from models.archive.places import store_at
from models.errors import ArchiveError, StoreAway, StoreFault, StoreRefused
from tests.support.object_storage import S3Server

NAME = "paper/2026/run-000001-00001.warc.gz"
CONTENT = bytes(range(256)) * 40


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a server of our own for a minute."""
    monkeypatch.setattr(object_store, "_READ", 0.3)
    monkeypatch.setattr(object_store, "_CALL", 2.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "local.warc.gz"
    path.write_bytes(CONTENT)
    return path


def test_a_bucket_does_all_that_a_store_does(s3: S3Server, path: Path) -> None:
    bucket = s3.bucket()
    store = store_at(f"s3://{bucket}/deep/prefix/")
    store.check()
    assert (store.size(NAME), list(store.names())) == (None, [])
    store.put(NAME, path)
    store.put(NAME, path)
    assert s3.objects(bucket) == {f"deep/prefix/{NAME}": CONTENT}
    assert [asked for asked in s3.requests if asked.startswith("PUT")] == [
        f"PUT /{bucket}/deep/prefix/{NAME}"
    ]
    s3.requests.clear()
    assert store.read_range(NAME, 256, 512) == CONTENT[256:768]
    assert s3.requests == [f"GET /{bucket}/deep/prefix/{NAME}"]
    assert list(store.names("paper")) == [NAME]
    path.write_bytes(CONTENT[::-1])
    with pytest.raises(ArchiveError, match="holds something else"):
        store.put(NAME, path)
    store.replace(NAME, path)
    assert s3.objects(bucket) == {f"deep/prefix/{NAME}": CONTENT[::-1]}
    with pytest.raises(ArchiveError, match=f"at {len(CONTENT)}: cut"):
        store.read_range(NAME, len(CONTENT), 4)
    with pytest.raises(ArchiveError, match="at 4: cut"):
        store.read_range(NAME, 4, len(CONTENT))
    store.delete(NAME)
    store.delete(NAME)
    assert s3.objects(bucket) == {}


def test_a_scheme_may_be_written_in_capitals(s3: S3Server, path: Path) -> None:
    bucket = s3.bucket()
    object_store.ObjectStore(f"S3://{bucket}/x").put(NAME, path)
    assert s3.objects(bucket) == {f"x/{NAME}": CONTENT}


def test_a_large_file_goes_in_parts(
    s3: S3Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "_PART", 5 << 20)  # S3 takes no smaller ones
    bucket = s3.bucket()
    path.write_bytes(CONTENT * 1100)
    store_at(f"s3://{bucket}/x").put(NAME, path)
    assert s3.objects(bucket) == {f"x/{NAME}": CONTENT * 1100}
    assert sum("partNumber=" in asked for asked in s3.requests) == 3


def test_another_database_that_is_first_by_a_moment_keeps_its_file(
    s3: S3Server, path: Path, tmp_path: Path
) -> None:
    bucket = s3.bucket()
    other = tmp_path / "other"
    other.write_bytes(b"another database's")
    store = object_store.ObjectStore(f"s3://{bucket}/x")
    sizes = iter([None])

    class First(object_store.ObjectStore):
        def size(self, name: str) -> int | None:
            found = next(sizes, -1)
            if found is None:
                store.put(name, other)  # between the look and the upload
                return None
            return super().size(name)

    with pytest.raises(ArchiveError, match="holds something else"):
        First(f"s3://{bucket}/x").put(NAME, path)
    assert s3.objects(bucket) == {f"x/{NAME}": b"another database's"}


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", ["503", "cut", "hang"])
def test_a_read_that_fails_is_tried_again_and_then_given_up(
    s3: S3Server, path: Path, kind: str
) -> None:
    bucket = s3.bucket()
    store = object_store.ObjectStore(f"s3://{bucket}/x")
    store.put(NAME, path)
    with s3.failing("^GET .*warc.gz", kind, times=1):
        assert store.read_range(NAME, 0, 300) == CONTENT[:300]
    with s3.failing("^GET .*warc.gz", kind) as fault, pytest.raises(StoreAway) as away:
        store.read_range(NAME, 0, 300)
    assert 1 < fault.met < 10
    assert str(away.value).startswith(f"the archive s3://{bucket}/x does not answer as it should:")
    assert "\n" not in str(away.value)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("kind", ["503", "cut upload", "hang"])
def test_an_upload_that_fails_is_tried_again_and_then_given_up(
    s3: S3Server, path: Path, kind: str
) -> None:
    bucket = s3.bucket()
    store = object_store.ObjectStore(f"s3://{bucket}/x")
    with s3.failing("^PUT .*warc.gz", kind), pytest.raises(StoreAway):
        store.put(NAME, path)
    assert s3.objects(bucket) == {}
    with s3.failing("^PUT .*warc.gz", kind, times=1):
        store.put(NAME, path)
    assert s3.objects(bucket) == {f"x/{NAME}": CONTENT}


@pytest.mark.usefixtures("hurried", "s3")
def test_a_connection_that_is_cut_at_once_is_told_once(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import s3fs

    with socket.create_server(("127.0.0.1", 0)) as server:
        cutting = Thread(target=_cut_all, args=(server,))
        cutting.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.getsockname()[1]}")
        s3fs.S3FileSystem.clear_instance_cache()
        with pytest.raises(StoreAway, match="does not answer as it should"):
            object_store.ObjectStore("s3://bucket/x").replace(NAME, path)
        server.shutdown(socket.SHUT_RDWR)
        cutting.join()
    s3fs.S3FileSystem.clear_instance_cache()
    gc.collect()  # a task that nobody awaited is told when it goes
    assert [record.getMessage() for record in caplog.records] == []


def _cut_all(server: socket.socket) -> None:
    with suppress(OSError):  # the test is over
        while True:
            server.accept()[0].close()


@pytest.mark.usefixtures("hurried")
def test_what_a_person_must_mend_is_told_from_what_passes(
    s3: S3Server, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = s3.bucket()
    with pytest.raises(StoreRefused, match="there is no bucket nobody-has-this"):
        object_store.ObjectStore("s3://nobody-has-this/x").check()
    with pytest.raises(StoreFault):
        object_store.ObjectStore("s3://nobody-has-this/x").put(NAME, path)
    store = object_store.ObjectStore(f"s3://{bucket}/x")
    with s3.failing(".", "403") as fault:
        for call in (
            store.check,
            lambda: store.put(NAME, path),
            lambda: store.read_range(NAME, 0, 3),
        ):
            with pytest.raises(StoreRefused, match=f"s3://{bucket}/x refuses us:"):
                call()
    assert fault.met <= 4  # no second attempt mends it
    with s3.failing(".", "503"), pytest.raises(StoreAway, match="does not answer as it should"):
        store.check()


@pytest.mark.usefixtures("hurried")
def test_a_server_that_is_not_there_is_away_and_no_credentials_are_a_refusal(
    s3: S3Server, path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(StoreAway, match="s3://bucket/x"):
        object_store.ObjectStore("s3://bucket/x").put(NAME, path)
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3.environment["AWS_ENDPOINT_URL"])
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(StoreRefused, match="Unable to locate credentials"):
        object_store.ObjectStore(f"s3://{s3.bucket()}/x").put(NAME, path)
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.parametrize(
    ("address", "module", "said"),
    [
        ("s3://b/x", "s3fs", r"winnow\[s3\]"),
        ("gs://b/x", "gcsfs", r"winnow\[gcs\]"),
        ("abfs://c@a.dfs.core.windows.net/x", "adlfs", r"winnow\[azure\]"),
        ("s3://b/x", "fsspec", r"winnow\[s3\]"),
        ("nonsense://b/x", None, "nonsense; is WINNOW_ARCHIVE_DIR right"),
    ],
)
def test_a_missing_library_is_one_line_that_names_the_extra(
    address: str, module: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if module is not None:
        monkeypatch.setitem(sys.modules, module, None)
    if module == "s3fs":
        loaded = import_module("fsspec.registry")._registry
        monkeypatch.delitem(loaded, "s3", raising=False)
    with pytest.raises(StoreRefused, match=said) as refused:
        object_store.ObjectStore(address)
    assert "\n" not in str(refused.value)


def test_what_a_user_configured_goes_before_our_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    from fsspec.config import conf

    monkeypatch.setitem(conf, "s3", {"config_kwargs": {"read_timeout": 99}})
    made = object_store.ObjectStore("s3://b/x")._options()["config_kwargs"]
    assert (made["read_timeout"], made["connect_timeout"]) == (99, 5)


def test_an_upload_that_did_not_arrive_whole_is_told(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = object_store.ObjectStore(f"memory://bucket{tmp_path}")
    put = type(store._fs).put_file

    def half(fs: object, local: str, target: str, **options: object) -> None:
        (tmp_path / "half").write_bytes(Path(local).read_bytes()[:100])
        put(fs, str(tmp_path / "half"), target, **options)

    monkeypatch.setattr(type(store._fs), "put_file", half)
    with pytest.raises(StoreAway, match=f"100 of {len(CONTENT)} bytes of {NAME} arrived"):
        store.put(NAME, path)
    with pytest.raises(StoreAway, match="100 of"):
        store.replace(NAME, path)
