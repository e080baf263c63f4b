"""The report as one page that stands alone."""

import re
from datetime import UTC, datetime, timedelta

from lxml import html

from crawler.look.static_report import report_html
from crawler.reports.article_facts import ArticleFacts
from crawler.reports.daily_counts import DayCounts
from crawler.reports.site_list import ListedSite
from crawler.reports.site_report import Report, Section

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def listed(name: str, reason: str | None = None) -> ListedSite:
    return ListedSite(name, "red" if reason else "ok", reason, 7, 1, NOW, None)


def page(*, url: str = "https://a.test/1", title: str | None = "Title", left_out: int = 0) -> str:
    sites = [
        listed("a b", "<script>alert(1)</script>"),
        *(listed(f"s{n}") for n in range(left_out)),
    ]
    today = NOW.date()
    days = [DayCounts(today - timedelta(days=89 - n), stored=n % 5) for n in range(90)]
    alarms = [{"state": "red", "reason": "the first"}, {"state": "warn", "reason": "the second"}]
    figures = {
        "usual_per_day": None, "empty_share": 0.5, "median_words": 210.0,
        "details": {"alarms": alarms},
    }  # fmt: skip
    articles = [ArticleFacts("a b", url, title, NOW, "day", 1200)]
    section = Section(sites[0], figures, days, articles)
    report = Report(sites, {site.site: days for site in sites}, [section], NOW)
    return "".join(report_html(report))


def test_it_needs_nothing_else() -> None:
    text = page()
    root = html.fromstring(text)
    assert not root.xpath("//script|//link|//img|//iframe|//object|//form")
    assert not root.xpath("//@src|//@style")
    assert "url(" not in text
    assert "@import" not in text
    assert "127.0.0.1" not in text
    assert "localhost" not in text
    hrefs = root.xpath("//@href")
    assert set(hrefs) == {"#site-a%20b", "https://a.test/1"}
    assert root.get_element_by_id("site-a%20b") is not None


def test_what_sites_say_is_escaped() -> None:
    assert "<script>" not in page()
    assert "&lt;script&gt;alert(1)" in page()
    assert "<b>" not in page(title="<b>bold</b>")


def test_an_address_that_is_none_of_the_web_is_no_link() -> None:
    assert "javascript:" not in page(url="javascript:alert(1)")
    assert 'href="javascript' not in page(url="javascript:alert(1)", title=None)


def test_it_says_what_is_left_out() -> None:
    assert "row only" not in page()
    assert "The 1 sites in most trouble have a section below; 3 have a row only" in page(left_out=3)


def test_figures_and_charts() -> None:
    text = page()
    assert "last 30 days: 60 stored" in text
    assert re.search(r"last 90 days: 180 stored[^,]*, 0 refused, 0 failed, by week", text)
    assert "As of 2026-11-27 12:00:00 UTC" in text
    assert "1,200 words" in text
    assert "the second" in text
    assert "the first" not in text  # the reason of the state has it
