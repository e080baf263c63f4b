"""WARC files after a fault of the disk: a record is what was written, or an ArchiveError."""

import zlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.archive.warc import (
    GZIP,
    info_member,
    read_record,
    repair,
    response_member,
    whole_length,
)
from models.errors import ArchiveError
from tests.factories import make_page
from tests.faults.fuzz.mutated import damaged

PAGE = make_page(body=b"<html><body>" + bytes(range(256)) * 4 + b"</body></html>")
FIRST, SECOND = info_member("a.warc.gz", "winnow"), response_member(PAGE)
RECORD = zlib.decompress(SECOND, GZIP)
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def packed(record: bytes) -> bytes:
    made = zlib.compressobj(4, zlib.DEFLATED, GZIP)
    return made.compress(record) + made.flush()


@in_one_folder
@given(damaged(SECOND) | damaged(RECORD).map(packed))
def test_a_record(tmp_path: Path, member: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(FIRST + member)
    try:
        found = read_record(path, len(FIRST), len(SECOND), len(PAGE.body))
    except ArchiveError:
        pass
    else:
        assert found.body == PAGE.body
    try:
        read_record(path, len(FIRST), len(member), len(PAGE.body))
    except ArchiveError as fault:
        assert "a.warc.gz" in str(fault)


@in_one_folder
@given(damaged(FIRST + SECOND + SECOND), st.integers(0, 40))
def test_a_file_is_repaired_once(tmp_path: Path, content: bytes, more: int) -> None:
    path = tmp_path / "b.warc.gz"
    path.write_bytes(content + b"\x1f\x8b\x08" * more)
    whole = whole_length(path)
    assert 0 <= whole <= path.stat().st_size
    repair([path])
    assert path.exists() == (whole > 0)
    if whole:
        assert path.stat().st_size == whole == whole_length(path)
        assert repair([path]) == []
