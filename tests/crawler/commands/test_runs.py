"""scrapy runs: the newest runs, and one run with the outcomes of its URLs."""

import json
from datetime import timedelta

import pytest

from models.crawl import runs
from models.db.database import Database
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, open_run
from tests.support.desk import scrapy


@pytest.fixture
def url(database: Database, database_url: str) -> str:
    """Two runs: one over with a failure, one under way on another site."""
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id = open_run(conn, site_id)
        for n, outcome in enumerate((Outcome.STORED, Outcome.STORED, Outcome.TIMEOUT)):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            reason = "30 s passed" if outcome is Outcome.TIMEOUT else None
            runs.record(conn, run_id, url_id, outcome, reason, None, NOW)
        runs.note_readings(conn, run_id, {"template": 2, "sample": 1}, 1)
        runs.close_run(conn, run_id, "done", None, NOW + timedelta(seconds=6))
        open_run(conn, known_site(conn, "second"), "recrawl")
    return database_url


def test_the_newest_run_comes_first(url: str) -> None:
    said = scrapy(url, "runs")
    assert (said.code, said.err) == (0, "")
    heading, newest, oldest = said.out.splitlines()
    assert heading.split()[:3] == ["run", "kind", "site"]
    assert newest.split()[1:3] == ["recrawl", "second"]
    assert oldest.split()[-7:] == ["3", "2", "0", "0", "0", "1", "0.50"]


def test_runs_of_one_site_and_only_so_many(url: str) -> None:
    assert len(scrapy(url, "runs", "--site", "example").out.splitlines()) == 2
    assert len(scrapy(url, "runs", "-n", "1").out.splitlines()) == 2


def test_one_run_tells_its_failures(url: str) -> None:
    [run_id] = [r["run_id"] for r in json.loads(scrapy(url, "runs", "--json").out) if r["urls"]]
    said = scrapy(url, "runs", str(run_id)).out
    assert "3 URLs, 2 stored, 1 timeout" in said
    assert "timeout: https://example.test/2\n    30 s passed" in said
    told = json.loads(scrapy(url, "runs", str(run_id), "--json").out)
    assert told["outcomes"] == {"stored": 2, "timeout": 1}
    assert "3 pages read: 2 off a template, 1 searched (1 sample, of which 1 disagreed)" in said
    assert (told["readings"], told["disagreed"]) == ({"template": 2, "sample": 1}, 1)


def test_what_is_no_run_is_misuse(url: str) -> None:
    assert scrapy(url, "runs", "99999").code == 2
    assert scrapy(url, "runs", "last").code == 2


def test_a_database_without_runs_says_what_to_type(sqlite_url: str) -> None:
    assert "scrapy crawl discover" in scrapy(sqlite_url, "runs").out


def test_a_database_that_is_not_at_head_is_misuse(tmp_path: object) -> None:
    said = scrapy(f"sqlite:///{tmp_path}/new.db", "runs")
    assert said.code == 2
    assert "scrapy db upgrade" in said.err
