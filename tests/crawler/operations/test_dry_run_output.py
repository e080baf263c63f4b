"""What a dry run found, for people and for programs."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extensions import progress_line
from crawler.extensions.progress_line import PLAIN
from crawler.operations import dry_run_output
from crawler.operations.dry_run_output import JsonOutput, TextOutput
from models.crawl.run_spider import SourceReport
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
        output.progress(found, SourceReport())
    assert [json.loads(line)["read"] for line in said] == [1, 3]


def test_people_see_on_stderr_how_far_it_is_and_when_it_is_done(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    now = time.monotonic()
    monkeypatch.setattr(dry_run_output.time, "monotonic", lambda: now)
    monkeypatch.setattr(progress_line, "monotonic", lambda: now)
    output, found = TextOutput(said.append), Comparison("town")
    monkeypatch.setattr(
        dry_run_output, "utc_now", lambda: datetime(2026, 11, 27, 14, 30, tzinfo=UTC)
    )
    for _ in range(2):
        for _ in range(60):
            found.add(None)
            output.progress(found, SourceReport(to_read=180))
        now += PLAIN
    output.progress(found, SourceReport(to_read=180))
    assert capsys.readouterr().err.splitlines() == [
        "reextract town, dry run: 61 of 180 captures, 1.02/s, done at 14:31 UTC",
        "reextract town, dry run: 120 of 180 captures, 1.00/s, done at 14:31 UTC",
    ]
    assert said == []
