"""Which of a site's known pages a run is about: a span of dates, a pattern."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row

from models.crawl import frontier
from models.db.writer import Writer
from models.errors import UsageError
from models.outcomes import Outcome

BATCH: Final = 50  # URLs claimed at a time: what a killed run makes the next one wait for
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
            after = rows[-1].url_id
            wanted = [row.url_id for row in rows if self._wants(row)]
            for start in range(0, len(wanted), BATCH):
                yield wanted[start : start + BATCH]

    def _rows(
        self, conn: Connection, site_id: int, articles: bool, after: int
    ) -> Sequence[Row[Any]]:
        return frontier.urls_of(
            conn, site_id, since=self.since, until=self.until,
            articles=articles, after_id=after, limit=_ROWS,
        )  # fmt: skip

    def _wants(self, row: Row[Any]) -> bool:
        # another URL of a stored page is no page of its own, whatever its copy says by now
        if row.outcome == Outcome.DUPLICATE_URL and not row.article:
            return False
        return self.match is None or self.match.search(row.url) is not None


def selection(given: Mapping[str, str]) -> Selection:
    """From a spider's arguments; raises UsageError for a date or pattern that is none."""
    try:
        match = re.compile(given["match"]) if "match" in given else None
    except re.error as wrong:
        raise UsageError(f"-a match={given['match']}: not a pattern: {wrong}") from wrong
    if match is not None and not match.pattern:
        raise UsageError("-a match= is empty; leave it out for all pages")
    since, until = _day(given, "since"), _day(given, "until")
    if since is not None and until is not None and since >= until:
        raise UsageError(f"no day lies from since={given['since']} until {given['until']}")
    return Selection(since, until, match)


def _day(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise UsageError(f"-a {name}={text}: not a date; write 2026-05-24") from wrong
