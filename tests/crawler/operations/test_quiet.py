"""Who is asked to be quiet says nothing of what went well; exit codes and faults stay."""

import argparse

import pytest

from crawler.operations.quiet import require_one_form
from models.errors import UsageError
from tests.support.desk import Desk, scrapy


@pytest.mark.parametrize(
    ("given", "why"),
    [({"json": True}, "--json prints data"), ({"dry_run": True}, "a dry run does nothing")],
)
def test_what_is_there_to_print_does_not_go_with_quiet(given: dict[str, bool], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        require_one_form(argparse.Namespace(quiet=True, **given))
    require_one_form(argparse.Namespace(quiet=False, **given))
    require_one_form(argparse.Namespace(**given))
    require_one_form(argparse.Namespace(quiet=True, json=None, dry_run=False))


@pytest.mark.parametrize(
    "words",
    [
        ("visit",),
        ("crawl", "discover", "-a", "site=x"),
        ("db", "check"),
        ("sites", "import", "x"),
        ("sites", "disable", "x"),
    ],
)
def test_quiet_and_json_are_refused_in_one_line(words: tuple[str, ...], sqlite_url: str) -> None:
    said = scrapy(sqlite_url, *words, "-q", "--json")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"scrapy {words[0]}: --quiet prints nothing and --json prints data: give one of them\n"
    )


@pytest.mark.parametrize("words", [("db", "current"), ("db", "describe"), ("sites", "list")])
def test_what_does_nothing_but_print_is_not_quiet(words: tuple[str, ...], sqlite_url: str) -> None:
    said = scrapy(sqlite_url, *words, "--quiet")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "--quiet is an option of `scrapy" in said.err


def test_a_fault_is_told_and_its_code_stays(desk: Desk) -> None:
    (desk.folder / "empty").mkdir()
    away = scrapy(f"sqlite:///{desk.folder}/none.db", "db", "check", "-q")
    assert (away.code, away.out, away.err.count("\n")) == (2, "", 1)
    assert "scrapy db upgrade" in away.err
    unknown = desk.here("sites", "disable", "x", "-q")
    assert (unknown.code, unknown.out, unknown.err.count("\n")) == (2, "", 1)
