"""Every verb's help is what was written: Scrapy's formatter makes headings of some lines."""

import pytest

from tests.support.desk import scrapy

VERBS = (
    "archive", "completion", "crawl", "db", "demo", "export", "health", "look", "report", "runs",
    "sites", "visit", "why",
)  # fmt: skip


@pytest.mark.parametrize("columns", ["60", "80", "120"])
@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example_and_no_stray_heading(
    verb: str, columns: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = scrapy(sqlite_url, verb, "--help").out
    assert f"Example: scrapy {verb}" in " ".join(said.split())
    ours = said.partition("Global Options")[0]
    underlined = [line for line in ours.splitlines() if set(line.strip()) in ({"="}, {"-"})]
    assert len(underlined) == 2, ours  # Usage and Options
