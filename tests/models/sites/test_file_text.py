"""A site's file, replaced as a whole: its mode, line ends and links stay."""

import errno
import os
import stat
from pathlib import Path

import pytest

from models.errors import SiteConfigError
from models.sites.file_text import FileChanged, read_file, write_file

FILE = """# The Post, looked at in May
start = "https://example.test/"   # the front page

[extraction]   # for the partners' boxes
remove = [".partner"]
"""


def test_a_file_is_replaced_with_its_mode_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "post.toml"
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    seen = read_file(path)
    assert seen.text == FILE
    digest = write_file(path, seen.digest, f"{seen.text}# more\n")
    assert b"\r\n" in path.read_bytes() and path.read_bytes().count(b"\r\n") == (
        path.read_bytes().count(b"\n")
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert read_file(path).digest == digest
    assert [one.name for one in tmp_path.iterdir()] == ["post.toml"]


def test_a_link_leads_to_the_file_that_was_written(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    file, link = tmp_path / "kept" / "post.toml", tmp_path / "post.toml"
    file.write_text(FILE)
    link.symlink_to(file)
    write_file(link, read_file(link).digest, f"{FILE}# more\n")
    assert link.is_symlink() and file.read_text() == f"{FILE}# more\n"


def test_a_file_that_cannot_be_replaced_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "post.toml"
    path.write_text(FILE)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SiteConfigError, match="cannot be written: No space left on device"):
        write_file(path, read_file(path).digest, "start = 1\n")
    assert path.read_text() == FILE
    assert [one.name for one in tmp_path.iterdir()] == ["post.toml"]


def test_mixed_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "post.toml"
    path.write_bytes(b'# a\r\nstart = "https://example.test/"\n# b\r\n')
    seen = read_file(path)
    write_file(path, seen.digest, f"{seen.text}# more\n")
    assert path.read_bytes().startswith(b'# a\r\nstart = "https://example.test/"\n# b\r\n')


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "post.toml"
    path.write_text(FILE)
    seen = read_file(path)
    path.write_text(FILE + "# by hand\n")
    with pytest.raises(FileChanged, match=r"post\.toml has changed since"):
        write_file(path, seen.digest, "start = 1\n")
    assert path.read_text() == FILE + "# by hand\n"


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(SiteConfigError, match="No such file"):
        read_file(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SiteConfigError, match="not UTF-8"):
        read_file(tmp_path / "binary.toml")
