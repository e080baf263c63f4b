"""Where an archive is, by its settings."""

import subprocess
import sys
from pathlib import Path

import pytest

from models.archive.object_store import ObjectStore
from models.archive.places import ArchivePlaces, store_at
from models.archive.stores import FolderStore
from models.errors import UsageError


def test_a_folder_is_the_archive_and_has_no_spool() -> None:
    settings = {"WINNOW_ARCHIVE_DIR": "/a/archive", "WINNOW_ARCHIVE_SPOOL": "/a/spool"}
    places = ArchivePlaces.of(settings)
    assert places == ArchivePlaces(Path("/a/archive"))
    assert places.address == "/a/archive"


def test_an_address_has_a_spool_beside_it() -> None:
    settings = {"WINNOW_ARCHIVE_DIR": "s3://bucket/x/", "WINNOW_ARCHIVE_SPOOL": "/a/spool"}
    places = ArchivePlaces.of(settings)
    assert places == ArchivePlaces(Path("/a/spool"), "s3://bucket/x")
    assert places.address == "s3://bucket/x"


def test_an_address_with_a_password_is_refused_before_anything_begins() -> None:
    with pytest.raises(UsageError, match="no password") as refused:
        ArchivePlaces.of({"WINNOW_ARCHIVE_DIR": "s3://key:secret@bucket/x"})
    assert "secret" not in str(refused.value)


def test_an_address_is_opened_once(tmp_path: Path) -> None:
    assert isinstance(store_at(str(tmp_path)), FolderStore)
    assert isinstance(store_at("memory://x"), ObjectStore)
    assert store_at("memory://x") is store_at("memory://x")
    with pytest.raises(UsageError, match="no password"):
        store_at("s3://key:secret@bucket")


def test_a_local_archive_loads_no_library_of_object_storage(tmp_path: Path) -> None:
    code = (
        "import sys; from models.archive.places import *; store_at(sys.argv[1]).check();"
        "print(*sys.modules)"
    )
    typed = [sys.executable, "-c", code, str(tmp_path)]
    loaded = subprocess.run(typed, capture_output=True, text=True, check=True).stdout.split()
    assert {"fsspec", "models.archive.object_store"}.isdisjoint(loaded)


@pytest.mark.parametrize("archive", ["s3://", "gs:///"])
def test_an_address_without_a_bucket_is_one_line(archive: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no bucket; write"):
        ArchivePlaces.of({"WINNOW_ARCHIVE_DIR": archive, "WINNOW_ARCHIVE_SPOOL": str(tmp_path)})


@pytest.mark.parametrize(
    ("archive", "place"),
    [("S3://b/x", "s3://b/x"), ("s3a://b/x/", "s3://b/x"), ("gcs://b", "gs://b")],
)
def test_a_bucket_has_one_spelling(archive: str, place: str, tmp_path: Path) -> None:
    settings = {"WINNOW_ARCHIVE_DIR": archive, "WINNOW_ARCHIVE_SPOOL": str(tmp_path)}
    assert ArchivePlaces.of(settings).store == place


@pytest.mark.parametrize(
    ("archive", "spool", "said"),
    [
        ("file:///srv/pages", "/spool", "file:///srv/pages is a folder; write it without file://"),
        ("s3:/b/x", "/spool", "WINNOW_ARCHIVE_DIR: s3:/b/x has one slash"),
        (" s3://b/x", "/spool", "WINNOW_ARCHIVE_DIR:  s3://b/x has a space before or behind it"),
        ("simplecache::s3://b/x", "/spool", "simplecache::s3://b/x is no address of one place"),
        ("memory://x/y", "/spool", "cannot be an archive: memory:// ends with the process"),
        ("https://h.test/x", "/spool", "cannot be an archive: https:// takes no files"),
        ("zip://x/y", "/spool", "cannot be an archive: zip:// lies in another place"),
        ("s3://b/x", "s3://b/spool", "WINNOW_ARCHIVE_SPOOL: s3://b/spool is an address"),
    ],
)
def test_what_is_no_folder_and_no_address_is_one_line(archive: str, spool: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ArchivePlaces.of({"WINNOW_ARCHIVE_DIR": archive, "WINNOW_ARCHIVE_SPOOL": spool})
