"""A file in another's place has its mode, and for root its owner."""

import os
from pathlib import Path

import pytest

from models.file_owner import keep_owner


def made(path: Path) -> Path:
    path.write_text("words")
    path.chmod(0o640)
    return path


def test_the_mode_stays(tmp_path: Path) -> None:
    before = made(tmp_path / "before").stat()
    with (tmp_path / "after").open("xb") as file:
        keep_owner(file.fileno(), before)
    after = (tmp_path / "after").stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode, before.st_uid, before.st_gid,
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_root_writes_anew_stays_its_owner_s(tmp_path: Path) -> None:
    path = made(tmp_path / "before")
    os.chown(path, 12_345, 23_456)
    with (tmp_path / "after").open("xb") as file:
        keep_owner(file.fileno(), path.stat())
    after = (tmp_path / "after").stat()
    assert (after.st_uid, after.st_gid, after.st_mode & 0o7777) == (12_345, 23_456, 0o640)
