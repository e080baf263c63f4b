"""A file of URLs, one a line: what is none is told with its line, and the rest goes on."""

from pathlib import Path

import pytest

from crawler.runs.url_list import read_url_list
from models.errors import UsageError


def test_urls_keep_their_line_and_faults_name_theirs(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# a heading\r\n https://example.test/a \n\nrubbish\n\xff\n"
        b"https://example.test/b#x\n" + b"mailto:" + b"x" * 900
    )
    found = read_url_list(str(path))
    assert found.urls == ((2, "https://example.test/a"), (6, "https://example.test/b#x"))
    assert [fault.removeprefix(f"{path}:")[:2] for fault in found.faults] == ["4:", "5:", "7:"]
    assert found.faults[1] == f"{path}:5: not UTF-8"
    assert max(map(len, found.faults)) < len(str(path)) + 210


@pytest.mark.parametrize("content", [b"", b"# nothing\n\n", b"rubbish\n"])
def test_a_file_without_a_url_is_misuse(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="no URL in it"):
        read_url_list(str(path))


@pytest.mark.parametrize("name", ["/no/such/file", "/", "a\x00b"])
def test_a_file_that_cannot_be_read_is_misuse(name: str) -> None:
    with pytest.raises(UsageError, match="write a file with one URL a line"):
        read_url_list(name)
