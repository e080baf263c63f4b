"""What a dry run found, for people and for programs."""

import json
from typing import Any

import pytest

from crawler.operations import dry_run_output
from crawler.operations.dry_run_output import JsonOutput, TextOutput
from pipelines.compare import ArticleText, Comparison, difference
from tests.factories import make_page

STORED = ArticleText("Ferry", "The ferry sails again.\n\nIt is new.", facts=("by Ada Lind",))


def compared() -> Comparison:
    found = Comparison("town")
    page = make_page(url="https://town.test/1", url_id=7)
    found.add(difference(page, STORED, ArticleText("Ferry", "The ferry sails again.")))
    found.add(difference(page, STORED, ArticleText(None, "", "nothing is left")))
    found.add(None)
    found.unreadable.append("capture 3 of https://town.test/3: gone")
    return found


def test_people_get_a_summary_and_diffs() -> None:
    said: list[str] = []
    TextOutput(said.append).result(compared())
    summary, *diffs = said[0].splitlines()
    assert summary == (
        "reextract town, dry run: 3 captures: 1 the same, 0 new, 0 changed, 0 grown, 1 shrunk,"
        " 1 emptied (1 refused); 1 cannot be read"
    )
    assert "https://town.test/1  shrunk, 6 words" in diffs and "-It is new." in diffs


def test_programs_get_all_in_one_line() -> None:
    said: list[str] = []
    JsonOutput(said.append).result(compared())
    told: dict[str, Any] = json.loads(said[0])
    assert told["done"] is True and "\n" not in said[0]
    assert (told["site"], told["read"], told["same"], told["refused"]) == ("town", 3, 1, 1)
    assert told["kinds"] == {"new": 0, "changed": 0, "grown": 0, "shrunk": 1, "emptied": 1}
    assert told["unreadable"] == ["capture 3 of https://town.test/3: gone"]
    emptied, shrunk = told["largest"]
    assert (shrunk["url_id"], shrunk["kind"], shrunk["words"]) == (7, "shrunk", 6)
    assert shrunk["before"] == {
        "title": "Ferry", "facts": ["by Ada Lind"], "text": STORED.text,
    }  # fmt: skip
    assert (emptied["after"]["text"], emptied["refused"]) == ("", "nothing is left")


def test_progress_is_said_some_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 0.1, 0.25, 0.3])
    monkeypatch.setattr(dry_run_output.time, "monotonic", lambda: next(clock))
    said: list[str] = []
    output, found = JsonOutput(said.append), Comparison("town")
    for _ in range(4):
        found.add(None)
        output.progress(found)
    assert [json.loads(line)["read"] for line in said] == [1, 3]
    people: list[str] = []
    TextOutput(people.append).progress(found)
    assert people == []
