"""What a sample of each day's articles of a site shows: how long they are, what was removed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Final

from sqlalchemy import Connection, select

from models.articles import rows
from models.views.article_views import ARTICLES, REMOVED_BLOCKS

MOST: Final = 10  # articles of a day, the first: so a page costs the same at any size
REASONS: Final = 4  # that are told apart, the most frequent; the rest is OTHERS
OTHERS: Final = "others"
_ARTICLES: Final = ARTICLES.table()
_REMOVED: Final = REMOVED_BLOCKS.table()


@dataclass(frozen=True, slots=True)
class DaySample:
    """Some articles that a site had new on one day (UTC)."""

    day: date
    article_ids: tuple[int, ...]


def day_samples(conn: Connection, site_id: int, days: int, now: datetime) -> list[DaySample]:
    """A sample of each of the last `days` days, today included, the oldest first."""
    today = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    starts = [today - timedelta(days=ago) for ago in reversed(range(days))]
    return [
        DaySample(
            start.date(),
            tuple(rows.first_between(conn, site_id, start, start + timedelta(days=1), MOST)),
        )
        for start in starts
    ]


def median_words(conn: Connection, samples: Sequence[DaySample]) -> list[float | None]:
    """Words of the median article of each sample; None for a day without one."""
    query = select(_ARTICLES.c.article_id, _ARTICLES.c.word_count)
    found = conn.execute(query.where(_ARTICLES.c.article_id.in_(_all(samples))))
    words = {row.article_id: int(row.word_count) for row in found}
    of_days = ([words[n] for n in sample.article_ids if n in words] for sample in samples)
    return [float(median(counts)) if counts else None for counts in of_days]


def removed_blocks(
    conn: Connection, samples: Sequence[DaySample]
) -> Mapping[str, list[float | None]]:
    """Blocks removed from an article of each sample on average, by reason; frequent ones first.

    None for a day without an article.
    """
    day_of = {n: place for place, sample in enumerate(samples) for n in sample.article_ids}
    query = select(_REMOVED.c.article_id, _REMOVED.c.reason, _REMOVED.c.evidence)
    blocks: dict[str, Counter[int]] = defaultdict(Counter)
    for article_id, reason, evidence in conn.execute(
        query.where(_REMOVED.c.article_id.in_(_all(samples)))
    ):
        blocks[reason][day_of[article_id]] += int(evidence.get("blocks", 1))
    often = sorted(blocks, key=lambda reason: (-blocks[reason].total(), reason))
    for reason in often[REASONS:]:
        blocks[OTHERS] += blocks.pop(reason)
    return {
        reason: [
            blocks[reason][place] / len(sample.article_ids) if sample.article_ids else None
            for place, sample in enumerate(samples)
        ]
        for reason in [*often[:REASONS], *([OTHERS] if OTHERS in blocks else [])]
    }


def _all(samples: Sequence[DaySample]) -> list[int]:
    return [n for sample in samples for n in sample.article_ids]
