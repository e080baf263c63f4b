"""What is written to the archive is read again byte for byte, or the error says why not."""

import contextlib
import gzip
import io
import os
import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from models.archive.warc import (
    GZIP,
    RENDERED_BY,
    info_member,
    read_record,
    repair,
    response_member,
    whole_length,
)
from models.errors import ArchiveError
from models.items import Page
from tests.factories import make_page

PAGE = Page(
    run_id=1,
    url_id=2,
    site="example",
    url="https://example.com/a",
    final_url="https://example.com/b?x=1",
    status=200,
    headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')),
    body="<p>Grüße 🦉</p>".encode(),
    fetched_at=datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC),
)


def write(path: Path, *members: bytes) -> list[int]:
    """The offset of each member."""
    offsets, size = [], 0
    for member in members:
        offsets.append(size)
        size += len(member)
    path.write_bytes(b"".join(members))
    return offsets


def test_a_rendered_page_says_by_what_and_no_site_can_say_so_itself(tmp_path: Path) -> None:
    claims = replace(PAGE, headers=((RENDERED_BY, "a site"), *PAGE.headers))
    rendered = replace(PAGE, rendered_by="Chromium 156.0")
    path = tmp_path / "a.warc.gz"
    write(path, response_member(claims), response_member(rendered))
    with path.open("rb") as file:
        said = [record.rec_headers.get_header(RENDERED_BY) for record in ArchiveIterator(file)]
    assert said == [None, "Chromium 156.0"]
    assert warcio_checks(path)


def warcio_checks(path: Path) -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True, check=False
    )
    return done.returncode == 0 and not done.stdout


def test_a_page_is_read_again_as_it_was(tmp_path: Path) -> None:
    path, member = tmp_path / "a.warc.gz", response_member(PAGE)
    _, offset = write(path, info_member(path.name, "winnow"), member)
    record = read_record(path, offset, len(member), len(PAGE.body))
    assert (record.url, record.status, record.body) == (PAGE.final_url, 200, PAGE.body)
    assert record.fetched_at == PAGE.fetched_at
    assert record.headers == (*PAGE.headers, ("Content-Length", str(len(PAGE.body))))


def test_other_tools_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    write(path, info_member(path.name, "winnow"), response_member(PAGE),
          response_member(replace(PAGE, body=b"", status=599)))  # fmt: skip
    with path.open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI")) for r in ArchiveIterator(file)
        ]
    assert records == [("warcinfo", None), *[("response", PAGE.final_url)] * 2]
    assert warcio_checks(path)


def test_headers_of_the_transfer_are_left_out_and_hostile_ones_made_harmless() -> None:
    headers = (
        ("Content-Encoding", "br"),
        ("transfer-encoding", "chunked"),
        ("Content-Length", "3"),
        ("X-Split", "a\r\nX-Injected: 1\r\n\r\n<p>"),
        ("Bad Name\r\n", "x"),
        ("X-Latin", "é\ud800"),
        ("", "empty"),
    )
    member = response_member(replace(PAGE, headers=headers))
    record = next(iter(ArchiveIterator(io.BytesIO(member))))
    kept = dict(record.http_headers.headers)
    assert kept.keys() == {"X-Split", "X-Latin", "Content-Length"}
    assert kept["X-Split"] == "a X-Injected: 1 <p>"
    assert record.content_stream().read() == PAGE.body


@given(
    body=st.binary(max_size=5000),
    headers=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=50)), max_size=5),
    status=st.integers(100, 599),
    path=st.text("abc/%?&=-", max_size=8000),
)
def test_any_page_survives(
    tmp_path_factory: pytest.TempPathFactory,
    body: bytes,
    headers: list[tuple[str, str]],
    status: int,
    path: str,
) -> None:
    url = f"https://example.com/{path}"
    page = replace(PAGE, body=body, headers=tuple(headers), status=status, final_url=url)
    file, member = tmp_path_factory.getbasetemp() / "any.warc.gz", response_member(page)
    write(file, member)
    record = read_record(file, 0, len(member), len(body))
    assert (record.body, record.status, record.url) == (body, status, url)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    path, member = tmp_path / "a.warc.gz", response_member(PAGE)
    info = info_member(path.name, "winnow")
    _, offset = write(path, info, member)
    size = len(PAGE.body)

    def fault(*place: int, file: Path = path) -> str:
        with pytest.raises(ArchiveError) as raised:
            read_record(file, *place)
        assert str(file) in str(raised.value)
        return str(raised.value)

    assert "No such file" in fault(0, 9, 9, file=tmp_path / "gone.warc.gz")
    assert "a warcinfo record, not a response" in fault(0, len(info), size)
    assert "not a gzip member" in fault(offset + 1, len(member) - 1, size)
    assert "not one whole gzip member" in fault(offset, len(member) - 1, size)
    assert "not one whole gzip member" in fault(0, len(info) + len(member), size)
    path.write_bytes(path.read_bytes()[:-5])
    assert "cut" in fault(offset, len(member), size)
    path.write_bytes(b"x" * 999)
    assert "not a gzip member" in fault(0, 99, size)
    for rubbish in (b"", b"no record", b"WARC/1.1\r\n\r\n", b"\xff" * 99):
        packed = gzip.compress(rubbish)
        path.write_bytes(packed)
        fault(0, len(packed), size)


