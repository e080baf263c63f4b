"""Runs as people read them: the newest first, or one with its outcomes and failures."""

from datetime import timedelta

import pytest

from crawler.reports.runs import newest, one_run, run_lines, table_row
from models.crawl import runs
from models.db.database import Database
from models.errors import UsageError
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, open_run

TIMEOUTS = 23  # more than are listed


@pytest.fixture
def run_id(sqlite: Database) -> int:
    """A run with two articles, one refusal and many timeouts; after it, one of another site."""
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        made = open_run(conn, site_id)
        outcomes = [Outcome.STORED, Outcome.STORED, Outcome.GONE, *[Outcome.TIMEOUT] * TIMEOUTS]
        for n, outcome in enumerate(outcomes):
            url_id = known_url(conn, site_id, f"https://example.test/{n:02}")
            gone = outcome is Outcome.GONE
            reason = None if gone or outcome is Outcome.STORED else f"{n} s passed"
            runs.record(conn, made, url_id, outcome, reason, 410 if gone else None, NOW)
        runs.close_run(conn, made, "failed", "the disk is full", NOW + timedelta(seconds=13))
        open_run(conn, known_site(conn, "second"), "recrawl")
        return made


def test_the_newest_run_comes_first(sqlite: Database, run_id: int) -> None:
    with sqlite.reading() as conn:
        found = newest(conn, None, 9)
        assert [run["site"] for run in found] == ["second", "example"]
        assert [run["site"] for run in newest(conn, None, 0)] == ["second"], "one at least"
        assert [run["run_id"] for run in newest(conn, "example", 9)] == [run_id]
        assert newest(conn, "nobody", 9) == []
    under_way, over = map(table_row, found)
    assert (under_way["kind"], under_way["status"], under_way["pages/s"]) == (
        "recrawl", "running", "",
    )  # fmt: skip
    assert [over[name] for name in ("urls", "stored", "errors", "pages/s")] == [
        "26", "2", "23", "2.00",
    ]  # fmt: skip


def test_a_run_counts_its_outcomes_and_lists_failures_errors_first(
    sqlite: Database, run_id: int
) -> None:
    with sqlite.reading() as conn:
        found = one_run(conn, run_id)
    assert found["outcomes"] == {"stored": 2, "gone": 1, "timeout": TIMEOUTS}
    listed = [failure["outcome"] for failure in found["failures"]]
    assert listed == [*["timeout"] * 20, "gone"]
    urls = [failure["url"] for failure in found["failures"][:20]]
    assert urls == sorted(urls)


def test_a_run_in_lines_names_what_it_leaves_out(sqlite: Database, run_id: int) -> None:
    with sqlite.reading() as conn:
        lines = list(run_lines(one_run(conn, run_id)))
    assert lines[0] == f"Run {run_id}: discover example, failed"
    assert lines[2:6] == [
        "  the disk is full",
        "  26 URLs, 23 timeout, 2 stored, 1 gone",
        "  timeout: https://example.test/03",
        "    3 s passed",
    ]
    assert "  gone (HTTP 410): https://example.test/02" in lines
    assert lines[-1] == f"  3 more in the view v1_outcomes where run_id = {run_id}"


def test_a_run_under_way_goes_until_now(sqlite: Database, run_id: int) -> None:
    with sqlite.reading() as conn:
        lines = list(run_lines(one_run(conn, run_id + 1)))
        with pytest.raises(UsageError, match="no run 999; `scrapy runs` lists them"):
            one_run(conn, 999)
    assert lines[0].endswith("recrawl second, running")
    assert lines[1].endswith(" to now UTC")
    assert lines[2:] == ["  0 URLs"]


@pytest.mark.parametrize(
    ("readings", "disagreed", "said"),
    [
        (
            {"template": 96, "new places": 6, "sample": 14, "stored": 4},
            0,
            "120 pages read: 96 off a template, 24 searched (14 sample, 6 new places, 4 stored)",
        ),
        (
            {"sample": 2, "damaged": 2},
            0,
            "4 pages read: 0 off a template, 4 searched (2 damaged, 2 sample)",
        ),
        (
            {"new places": 38, "sample": 2},
            1,
            "40 pages read: 0 off a template, 40 searched (38 new places, 2 sample, of which 1"
            " disagreed)",
        ),
        ({"template": 1}, 0, "1 page read: 1 off a template, 0 searched"),
    ],
)
def test_a_run_says_how_its_pages_were_read(
    sqlite: Database, run_id: int, readings: dict[str, int], disagreed: int, said: str
) -> None:
    with sqlite.transaction() as conn:
        runs.note_readings(conn, run_id, readings, disagreed)
        found = one_run(conn, run_id)
    assert (found["readings"], found["disagreed"]) == (readings, disagreed)
    assert list(run_lines(found))[4] == f"  {said}"


def test_a_run_that_noted_no_reading_says_nothing_of_it(sqlite: Database, run_id: int) -> None:
    with sqlite.reading() as conn:
        found = one_run(conn, run_id)
    assert (found["readings"], found["disagreed"]) == ({}, 0)
    assert not any(" read: " in line for line in run_lines(found))
