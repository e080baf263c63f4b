"""When a page was published: the most trusted candidate, completed by a later one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml.html import fromstring

from models.items import Hint
from pipelines.metadata.head import article_head
from pipelines.metadata.jsonld import page_nodes
from pipelines.metadata.markup import read_markup
from pipelines.metadata.published import (
    PageDates,
    Published,
    modified_at,
    published_at,
)

DAY = datetime(2026, 5, 24, tzinfo=UTC)
AT = DAY.replace(hour=8, minute=15)


SOURCES = {  # the most trusted first, each of a day of its own
    "jsonld": '<script type="application/ld+json">{"@type": "NewsArticle",'
    ' "datePublished": "2026-05-01T08:00Z", "dateModified": "2026-05-01"}</script>',
    "meta": '<meta property="article:published_time" content="2026-05-02T08:00Z">'
    '<meta property="article:modified_time" content="2026-05-12T08:00Z">',
    "time": '<time datetime="2026-05-03T08:00Z" pubdate></time>',
}
HINT = Hint(published_at=DAY.replace(day=4, hour=8), modified_at=DAY.replace(day=14), source="feed")


def read(
    html: str, url: str = "", hint: Hint | None = None, newest: datetime | None = None
) -> tuple[tuple[str, datetime] | None, tuple[str, datetime] | None]:
    """When the page was published and modified, each with its source."""
    page = dates_of(html, "<p>Text</p>", url, hint, newest)
    found = published_at(page)
    changed = modified_at(page.markup, page.nodes, page.hint, newest)
    return found and (found.source, found.at), changed


def dates_of(
    html: str,
    body: str,
    url: str = "",
    hint: Hint | None = None,
    newest: datetime | None = None,
    language: str | None = None,
) -> PageDates:
    tree = fromstring(f"<html><head>{html}</head><body>{body}</body></html>")
    scripts = [script.text or "" for script in tree.iter("script")]
    markup, nodes = read_markup(tree), page_nodes(scripts, frozenset(), ())
    address = f"https://example.test/{url}"
    return PageDates(
        tree, address, markup, nodes, hint or Hint(), newest, language,
        lambda: article_head(tree, ["Ferry"]),
    )  # fmt: skip


def shown(body: str, html: str = "", **parts: Any) -> Published | None:
    """When a page with a heading and this below it was published."""
    return published_at(dates_of(html, f"<h1>Ferry</h1>{body}", **parts))


def test_sources_answer_in_the_order_of_trust() -> None:
    for number, source in enumerate(SOURCES, 1):
        page = "".join(list(SOURCES.values())[number - 1 :])
        assert read(page, "2026/05/05/x", HINT)[0] == (source, DAY.replace(day=number, hour=8))
    assert read("", "2026/05/05/x", HINT)[0] == ("feed", DAY.replace(day=4, hour=8))
    assert read("", "2026/05/05/x")[0] == ("url", DAY.replace(day=5))
    assert read("") == (None, None)


def test_what_cannot_be_is_passed_over() -> None:
    newest = DAY - timedelta(days=25)  # and two more, for clocks that run fast
    page = SOURCES["meta"] + SOURCES["time"]
    assert read(page, newest=DAY)[0] == ("meta", DAY.replace(day=2, hour=8))
    assert read(page, "2026/04/01/x", newest=newest)[0] == ("url", DAY.replace(month=4, day=1))


def test_a_change_counts_only_as_an_instant() -> None:
    page = SOURCES["jsonld"]  # says a day only
    assert read(page)[1] is None
    instant_said = page.replace(
        '"dateModified": "2026-05-01"', '"dateModified": "2026-05-11T08:00Z"'
    )
    found = read(instant_said + SOURCES["meta"], hint=HINT)[1]
    assert found == ("jsonld", DAY.replace(day=11, hour=8))
    assert read(page + SOURCES["meta"], hint=HINT)[1] == ("meta", DAY.replace(day=12, hour=8))
    assert read(page, hint=HINT)[1] == ("feed", DAY.replace(day=14))
    assert read(page, hint=HINT, newest=DAY.replace(day=11))[1] is None


@pytest.mark.parametrize(
    "date",
    [
        "18 नवंबर 2026, 10:15",
        "١٨ نوفمبر ٢٠٢٦",
        "2026. november 18.",
        "18 พฤศจิกายน 2569",
        "18-Nov-2026",
        "२०२६ नवंबर १८",
        "18. studenoga 2026.",
        "2026年11月18日",
        "Thứ Tư, 18 tháng 11, 2026",
    ],
)
def test_a_day_in_words_is_read_in_the_head_of_the_article(date: str) -> None:
    day_ = DAY.replace(month=11, day=18)
    time = shown(f"<time>{date}</time>")
    assert time is not None and time[:3] == ("time", day_, "day")
    text = shown(f"<div><span class=x>{date}</span></div>")
    assert text is not None and text[:3] == ("text", day_, "day")


TEASER = "<li><a href=/x>The other boat of the town keeps its winter places</a> {}</li>"
PROSE = f"<p>{'The council decided to keep the ferry. ' * 6}</p>"


@pytest.mark.parametrize(
    "body",
    [
        "<aside><time datetime=2026-05-20>x</time></aside>",
        "<nav><time datetime=2026-05-20>x</time></nav>",
        "<footer><p>x</p><time datetime=2026-05-20>x</time></footer>",
        "<article><h2>Other</h2><time datetime=2026-05-20>x</time></article>",
        f"<ul>{TEASER.format('<time datetime=2026-05-20>x</time>')}</ul>",
        PROSE * 3 + "<div><time datetime=2026-05-20>20 May 2026</time></div>",
    ],
)
def test_a_time_outside_of_the_article_s_head_is_none(body: str) -> None:
    assert shown(body) is None


def test_a_marked_time_counts_behind_the_text_too_but_not_that_of_a_teaser() -> None:
    time = "<time pubdate datetime=2026-05-20>x</time>"
    found = shown(PROSE * 3 + time)
    assert found is not None and found.at == DAY.replace(day=20)
    assert shown(PROSE * 3 + f"<ul>{TEASER.format(time)}</ul>") is None


def test_a_date_that_a_name_marks_goes_before_that_of_the_address() -> None:
    line = "<div class=author>Written by <a>Ada Lind</a> in <a>Ferries</a> on 3 May 2026.</div>"
    found = shown(line, url="2026/05/20/ferry")
    assert found is not None and (found.source, found.at) == ("text", DAY.replace(day=3))
    plain = shown("<div>3 May 2026</div>", url="2026/05/20/ferry")
    assert plain is not None and plain.source == "url"
    told = shown("<p>Tickets for the concert on 3 May 2026 are sold from the first of June on</p>")
    assert told is None or told.source == "htmldate"


META = '<meta property="article:published_time" content="{}">'
DATED = '<meta name="date" content="{}">'


@pytest.mark.parametrize(
    ("date", "language", "url", "day"),
    [
        ("03/05/2026", "de", "", (5, 3)),
        ("03/05/2026", "en-US", "", (3, 5)),
        ("03/05/2026", "en", "", None),
        ("03/05/2026", "en", "2026/05/03/ferry", (5, 3)),
        ("05/03/2026", "en", "2026/05/03/ferry", (5, 3)),
        ("03/06/2026", "en", "", (3, 6)),  # June is after the page was fetched
    ],
)
def test_which_number_is_the_day_is_told_by_language_and_other_dates(
    date: str, language: str, url: str, day: tuple[int, int] | None
) -> None:
    found = shown(f"<time>{date}</time>", url=url, language=language, newest=DAY)
    at = day and DAY.replace(month=day[0], day=day[1])
    assert (found.at if found else None) == at


@pytest.mark.parametrize(
    ("metas", "offset"),
    [
        (META.format("2026-05-20T10:15:00+02:00"), 120),
        (META.format("2026-05-20T10:15:00-03:30"), -210),
        (META.format("2026-05-20T08:15:00Z"), 0),
        (META.format("2026-05-20T08:15:00Z") + DATED.format("2026-05-20T13:45+05:30"), 330),
        (META.format("2026-05-20T08:15:00Z") + DATED.format("2026-05-20 17:15"), 540),
        (META.format("2026-05-20 17:15") + DATED.format("2026-05-20T08:15:00Z"), 540),
        (META.format("2026-05-20T08:15:00Z") + DATED.format("2026-05-20T09:15+02:00"), 0),
        (META.format("2026-05-20T08:15:00Z") + DATED.format("2026-05-20 09:02"), 0),
        (META.format("2026-05-20 08:15"), None),
        (META.format("2026-05-20"), None),
    ],
)
def test_the_publisher_s_offset_is_kept(metas: str, offset: int | None) -> None:
    found = shown("", metas)
    assert found is not None and found.offset == offset


def test_what_a_feed_says_has_lost_its_offset() -> None:
    hint = Hint(published_at=AT, published_precision="time", source="feed")
    found = shown("", hint=hint)
    assert found is not None and (found.source, found.offset) == ("feed", None)
    clock = shown("<time>24 May 2026, 10:15</time>", hint=hint)
    assert clock is not None and (clock.at, clock.offset) == (AT, 120)


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("<p class=date>Updated 28 May 2026</p><p class=date>Published 24 May 2026</p>", "en"),
        ("<p class=date>Stand: 28.05.2026</p><p class=date>Vom 24.05.2026</p>", "de"),
        ("<p class=date>更新 2026年5月28日</p><p class=date>公開 2026年5月24日</p>", "ja"),
        ("<time datetime=2026-05-28>x</time> <time datetime=2026-05-24>y</time>", "en"),
        (
            "<p>Güncelleme <time>28 Mayıs 2026</time></p><p>Yayın <time>24 Mayıs 2026</time></p>",
            "tr",
        ),
    ],
)
def test_a_page_may_say_first_when_it_was_changed(body: str, language: str) -> None:
    found = published_at(dates_of("", f"<h1>Ferry</h1>{body}", language=language))
    assert found is not None
    assert found.at == DAY