def test_a_record_that_was_altered_is_found_out(tmp_path: Path) -> None:
    path, member = tmp_path / "a.warc.gz", response_member(PAGE)
    altered = gzip.compress(zlib.decompress(member, 31).replace(b"<p>", b"<q>"))
    write(path, altered)
    with pytest.raises(ArchiveError, match="digests differ"):
        read_record(path, 0, len(altered), len(PAGE.body))


def test_a_record_without_a_digest_is_not_taken_on_trust(tmp_path: Path) -> None:
    path, record = tmp_path / "a.warc.gz", zlib.decompress(response_member(PAGE), 31)
    for digest in (b"WARC-Payload-Digest", b"WARC-Block-Digest"):
        record = record.replace(digest, b"X" * len(digest))
    member = gzip.compress(record)
    write(path, member)
    with pytest.raises(ArchiveError, match="written: no digest"):
        read_record(path, 0, len(member), len(PAGE.body))


@pytest.mark.slow
def test_a_bomb_in_the_archive_is_not_unpacked(tmp_path: Path) -> None:
    path, bomb = tmp_path / "a.warc.gz", gzip.compress(bytes(200_000_000), 1)
    write(path, bomb)
    with pytest.raises(ArchiveError, match="not one whole gzip member"):
        read_record(path, 0, len(bomb), 1000)


@pytest.mark.parametrize("tail", [b"", b"\0" * 5000, b"\x1f\x8b\x08", b"rubbish"])
def test_a_file_that_was_cut_is_mended_at_its_last_whole_record(
    tmp_path: Path, tail: bytes
) -> None:
    path, member = tmp_path / "a.warc.gz", response_member(PAGE)
    info = info_member(path.name, "winnow")
    large = response_member(replace(PAGE, body=bytes(range(256)) * 20_000))
    write(path, info, large, member, tail)
    whole = len(info) + len(large) + len(member)
    assert whole_length(path) == whole
    assert repair([path]) == ([path] if tail else [])
    assert path.stat().st_size == whole
    path.write_bytes(path.read_bytes()[:-3])
    assert repair([path]) == [path]
    assert path.stat().st_size == len(info) + len(large)
    assert warcio_checks(path)
    for left in (info[:20], b""):
        path.write_bytes(left)
        assert repair([path]) == [path]
        assert not path.exists()


def test_a_record_without_its_headers_is_an_archive_error(tmp_path: Path) -> None:
    record = zlib.decompress(response_member(make_page()), GZIP)
    for header in (b"WARC-Type", b"WARC-Date", b"WARC-Target-URI", b"HTTP/1.1 200"):
        squeezed = zlib.compressobj(4, zlib.DEFLATED, GZIP)
        member = squeezed.compress(record.replace(header, b"X" * len(header))) + squeezed.flush()
        path = tmp_path / "a.warc.gz"
        path.write_bytes(member)
        with contextlib.suppress(ArchiveError):
            assert read_record(path, 0, len(member), 1000).body == make_page().body


FIRST_USE = """
import threading
from pathlib import Path
from models.archive.warc import info_member, read_record
from models.errors import ArchiveError
together, faults = threading.Barrier(4), []
def first_use(number):
    together.wait()
    try:
        info_member("a", "b") if number % 2 else read_record(Path("a.gz"), 0, 24, 0)
    except ArchiveError:
        pass
    except Exception as fault:
        faults.append(repr(fault))
Path("a.gz").write_bytes(__import__("gzip").compress(b"none"))
threads = [threading.Thread(target=first_use, args=(n,)) for n in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(*faults)
"""


@pytest.mark.parametrize("_time", range(6))  # chance: half of the tries met it
def test_threads_may_be_the_first_to_use_the_archive_together(tmp_path: Path, _time: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_USE], cwd=tmp_path, env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == ""
