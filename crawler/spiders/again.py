"""Which of a site's known pages a run is about: a span of dates, a pattern."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection

from crawler.spiders.base import BATCH
from models import frontier
from models.errors import UsageError
from models.writer import Writer

_ROWS: Final = 1000  # rows read at a time


@dataclass(frozen=True, slots=True)
class Selection:
    """Pages by the newest date that a source gave them, and by their URL."""

    since: datetime | None = None  # included
    until: datetime | None = None  # excluded
    match: re.Pattern[str] | None = None

    async def batches(
        self, writer: Writer, site_id: int, *, articles: bool = True
    ) -> AsyncIterator[list[int]]:
        """url_ids in their order, at most BATCH at a time; `articles`: stored ones only."""
        after = 0
        while True:
            read = partial(self._rows, site_id=site_id, articles=articles, after=after)
            rows = await writer.read(read)
            if not rows:
                return
            after = rows[-1]["url_id"]
            wanted = [row["url_id"] for row in rows if self._matches(row["url"])]
            for start in range(0, len(wanted), BATCH):
                yield wanted[start : start + BATCH]

    def _rows(
        self, connection: Connection, site_id: int, articles: bool, after: int
    ) -> Sequence[Mapping[str, Any]]:
        return frontier.urls_of(
            connection, site_id, since=self.since, until=self.until,
            articles=articles, after_id=after, limit=_ROWS,
        )  # fmt: skip

    def _matches(self, url: str) -> bool:
        return self.match is None or self.match.search(url) is not None


def selection(given: Mapping[str, str]) -> Selection:
    """From a spider's arguments; raises UsageError for a date or pattern that is none."""
    try:
        match = re.compile(given["match"]) if given.get("match") else None
    except re.error as wrong:
        raise UsageError(f"-a match={given['match']}: not a pattern: {wrong}") from wrong
    return Selection(_day(given, "since"), _day(given, "until"), match)


def _day(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise UsageError(f"-a {name}={text}: not a date; write 2026-05-24") from wrong
    return value if value.tzinfo else value.replace(tzinfo=UTC)
