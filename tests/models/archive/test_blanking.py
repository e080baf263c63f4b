"""Records taken out of WARC files: the others stay where they are, byte for byte."""

import gzip
import io
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from models.archive.blanking import UNFINISHED, Blanked, Place, blank, blank_member
from models.archive.captures import CaptureArchive
from models.archive.warc import read_record, whole_length
from models.errors import ArchiveError
from models.items import Page, WarcLocation
from tests.factories import make_page

LEAST = 250  # bytes: no response is as short


def page(number: int, body: bytes = b"<p>Of the harbour.</p>") -> Page:
    url = f"https://example.test/{number}"
    return make_page(url=url, final_url=url, body=body)


def written(folder: Path, pages: list[Page]) -> tuple[Path, list[WarcLocation]]:
    warc = CaptureArchive(folder, 1)
    places = [warc.append(one) for one in pages]
    warc.close()
    return folder / places[0].file, places


def is_second(url: str) -> bool:
    return url == "https://example.test/1"


def types(path: Path) -> list[str]:
    return [record.rec_type for record in ArchiveIterator(io.BytesIO(path.read_bytes()))]


@given(st.integers(LEAST, 400_000))
def test_a_member_has_exactly_the_length_that_it_fills(length: int) -> None:
    member = blank_member(length)
    assert len(member) == length
    inflater = zlib.decompressobj(31)
    record = inflater.decompress(member)
    assert inflater.eof and not inflater.unused_data
    head, _, block = record.partition(b"\r\n\r\n")
    said = int(head.rpartition(b"Content-Length: ")[2])
    assert len(block) == said + 4 and b"Taken out on request" in block


@pytest.mark.parametrize("near", [65_535, 65_840, 131_070, 131_400])
def test_the_ends_of_stored_blocks_are_no_gaps(near: int) -> None:
    assert [len(blank_member(near + n)) - near for n in range(40)] == list(range(40))


def test_too_few_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="20 bytes are too few"):
        blank_member(20)


@given(
    bodies=st.lists(st.binary(max_size=3_000), min_size=1, max_size=6),
    gone=st.sets(st.integers(0, 5)),
)
def test_all_others_stay_where_they_are(
    bodies: list[bytes], gone: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    pages = [page(number, body) for number, body in enumerate(bodies)]
    path, places = written(folder, pages)
    size = path.stat().st_size
    goes = {f"https://example.test/{number}" for number in gone}
    assert blank(path, goes.__contains__).records == len(gone & set(range(len(pages))))
    assert path.stat().st_size == size == whole_length(path)
    assert gzip.decompress(path.read_bytes())
    for number, place in enumerate(places):
        if number in gone:
            with pytest.raises(ArchiveError, match="a metadata record, not a response"):
                read_record(path, place.offset, place.length, 10_000)
        else:
            assert read_record(path, place.offset, place.length, 10_000).body == bodies[number]


def test_what_a_kill_left_is_cleaned_up(tmp_path: Path) -> None:
    path, _ = written(tmp_path, [page(0), page(1)])
    left = path.with_name(path.name + UNFINISHED)
    left.write_bytes(b"half")
    path.chmod(0o640)
    assert blank(path, is_second) == Blanked(1)
    assert not left.exists() and path.stat().st_mode & 0o777 == 0o640
    assert types(path) == ["warcinfo", "response", "metadata"]
    before = path.stat().st_mtime_ns
    assert blank(path, is_second) == Blanked(0)
    assert path.stat().st_mtime_ns == before


def test_a_file_that_is_gone_or_empty_holds_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    assert blank(empty, is_second) == blank(tmp_path / "gone.warc.gz", is_second) == Blanked(0)


def test_a_record_that_was_cut_off_goes_by_what_it_begins_with(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 4
    path, places = written(tmp_path, [page(0), page(1, noise)])
    body = path.read_bytes()
    path.write_bytes(body[:-40])
    assert blank(path, is_second) == Blanked(1)
    assert types(path) == ["warcinfo", "response", "metadata"]
    assert places[1].offset + places[1].length - 40 == path.stat().st_size


def test_damage_is_told_of_and_what_follows_is_looked_at(tmp_path: Path) -> None:
    path, places = written(tmp_path, [page(0), page(2), page(1)])
    body = bytearray(path.read_bytes())
    at = places[1].offset + 10
    body[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(body)
    damaged = Place(places[1].offset, places[1].length)
    assert blank(path, is_second) == Blanked(1, (damaged,))
    assert blank(path, is_second, [damaged]) == Blanked(1)
    assert types(path) == ["warcinfo", "response", "metadata", "metadata"]


def test_what_cannot_be_written_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = written(tmp_path, [page(0), page(1)])
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("models.archive.blanking.os.fsync", full)
    with pytest.raises(ArchiveError, match="No space left"):
        blank(path, is_second)
    assert path.read_bytes() == before
