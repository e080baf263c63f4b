"""Pages and articles that an alarm is about, and what runs said of them, for people to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from models.articles.revisions import REVISIONS
from models.crawl.run_rows import OUTCOMES
from models.crawl.url_rows import URLS
from models.monitoring.run_metrics import FRUITFUL, articles_seen
from models.outcomes import Outcome

UNTITLED: Final = REVISIONS.c.title.is_(None)
UNDATED: Final = REVISIONS.c.published_at.is_(None)
ANY_LENGTH: Final = REVISIONS.c.word_count >= 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An outcome and its reason in words, how many URLs had it, and one of them."""

    outcome: str
    reason: str | None
    urls: int
    example: str

    def as_json(self) -> Mapping[str, Any]:
        """As it is stored."""
        return asdict(self)


def pages_with(
    conn: Connection, run_ids: Sequence[int], outcomes: frozenset[Outcome], limit: int
) -> list[str]:
    """Some URLs that ended so in these runs, and have not done better since."""
    query = (
        select(URLS.c.url)
        .join_from(OUTCOMES, URLS, URLS.c.url_id == OUTCOMES.c.url_id)
        .where(OUTCOMES.c.run_id.in_(run_ids), OUTCOMES.c.outcome.in_(sorted(outcomes)))
        .where(URLS.c.outcome.in_(sorted(outcomes)))
        .order_by(OUTCOMES.c.run_id.desc(), OUTCOMES.c.url_id)
    )
    return list(dict.fromkeys(conn.execute(query.limit(limit)).scalars()))


def articles_with(
    conn: Connection, run_ids: Sequence[int], which: ColumnElement[bool], limit: int
) -> list[str]:
    """Some URLs of articles that these runs saw and that were such, the shortest first."""
    seen = articles_seen(run_ids, REVISIONS.c.url).where(which).order_by(None)
    found = conn.execute(seen.order_by(REVISIONS.c.word_count).limit(limit))
    return list(dict.fromkeys(row.url for row in found))


def refusals(conn: Connection, run_ids: Sequence[int], limit: int) -> list[Refusal]:
    """The commonest outcomes of these runs that brought no article, with their reasons."""
    bad = sorted(set(Outcome) - FRUITFUL)
    urls = func.count(OUTCOMES.c.url_id.distinct())
    counted = (
        select(OUTCOMES.c.outcome, OUTCOMES.c.reason, urls, func.max(OUTCOMES.c.url_id))
        .where(OUTCOMES.c.run_id.in_(run_ids), OUTCOMES.c.outcome.in_(bad))
        .group_by(OUTCOMES.c.outcome, OUTCOMES.c.reason)
        .order_by(urls.desc(), OUTCOMES.c.outcome, func.max(OUTCOMES.c.url_id))
        .limit(limit)
    )
    rows = conn.execute(counted).all()
    ids = [row[-1] for row in rows]
    named = {row.url_id: row.url for row in conn.execute(_urls(ids))}
    return [Refusal(row[0], row[1], int(row[2]), named[row[3]]) for row in rows]


def _urls(ids: Sequence[int]) -> Any:
    return select(URLS.c.url_id, URLS.c.url).where(URLS.c.url_id.in_(ids))
