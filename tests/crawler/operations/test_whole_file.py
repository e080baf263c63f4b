"""A file appears whole or not at all."""

import os
from pathlib import Path

import pytest

from crawler.operations.whole_file import whole_file
from models.errors import UsageError
from tests.support.readers import unprivileged

INSTEAD = "write to stdout"


def test_the_file_takes_its_place_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    target.write_text("before")
    with whole_file(str(target), INSTEAD) as file:
        file.write(b"after")
        assert target.read_text() == "before"
    assert target.read_text() == "after"
    assert list(tmp_path.iterdir()) == [target]


def test_a_fault_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    target.write_text("before")
    with pytest.raises(KeyError), whole_file(str(target), INSTEAD) as file:
        file.write(b"half")
        raise KeyError("x")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_what_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="No such file or directory"),
        whole_file(str(tmp_path / "no" / "out"), INSTEAD),
    ):
        pass
    locked = tmp_path / "locked"
    locked.mkdir()
    with (
        unprivileged(locked),
        pytest.raises(UsageError, match="Permission denied"),
        whole_file(str(locked / "out"), INSTEAD),
    ):
        pass
    os.mkfifo(tmp_path / "pipe")
    with (
        pytest.raises(UsageError, match="a file would take its place; write to stdout"),
        whole_file(str(tmp_path / "pipe"), INSTEAD),
    ):
        pass


def test_two_writers_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "out.prom"
    with whole_file(str(target), INSTEAD) as slow:
        slow.write(b"slow, ")
        with whole_file(str(target), INSTEAD) as quick:
            quick.write(b"quick")
        assert target.read_text() == "quick"
        slow.write(b"and whole")
    assert target.read_text() == "slow, and whole"
    assert list(tmp_path.iterdir()) == [target]


def test_its_mode_stays_and_a_link_still_leads_to_it(tmp_path: Path) -> None:
    target, link = tmp_path / "private.jsonl", tmp_path / "out"
    target.touch(mode=0o600)
    link.symlink_to(target.name)
    with whole_file(str(link), INSTEAD) as file:
        file.write(b"after")
    assert link.is_symlink() and target.read_text() == "after"
    assert target.stat().st_mode & 0o777 == 0o600
