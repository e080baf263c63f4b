"""What sources bring: dates that cannot be, the order of an index's sitemaps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.sources.parsers.links import SourceLink, joined, newest_first, plausible
from models.items import Hint, Link
from tests.factories import NOW

TWO_DAYS, SECOND = timedelta(days=2), timedelta(seconds=1)


def link(**hint: Any) -> Link:
    return Link("https://example.test/a", "feed", hint=Hint(title="T", **hint))


@pytest.mark.parametrize("name", ["published_at", "modified_at"])
@pytest.mark.parametrize(
    ("at", "kept"),
    [
        (datetime(1989, 12, 31, 23, 59, 59, tzinfo=UTC), False),
        (datetime(1990, 1, 1, tzinfo=UTC), True),
        (NOW + TWO_DAYS, True),
        (NOW + TWO_DAYS + SECOND, False),
    ],
)
def test_a_date_that_cannot_be_is_left_out(name: str, at: datetime, kept: bool) -> None:
    given = link(**{name: at})
    assert plausible(given, NOW) == (given if kept else link())


def test_a_date_left_out_takes_its_precision_along_and_leaves_the_other() -> None:
    future = NOW + timedelta(days=9)
    given = link(published_at=future, published_precision="day", modified_at=NOW)
    assert plausible(given, NOW) == link(modified_at=NOW)


def test_an_index_is_read_from_the_lately_changed_on_and_then_by_its_numbers() -> None:
    def child(name: str, modified_at: datetime | None = None) -> SourceLink:
        return SourceLink(f"https://example.test/{name}", "sitemap", modified_at)

    old, new = child("a", NOW - TWO_DAYS), child("b", NOW)
    numbered = [child("map-2.xml"), child("map-10.xml"), child("map-9.xml")]
    found = newest_first([*numbered, old, new])
    assert [source.url[21:] for source in found] == [
        "b", "a", "map-10.xml", "map-9.xml", "map-2.xml",
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["http://[x", "//[::1/", "https://[v1.a/"])
def test_an_address_that_is_none_is_no_link(address: str) -> None:
    assert joined("https://example.test/", address) is None
