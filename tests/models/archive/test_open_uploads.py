"""Uploads in parts that were not finished, in an S3 server of our own."""

import logging
from pathlib import Path

import pytest

from models.archive import object_store
from models.archive.object_store import ObjectStore
from models.errors import StoreAway
from tests.support.object_storage import S3Server

NAME = "paper/2026/run-000001-00001.warc.gz"
CONTENT = bytes(range(256)) * (44 << 10)  # 11 MB: three parts


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(object_store, "_PART", 5 << 20)  # S3 takes no smaller ones
    path = tmp_path / "local.warc.gz"
    path.write_bytes(CONTENT)
    return path


def left_open(s3: S3Server, store: ObjectStore, *keys: str) -> str:
    """A bucket in which killed processes left uploads."""
    bucket = s3.bucket()
    for key in keys:
        store._call("call_s3", "create_multipart_upload", Bucket=bucket, Key=key)
    return bucket


def test_what_a_killed_upload_left_open_goes_before_the_next_one(s3: S3Server, path: Path) -> None:
    key = f"x/{NAME}"
    others = ["x/other.warc.gz", f"{key}.longer"]
    bucket = left_open(s3, ObjectStore("s3://any"), key, key, *others)
    store = ObjectStore(f"s3://{bucket}/x")
    store.put(NAME, path)
    assert s3.open_uploads(bucket) == sorted(others)
    assert s3.objects(bucket) == {key: CONTENT}


@pytest.mark.parametrize("kind", ["hang", "503", "cut upload"])
def test_an_upload_that_fails_leaves_nothing_open(
    s3: S3Server, path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(object_store, "_CALL", 1.0)  # less than the library waits for an answer
    monkeypatch.setattr(object_store, "_SLOWEST", 1 << 40)
    bucket = s3.bucket()
    with s3.failing("^PUT .*partNumber=2", kind), pytest.raises(StoreAway):
        ObjectStore(f"s3://{bucket}/x").put(NAME, path)
    assert (s3.open_uploads(bucket), s3.objects(bucket)) == ([], {})


@pytest.mark.parametrize("where", [r"^GET .*\?uploads", "^DELETE .*uploadId="])
def test_a_bucket_that_does_not_let_us_takes_the_upload_all_the_same(
    s3: S3Server, path: Path, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="models.archive.open_uploads")
    bucket = left_open(s3, ObjectStore("s3://any"), f"x/{NAME}")
    with s3.failing(where, "403"):
        ObjectStore(f"s3://{bucket}/x").put(NAME, path)
    assert s3.objects(bucket) == {f"x/{NAME}": CONTENT}
    said = [one.getMessage() for one in caplog.records if one.name.startswith("models.")]
    assert len(said) == 1
    assert said[0].startswith(f"open uploads of {bucket}/x/{NAME} may be left:")


def test_a_small_file_asks_for_no_open_uploads(s3: S3Server, path: Path) -> None:
    path.write_bytes(CONTENT[: 5 << 20])
    ObjectStore(f"s3://{s3.bucket()}/x").put(NAME, path)
    assert not any("uploads" in asked for asked in s3.requests)
