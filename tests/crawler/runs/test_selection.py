"""Which known pages a run is about: a span of dates, a pattern."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.runs.arguments import SelectionArguments, parse_arguments
from crawler.runs.selection import BATCH, Selection, selection
from models.crawl import frontier
from models.db.database import Database
from models.db.writer import Writer
from models.errors import UsageError
from models.items import Hint, Link
from tests.factories import NOW, known_site

MAY = datetime(2026, 5, 24, tzinfo=UTC)


def typed(**words: str) -> Selection:
    """The choice that `-a NAME=VALUE` makes."""
    return selection(parse_arguments(SelectionArguments, words))


def test_arguments_are_read_as_utc_dates_and_a_pattern() -> None:
    found = typed(since="2026-05-24", until="2026-05-25T02:00+02:00", match="^/a")
    assert (found.since, found.until) == (MAY, MAY + timedelta(days=1))
    assert found.match is not None and found.match.pattern == "^/a"
    assert typed() == Selection()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "spring"}, "-a since=spring: not a date; write 2026-05-24"),
        ({"until": ""}, "-a until=: not a date"),
        ({"since": "0001-01-01T00:00+14:00"}, "not a date"),
        ({"match": "("}, r"-a match=\(: not a pattern"),
        ({"match": ""}, "-a match=: empty"),
        ({"since": "2026-05-24", "until": "2026-05-24"}, "no day lies from"),
    ],
)
def test_a_date_or_pattern_that_is_none_is_misuse(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        typed(**given)


@pytest.fixture
def writer(sqlite_url: str) -> Iterator[Writer]:
    opened = Writer(Database.open(sqlite_url))
    yield opened
    opened.close()


def test_pages_come_in_batches_within_the_span_and_by_the_pattern(
    sqlite: Database, writer: Writer
) -> None:
    pages = 2 * BATCH + 10
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        links = [
            Link(f"https://example.test/{n % 2}/{n}", "feed",
                 hint=Hint(published_at=NOW - timedelta(days=n)))
            for n in range(pages)
        ]  # fmt: skip
        frontier.add_links(conn, site_id, links, NOW)

    def found(choice: Selection, *, articles: bool = False) -> list[list[int]]:
        async def read() -> list[list[int]]:
            return [b async for b in choice.batches(writer, site_id, articles=articles)]

        return asyncio.run(read())

    everything = found(Selection())
    assert [len(batch) for batch in everything] == [BATCH, BATCH, 10]
    flat = [url_id for batch in everything for url_id in batch]
    assert flat == sorted(set(flat))
    assert sum(map(len, found(typed(match="/1/")))) == pages // 2
    week = Selection(since=NOW - timedelta(days=7), until=NOW - timedelta(days=1))
    assert sum(map(len, found(week))) == 6
    assert found(Selection(), articles=True) == []
