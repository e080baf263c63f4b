"""How a run gets on, in a line."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings

from crawler.extensions import progress
from crawler.extensions.progress import Progress
from models.crawl.run_spider import SourceReport
from tests.factories import make_site


def line(
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    doing: str = "",
    report: SourceReport | None = None,
    **counts: int,
) -> str:
    now = 100.0
    monkeypatch.setattr(progress, "utc_now", lambda: datetime(2026, 11, 27, 14, 30, tzinfo=UTC))
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    stats = {f"outcome/{name}": count for name, count in counts.items()} | {"other/x": 9}
    spider = SimpleNamespace(
        name="discover",
        run=SimpleNamespace(site=make_site("town")),
        sources=report or SourceReport(doing=doing),
    )
    crawler: Any = SimpleNamespace(stats=SimpleNamespace(get_stats=lambda: stats), spider=spider)
    made = Progress(crawler)
    now += seconds
    return made.line()


def test_outcomes_are_told_by_their_number_with_rate_and_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert line(monkeypatch, 43, gone=2, stored=40) == (
        "discover town: 42 URLs (40 stored, 2 gone), 0.98/s, 0:43"
    )
    assert line(monkeypatch, 3661, stored=1).endswith("0.00/s, 61:01")


def test_before_the_first_page_it_says_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert line(monkeypatch, 0, doing="reading x") == (
        "discover town: 0 URLs, 0.00/s, 0:00, reading x"
    )
    assert "reading x" not in line(monkeypatch, 1, doing="reading x", stored=1)


def test_of_a_re_extraction_it_says_how_many_there_are_and_when_they_are_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = SourceReport(to_read=1200)
    assert line(monkeypatch, 100, report=report, revised=200) == (
        "discover town: 200 of 1200 URLs (200 revised), 2.00/s, 1:40, done at 14:38 UTC"
    )
    later = SourceReport(to_read=1200, later=7200, later_sites=3)
    assert line(monkeypatch, 100, report=later, revised=200).endswith(
        ", done at 14:38 UTC; 7200 captures of 3 more sites, all done at 15:38 UTC"
    )
    assert line(monkeypatch, 1, report=report, revised=2).endswith("0.00/s, 0:01")


def test_without_a_log_there_is_no_line() -> None:
    crawler: Any = SimpleNamespace(settings=Settings({"LOG_ENABLED": False}))
    with pytest.raises(NotConfigured):
        Progress.from_crawler(crawler)
