"""Files of the archive from which records were taken out, and in which none is left."""

from pathlib import Path

import pytest

from models.archive.blanking import blank
from models.archive.captures import CaptureArchive
from models.archive.emptied import emptied_files
from models.errors import ArchiveError
from tests.factories import make_page

URLS = [f"https://example.test/{number}" for number in range(2)]


def written(folder: Path, urls: list[str], run: int = 1) -> Path:
    """A file of the archive with these pages."""
    warc = CaptureArchive(folder, run)
    places = [warc.append(make_page(url=url, final_url=url)) for url in urls]
    warc.close()
    return folder / places[0].file


def test_a_file_is_empty_once_all_its_records_were_taken_out(tmp_path: Path) -> None:
    path = written(tmp_path, URLS)
    name = path.relative_to(tmp_path).as_posix()
    assert list(emptied_files(tmp_path, ())) == []
    blank(path, lambda url: url == URLS[0])
    assert list(emptied_files(tmp_path, ())) == []
    blank(path, lambda url: url == URLS[1])
    assert list(emptied_files(tmp_path, ())) == [name]
    assert list(emptied_files(tmp_path, {name})) == []
    assert list(emptied_files(tmp_path, (), "example")) == [name]
    assert list(emptied_files(tmp_path, (), "other")) == []


def test_what_nothing_was_taken_out_of_or_cannot_be_read_is_kept(tmp_path: Path) -> None:
    opened = written(tmp_path, URLS[:1], run=2)
    first = opened.read_bytes()
    opened.write_bytes(first[: first.index(b"\x1f\x8b\x08", 1)])  # the record about the file alone
    none = opened.with_name("none.warc.gz")
    none.write_bytes(b"")
    cut = written(tmp_path, URLS, run=3)
    blank(cut, lambda _: True)
    cut.write_bytes(cut.read_bytes() + first[-200:])
    assert list(emptied_files(tmp_path, ())) == []


def test_a_folder_by_the_name_of_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "example").mkdir()
    (tmp_path / "example" / "run.warc.gz").mkdir()
    with pytest.raises(ArchiveError, match=r"run\.warc\.gz"):
        list(emptied_files(tmp_path, ()))
