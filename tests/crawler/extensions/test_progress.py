"""How a run gets on, in a line."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.settings import Settings

from crawler.extensions import progress
from crawler.extensions.progress import Progress
from models.crawl.run_spider import SourceReport
from tests.factories import make_site


def line(monkeypatch: pytest.MonkeyPatch, seconds: float, doing: str = "", **counts: int) -> str:
    now = 100.0
    monkeypatch.setattr(progress, "monotonic", lambda: now)
    stats = {f"outcome/{name}": count for name, count in counts.items()} | {"other/x": 9}
    spider = SimpleNamespace(
        name="discover",
        run=SimpleNamespace(site=make_site("town")),
        sources=SourceReport(doing=doing),
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


def test_without_a_log_there_is_no_line() -> None:
    crawler: Any = SimpleNamespace(settings=Settings({"LOG_ENABLED": False}))
    with pytest.raises(NotConfigured):
        Progress.from_crawler(crawler)
