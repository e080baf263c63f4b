"""What the runs of each day brought, by site. From the views alone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, select

from models.batches import batched
from models.views.run_views import RUNS

KINDS: Final = ("stored", "revised", "unchanged", "refused", "errors")
_VIEW: Final = RUNS.table()
_SOME: Final = 500  # sites a statement


@dataclass(frozen=True, slots=True)
class DayCounts:
    """URLs of the runs that began on one day (UTC), by what came of them."""

    day: date
    stored: int = 0
    revised: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: int = 0


def daily_counts(
    conn: Connection, sites: Sequence[str], days: int, now: datetime
) -> dict[str, list[DayCounts]]:
    """Of each site its last `days` days, today included, the oldest first; none is left out."""
    today = now.astimezone(UTC).date()
    calendar = [today - timedelta(days=ago) for ago in reversed(range(days))]
    since = datetime.combine(calendar[0], time.min, UTC)
    sums: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0] * len(KINDS))
    for some in batched(sites, _SOME):
        query = select(_VIEW.c.site, _VIEW.c.started_at, *(_VIEW.c[kind] for kind in KINDS))
        found = query.where(_VIEW.c.site.in_(some), _VIEW.c.started_at >= since)
        for site, started_at, *counts in conn.execute(found):
            day = sums[site, started_at.astimezone(UTC).date()]
            day[:] = [total + int(count) for total, count in zip(day, counts, strict=True)]
    return {site: [DayCounts(day, *sums[site, day]) for day in calendar] for site in sites}
