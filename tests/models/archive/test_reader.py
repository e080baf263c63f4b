"""A capture is read as it was fetched, from below the archive's folder only."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from models.archive.captures import CaptureArchive
from models.archive.places import ArchivePlaces
from models.archive.reader import Capture, load, unread
from models.errors import ArchiveError
from models.items import CaptureRef, Hint
from tests.factories import NOW, make_page

PAGE = make_page(body=b"<p>F\xe4hre", headers=(("Content-Type", "text/html; charset=Latin1"),))


@pytest.fixture
def ref(tmp_path: Path) -> CaptureRef:
    """A page that lies in an archive."""
    archive = CaptureArchive(tmp_path, 1)
    location = archive.append(PAGE)
    archive.sync()
    archive.close()
    digest = sha256(PAGE.body).digest()
    size = len(PAGE.body)
    return CaptureRef(7, 1, 1, PAGE.final_url, 200, NOW, location, digest, size)


def test_a_page_comes_back_with_its_headers(ref: CaptureRef, tmp_path: Path) -> None:
    found = load(ref, ArchivePlaces(tmp_path))
    assert (found.body, found.capture_id, found.fetched_at) == (PAGE.body, 7, NOW)
    assert ("Content-Type", "text/html; charset=Latin1") in found.headers
    assert found.charset == "cp1252"


def test_another_page_in_its_place_is_told(ref: CaptureRef, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="of capture 7"):
        load(replace(ref, body_hash=b"\0" * 32), ArchivePlaces(tmp_path))


@pytest.mark.parametrize("file", ["../x.warc.gz", "/etc/passwd", "a/../../x"])
def test_nothing_outside_of_the_archive_is_read(ref: CaptureRef, tmp_path: Path, file: str) -> None:
    with pytest.raises(ArchiveError, match="is outside of the archive"):
        load(replace(ref, location=replace(ref.location, file=file)), ArchivePlaces(tmp_path))


def test_a_file_that_is_gone_is_told(ref: CaptureRef, tmp_path: Path) -> None:
    (tmp_path / ref.location.file).unlink()
    with pytest.raises(ArchiveError):
        load(ref, ArchivePlaces(tmp_path))


def test_without_a_type_there_is_no_charset() -> None:
    assert Capture(1, 1, 1, "u", 200, (("X", "text/html; charset=x"),), b"", NOW).charset is None


def test_a_copy_on_its_way_has_no_bytes_yet(ref: CaptureRef) -> None:
    page = unread(ref, "example", "https://example.test/a", Hint(title="T"), 9)
    assert (page.body, page.archived, page.run_id, page.capture_id) == (b"", ref, 9, 7)
    assert page.hint.title == "T"
