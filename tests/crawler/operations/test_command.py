"""Each fault of a command is one line on stderr, and an exit code that cron can read."""

import argparse
import sqlite3
from typing import Any

import pytest
from scrapy.exceptions import UsageError as ScrapyUsageError
from scrapy.settings import Settings
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import ArchiveError, DatabaseNotReady, SiteBusy, UsageError


class Command(WinnowCommand):
    """Does what it is told to."""

    def __init__(self, does: Any) -> None:
        super().__init__()
        self._does = does
        self.words: list[str] = []
        self.settings = Settings({"WINNOW_WORKERS": "1"})

    def short_desc(self) -> str:
        return "does what it is told to"

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if isinstance(self._does, Exception):
            raise self._does
        self.words = args
        return int(self._does)


def run(does: Any, *args: str, **settings: str) -> Any:
    command = Command(does)
    command.settings.setdict(settings, priority="cmdline")
    command.run(list(args), argparse.Namespace())
    return command.exitcode


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (UsageError("misused"), 2),
        (DatabaseNotReady("not at head"), 2),
        (ScrapyUsageError("misused"), 2),
        (SiteBusy("held"), 4),
        (ArchiveError("gone"), 1),
    ],
)
def test_a_fault_is_one_line_and_a_code(
    capsys: pytest.CaptureFixture[str], fault: Exception, code: int
) -> None:
    assert run(fault) == code
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"scrapy test_command: {fault}\n")


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("s", {}, sqlite3.OperationalError("unable to open\nsecond line")),
        DatabaseError("s", {}, sqlite3.DatabaseError("unable to open")),
        OperationalError("s", {}, Exception(2003, "unable to open")),
    ],
)
def test_a_database_that_is_away_is_one_line(
    capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    assert run(fault) == 1
    said = "scrapy test_command: unable to open; is WINNOW_DATABASE_URL right?\n"
    assert capsys.readouterr().err == said


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(IntegrityError):
        run(IntegrityError("s", {}, Exception("unique")))
    with pytest.raises(ZeroDivisionError):
        run(ZeroDivisionError())


@pytest.mark.parametrize("code", [EXIT_OK, 3])
def test_its_own_code_is_the_command_s(code: int) -> None:
    assert run(code) == code


def test_an_unknown_option_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(EXIT_OK, "word", "--bogus") == 2
    assert "unknown option '--bogus'; type: scrapy test_command --help" in capsys.readouterr().err


def test_what_stands_behind_two_dashes_is_no_option() -> None:
    command = Command(EXIT_OK)
    command.run(["word", "--", "-ferry", "--", "--bogus"], argparse.Namespace())
    assert (command.exitcode, command.words) == (EXIT_OK, ["word", "-ferry", "--", "--bogus"])


@pytest.mark.parametrize(("workers", "code"), [("0", 0), ("8", 0), ("-1", 2), ("many", 2)])
def test_workers_are_a_number(workers: str, code: int) -> None:
    assert run(EXIT_OK, WINNOW_WORKERS=workers) == code
