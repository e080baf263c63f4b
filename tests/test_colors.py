"""Colours of what verbs print: on a terminal, never in a pipe or in JSON."""

import re

import pytest

from tests.support.desk import Desk, scrapy


@pytest.fixture
def visited(desk: Desk) -> Desk:
    desk.upgrade()
    desk.write_site("gone", "http://127.0.0.1:9/", '[sources]\nfeeds = ["http://127.0.0.1:9/"]')
    desk.crawl("gone", code=1, RETRY_ENABLED=0)
    desk.write_site("off", "http://127.0.0.1:9/", "enabled = false")
    return desk


@pytest.mark.parametrize("words", ["health", "health gone", "runs", "runs 1", "sites list"])
def test_a_state_is_coloured_where_that_is_forced_and_nothing_else_changes(
    visited: Desk, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = visited.here(*words.split())
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = visited.here(*words.split())
    assert "\x1b[" in coloured.out
    assert re.sub(r"\x1b\[\d*m", "", coloured.out) == plain.out
    assert (coloured.code, coloured.err) == (plain.code, plain.err)
    assert "\x1b" not in plain.printed + visited.here(*words.split(), "--json").printed
    monkeypatch.setenv("NO_COLOR", "1")
    assert visited.here(*words.split()) == plain


def test_a_fault_is_red_where_that_is_forced(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = scrapy(sqlite_url, "runs", "x")
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    assert scrapy(sqlite_url, "runs", "x").err == plain.err.replace(
        "scrapy runs:", "\x1b[31mscrapy runs:\x1b[0m", 1
    )
