"""A database that cannot be reached is exit code 1 and one line, whatever was typed."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db.database import Database
from tests.support.desk import Desk

COMMANDS = [
    ("health",),
    ("health", "loop", "--accept"),
    ("runs",),
    ("runs", "1"),
    ("why", "http://127.0.0.1:9/story"),
    ("export",),
    ("look", "--no-open", "--port", "0"),
    ("report", "-"),
    ("db", "check"),
    ("db", "current"),
    ("db", "upgrade"),
    ("db", "prune"),
    ("db", "rebuild-duplicates"),
    ("sites", "memory", "loop"),
    ("visit",),
]
NOT_ABOUT_HEAD = {("db", "current"), ("db", "upgrade")}


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[Desk]:
    """A desk whose database is a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    desk = Desk(tmp_path, f"postgresql+psycopg://winnow:secret@127.0.0.1:{port}/winnow")
    desk.write_site("loop", "http://127.0.0.1:9/")
    yield desk


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_database_that_is_away_is_code_1_and_one_line(
    nobody: Desk, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "patience", 0.1)
    monkeypatch.chdir(nobody.folder)
    done = nobody.here(*words)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"scrapy {words[0]}: ") and done.err.count("\n") == 1
    assert "Connection refused" in done.err and "secret" not in done.err


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_database_that_is_not_at_head_is_code_2(
    tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path)
    (tmp_path / "winnow.db").touch()
    desk.write_site("loop", "http://127.0.0.1:9/")
    done = desk.here(*words)
    if words in NOT_ABOUT_HEAD:
        assert done.code == 0
    else:
        assert (done.code, done.out) == (2, "")
        assert done.err.endswith("type: scrapy db upgrade\n") and done.err.count("\n") == 1
