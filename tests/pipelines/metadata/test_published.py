"""When a page was published: the most trusted candidate, completed by a later one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml.html import fromstring

from models.dates import Moment
from models.items import Hint
from pipelines.metadata import published
from pipelines.metadata.jsonld import page_nodes
from pipelines.metadata.markup import read_markup
from pipelines.metadata.published import Candidate, modified_at, published_at

DAY = datetime(2026, 5, 24, tzinfo=UTC)
AT = DAY.replace(hour=8, minute=15)


def best(*candidates: Candidate) -> Candidate | None:
    choose: Any = published._best
    found: Candidate | None = choose(candidates)
    return found


def instant(at: datetime = AT, hours: float = 0) -> Moment:
    """A moment whose wall clock is `hours` ahead of UTC."""
    wall = (at + timedelta(hours=hours)).replace(tzinfo=None)
    return Moment(wall, timedelta(hours=hours), has_time=True)


def day(at: datetime = DAY) -> Moment:
    return Moment(at.replace(tzinfo=None), None, has_time=False)


@pytest.mark.parametrize(
    ("second", "source"),
    [
        (instant(), "second"),
        (instant(DAY + timedelta(hours=23), 2), "second"),  # the day where it was written
        (instant(DAY - timedelta(hours=1), 2), "second"),
        (instant(DAY + timedelta(days=2)), "first"),
        (day(), "first"),
    ],
)
def test_a_day_is_completed_by_an_instant_of_that_day(second: Moment, source: str) -> None:
    found = best(("first", day()), ("second", second))
    assert found is not None and found[0] == source


@pytest.mark.parametrize(
    ("minutes", "source"), [(0, "second"), (120, "second"), (45, "second"), (840, "second"),
                            (855, "first"), (10, "first")]
)  # fmt: skip
def test_a_wall_clock_is_completed_by_an_instant_a_zone_away(minutes: int, source: str) -> None:
    clock = Moment(AT.replace(tzinfo=None), None, has_time=True)
    found = best(("first", clock), ("second", instant(AT + timedelta(minutes=minutes))))
    assert found is not None and found[0] == source


def test_the_first_instant_is_best_and_nothing_is_none() -> None:
    assert best(("first", instant()), ("second", day())) == ("first", instant())
    assert best() is None


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
    tree = fromstring(f"<html><head>{html}</head><body><p>Text</p></body></html>")
    scripts = [script.text or "" for script in tree.iter("script")]
    markup, nodes = read_markup(tree), page_nodes(scripts, frozenset(), ())
    hint = hint or Hint()
    found = published_at(tree, f"https://example.test/{url}", markup, nodes, hint, newest)
    return found and (found[0], found[1].at), modified_at(markup, nodes, hint, newest)


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
