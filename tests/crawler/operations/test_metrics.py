"""Metrics in Prometheus' text format: its own parser reads them, and a file is whole."""

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event

from crawler.operations import metrics
from migrations.revision import head_revision
from models.crawl import runs
from models.db.database import Database
from models.monitoring import alert_receivers, health
from models.monitoring.health import Health
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article
from tests.support.alert_world import change
from tests.support.desk import Desk

HOUR = timedelta(hours=1)
RED = Health("red", "x", 2.5, None, None, None, None)
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(text: str) -> Samples:
    """The value of each series by its name and labels; none is there twice."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = sample.name, frozenset(sample.labels.items())
            assert key not in found
            found[key] = sample.value
    return found


def every(_site: str) -> bool:
    return True


def series(found: Samples, name: str, **labels: str) -> float:
    return found[f"winnow_{name}", frozenset(labels.items())]


def fill(database: Database) -> None:
    """A red site with a run, one that nobody visited, and an alert that waits."""
    with database.transaction() as conn:
        site_id = known_site(conn, "town")
        known_site(conn, "new")
        url_id = known_url(conn, site_id)
        store_article(conn, site_id, make_article(url_id=url_id), NOW - HOUR)
        run_id = open_run(conn, site_id, "visit")
        for n, outcome in enumerate((Outcome.HTTP_ERROR, Outcome.BLOCKED, Outcome.NOT_MODIFIED)):
            other = known_url(conn, site_id, f"https://town.test/{n}")
            runs.record(conn, run_id, other, outcome, None, 200, NOW)
        runs.close_run(conn, run_id, "failed", "x", NOW + HOUR)
        health.keep(conn, site_id, run_id, RED, NOW)
        alert_receivers.add(conn, b"k" * 32, "json://host", NOW)
        alert_receivers.add(conn, b"l" * 32, "slack://…", NOW)
    change(database, "ok", "red", NOW)


def test_each_site_has_its_series(database: Database) -> None:
    fill(database)
    found = samples(metrics.text_of(database, every, NOW).decode())
    states = {s: series(found, "site_state", site="town", state=s) for s in ("ok", "warn", "red")}
    assert states == {"ok": 0, "warn": 0, "red": 1}
    assert series(found, "site_state", site="new", state="ok") == 1
    for name, value in (
        ("articles", 1), ("new_articles", 1), ("usual_new_articles", 2.5), ("waiting_urls", 4),
        ("last_run_timestamp_seconds", (NOW + HOUR).timestamp()), ("last_run_success", 0),
        ("last_run_duration_seconds", 3600),
    ):  # fmt: skip
        assert series(found, f"site_{name}", site="town") == value, name
    results = {
        result: series(found, "site_last_run_urls", site="town", result=result)
        for result in metrics.RESULTS
    }
    assert results == {"stored": 0, "revised": 0, "unchanged": 1, "refused": 1, "errors": 1}
    assert series(found, "last_run_urls", outcome="http_error") == 1
    assert series(found, "last_run_urls", outcome="stored") == 0
    about = {"dialect": database.dialect, "revision": head_revision()}
    assert series(found, "database_info", **about) == 1
    for name, value in (("alerts_waiting", 1), ("alert_failures", 0)):
        labels = [dict(labels) for said, labels in found if said == f"winnow_{name}"]
        assert {one["address"] for one in labels} == {"json://host", "slack://…"}
        assert [series(found, name, **one) for one in labels] == [value, value]
    assert series(found, "metrics_timestamp_seconds") == NOW.timestamp()
    assert 0 <= series(found, "metrics_duration_seconds") < 60
    nobody = [key for key in found if ("site", "new") in key[1] and "last_run" in key[0]]
    assert nobody == [], "what is not known has no series"


def test_a_site_that_is_not_visited_has_none(sqlite: Database) -> None:
    fill(sqlite)
    found = samples(metrics.text_of(sqlite, lambda site: site != "town", NOW).decode())
    assert {dict(labels).get("site") for _, labels in found} == {None, "new"}
    assert series(found, "last_run_urls", outcome="http_error") == 0


def test_more_sites_cost_no_more_statements(sqlite: Database) -> None:
    asked: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    counts = []
    for names in (["a"], [f"s{n}" for n in range(40)]):
        with sqlite.transaction() as conn:
            for name in names:
                known_site(conn, name)
        asked.clear()
        metrics.text_of(sqlite, every, NOW)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 13


@pytest.fixture
def filled(desk: Desk) -> Iterator[Desk]:
    database = Database.open(desk.url)
    fill(database)
    database.close()
    yield desk


def test_they_are_printed_and_a_red_site_is_no_fault(filled: Desk) -> None:
    said = filled.here("health", "--prometheus")
    assert (said.code, said.err) == (0, "")
    assert series(samples(said.out), "site_state", site="town", state="red") == 1
    assert filled.here("health").code == 3


def test_a_file_is_whole_and_others_may_read_it(filled: Desk, tmp_path: Path) -> None:
    out = tmp_path / "textfile" / "winnow.prom"
    out.parent.mkdir()
    out.write_text("winnow_old 1\n")
    out.chmod(0o600)
    usual = os.umask(0o077)  # as of a careful account
    try:
        said = filled.here("health", "--prometheus", str(out))
    finally:
        os.umask(usual)
    assert (said.code, said.out, said.err) == (0, "", "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o644
    assert series(samples(out.read_text()), "site_articles", site="town") == 1
    assert [path.name for path in out.parent.iterdir()] == ["winnow.prom"]


def test_node_exporter_reads_no_file_that_is_being_written(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes what ends in .prom."""
    beside: list[str] = []
    chmod = metrics.os.fchmod

    def look(number: int, mode: int) -> None:
        beside.extend(path.name for path in tmp_path.iterdir() if path.suffix == ".prom")
        chmod(number, mode)

    monkeypatch.setattr(metrics.os, "fchmod", look)
    metrics.write(sqlite, every, str(tmp_path / "new.prom"))
    assert beside == []
    assert (tmp_path / "new.prom").exists()


def test_bad_words_are_one_line_and_write_nothing(filled: Desk, tmp_path: Path) -> None:
    no_folder = filled.here("health", "--prometheus", str(tmp_path / "none" / "x.prom"))
    assert (no_folder.code, no_folder.err.count("\n")) == (2, 1)
    assert "No such file or directory" in no_folder.err
    for words in (["--json", "--prometheus"], ["--notify-test", "--prometheus"],
                  ["town", "--notify-test"], ["--accept", "--prometheus"]):  # fmt: skip
        said = filled.here("health", *words)
        assert (said.code, said.err.count("\n"), said.out) == (2, 1, "")
