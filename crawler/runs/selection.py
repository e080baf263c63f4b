"""Which of a site's known pages a run is about: a span of dates, a pattern."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row

from crawler.runs.arguments import SelectionArguments
from models.batches import batched
from models.crawl import frontier
from models.db.writer import Writer
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
            for batch in batched((row.url_id for row in rows if self._wants(row)), BATCH):
                yield batch

    def _rows(
        self, conn: Connection, site_id: int, articles: bool, after: int
    ) -> Sequence[Row[Any]]:
        return frontier.urls_of(
            conn, site_id, since=self.since, until=self.until,
            articles=articles, after_id=after, limit=_ROWS,
        )  # fmt: skip

    def _wants(self, row: Row[Any]) -> bool:
        # another URL of a stored page is no page of its own
        if row.outcome == Outcome.DUPLICATE_URL and not row.article:
            return False
        return self.match is None or self.match.search(row.url) is not None


def selection(arguments: SelectionArguments) -> Selection:
    """The choice that a spider's arguments make."""
    return Selection(arguments.since, arguments.until, arguments.match)
