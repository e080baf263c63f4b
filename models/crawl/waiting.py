"""What waits for a fetch: the heads of a site's queues, each read by one seek in an index."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select, union_all

from models.crawl.fair_share import Queue, WaitingUrl, fruitless_tries, rank
from models.crawl.queues import OTHER, note_kept, of_site
from models.crawl.url_rows import DONE, FOUND, URLS
from models.outcomes import MAX_ATTEMPTS, retry_after

FARTHEST_TRY: Final = 2 * retry_after(MAX_ATTEMPTS)


def waiting_queues(conn: Connection, site_id: int, limit: int, now: datetime) -> list[Queue]:
    """A site's queues with up to `limit` URLs each that could be fetched now, newest first.

    Their tries leave out what is under way. The site's other claims wait until this one ends.
    """
    queues = [*of_site(conn, site_id, lock=True), Queue(None, None, OTHER, dated=False)]
    under_way = _under_way(conn, site_id, now)
    queues = [
        replace(queue, tries=max(0, queue.tries - under_way[queue.queue_key])) for queue in queues
    ]
    found = _could_be_fetched(conn, site_id, queues, limit, now)
    kept = _kept(conn, site_id, queues)
    return [
        replace(
            queue,
            kept=queue.kept or queue.queue_key in kept,
            waiting=tuple(found.get(queue.queue_key, ())),
        )
        for queue in queues
    ]


def has_waiting(conn: Connection, site_id: int, now: datetime) -> bool:
    """Whether pages wait that could be fetched now, other than those of dead queues."""
    ranked = rank(waiting_queues(conn, site_id, 1, now))
    return any(queue.waiting for queue in (*ranked.live, *ranked.doubtful))


def fruitless_tries_before(conn: Connection, row: Row[Any]) -> tuple[str, int] | None:
    """The shape of a waiting URL's queue, and the tries in it that brought no article.

    None if the row of `urls` does not wait, or waits in no queue. Nothing is written.
    """
    if row.state != FOUND or row.queue_key is None:
        return None
    queues = of_site(conn, row.site_id)
    kept = set(conn.execute(_with_articles(row.site_id, [q.queue_key for q in queues])).scalars())
    queues = [replace(queue, kept=queue.kept or queue.queue_key in kept) for queue in queues]
    found = zip(queues, fruitless_tries(queues), strict=True)
    return next(((q.shape, tries) for q, tries in found if q.queue_key == row.queue_key), None)


def is_due(not_before: Any, now: datetime) -> ColumnElement[bool]:
    """Whether a page that waits to be fetched may be.

    A time further off than any failure sets is of a clock that was wrong: it is not waited for.
    """
    return or_(not_before.is_(None), not_before <= now, not_before > now + FARTHEST_TRY)


def is_free(now: datetime) -> ColumnElement[bool]:
    """Whether no claim that still runs is on a URL."""
    return or_(URLS.c.leased_until.is_(None), URLS.c.leased_until <= now)


def _in_queue(site_id: int, queue_key: int | None) -> tuple[ColumnElement[bool], ...]:
    mine = URLS.c.queue_key.is_(None) if queue_key is None else URLS.c.queue_key == queue_key
    return (URLS.c.site_id == site_id, URLS.c.state == FOUND, mine)


def _could_be_fetched(
    conn: Connection, site_id: int, queues: Sequence[Queue], limit: int, now: datetime
) -> dict[int | None, list[WaitingUrl]]:
    """The head of each queue: one seek in an index each, however many URLs wait."""
    heads = []
    for queue in queues:
        head = (
            select(URLS.c.url_id, URLS.c.newest_at, URLS.c.queue_key)
            .where(*_in_queue(site_id, queue.queue_key))
            .where(is_due(URLS.c.not_before, now), is_free(now))
            .order_by(URLS.c.newest_at.desc(), URLS.c.url_id.desc())
            .limit(limit)
            .subquery()
        )
        heads.append(select(head))
    found: dict[int | None, list[WaitingUrl]] = {}
    for row in conn.execute(union_all(*heads)):
        found.setdefault(row.queue_key, []).append(WaitingUrl(row.url_id, row.newest_at))
    for urls in found.values():
        urls.sort(key=lambda url: (url.newest_at, url.url_id), reverse=True)
    return found


def _under_way(conn: Connection, site_id: int, now: datetime) -> Counter[int | None]:
    """How many URLs of each queue are claimed and have no answer yet."""
    # few, of all sites: counted here, because SQLite would group by reading every URL known
    claimed = (URLS.c.owner > "", URLS.c.leased_until > now)
    rows = conn.execute(select(URLS.c.site_id, URLS.c.queue_key).where(*claimed))
    return Counter(row.queue_key for row in rows if row.site_id == site_id)


def _kept(conn: Connection, site_id: int, queues: Sequence[Queue]) -> set[int]:
    """Those queues of which an article came meanwhile: noted, so that it is asked once."""
    unsure = [q.queue_key for q in queues if not q.kept and q.tries and q.queue_key is not None]
    if not unsure:
        return set()
    kept = set(conn.execute(_with_articles(site_id, unsure)).scalars())
    if kept:
        note_kept(conn, site_id, kept)
    return kept


def _with_articles(site_id: int, keys: Sequence[int | None]) -> Select[int]:
    """Those of the queues of which a URL is an article."""
    return (
        select(URLS.c.queue_key)
        .where(URLS.c.site_id == site_id, URLS.c.state == DONE, URLS.c.queue_key.in_(keys))
        .where(URLS.c.article)
        .distinct()
    )
