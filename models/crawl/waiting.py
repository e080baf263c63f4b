"""What waits for a fetch: the heads of a site's queues, each read by one seek in an index."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    TextualSelect,
    bindparam,
    or_,
    select,
    text,
)

from models.crawl.fair_share import Queue, WaitingUrl, fruitless_tries, rank
from models.crawl.queues import OTHER, note_kept, of_site
from models.crawl.url_rows import DEAD, DONE, FOUND, URLS, WHILE
from models.db.types import UTC, Key
from models.outcomes import MAX_ATTEMPTS, retry_after

FARTHEST_TRY: Final = 2 * retry_after(MAX_ATTEMPTS)
# A time further off than any failure sets is of a clock that was wrong: it is not waited for.
_HEAD: Final = (
    "select url_id, newest_at, queue_key from urls"
    " where site_id = :site and state = 'found' and {queue}"
    " and (not_before is null or not_before <= :now or not_before > :far)"
    " and (leased_until is null or leased_until <= :now)"
    " order by newest_at desc, url_id desc limit :most"
)
_OF_KEYS: Final = "select h.* from (values {keys}) as keys (queue_key), lateral ({head}) as h"
_PART: Final = "select * from ({head}) as h{n}"


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


def refresh_statistics(conn: Connection) -> None:
    """Has PostgreSQL count the known URLs now: until it does so by itself, a claim sorts them all.

    It takes a third of a second, however many there are. Others need none, or keep them current.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"analyze {URLS.name}"))


def given_up(conn: Connection, site_id: int, now: datetime) -> list[bytes]:
    """Keys of the URLs that were given up, and are tried once more where a source names them."""
    dead = (URLS.c.site_id == site_id, URLS.c.state == DEAD, URLS.c.not_before <= now - WHILE)
    return [bytes(key) for key in conn.scalars(select(URLS.c.url_key).where(*dead))]


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


def is_free(now: datetime) -> ColumnElement[bool]:
    """Whether no claim that still runs is on a URL."""
    return or_(URLS.c.leased_until.is_(None), URLS.c.leased_until <= now)


def _could_be_fetched(
    conn: Connection, site_id: int, queues: Sequence[Queue], limit: int, now: datetime
) -> dict[int | None, list[WaitingUrl]]:
    """The head of each queue: one seek in an index each, however many URLs wait."""
    given = {"site": site_id, "now": now, "far": now + FARTHEST_TRY, "most": limit}
    keys = {
        f"k{n}": queue.queue_key for n, queue in enumerate(queues) if queue.queue_key is not None
    }
    found: dict[int | None, list[WaitingUrl]] = {}
    for row in conn.execute(_heads(conn.dialect.name, len(keys)), given | keys):
        found.setdefault(row.queue_key, []).append(WaitingUrl(row.url_id, row.newest_at))
    for urls in found.values():
        urls.sort(key=lambda url: (url.newest_at, url.url_id), reverse=True)
    return found


@lru_cache(maxsize=256)  # making it takes ten times as long as SQLite takes to answer it
def _heads(dialect: str, queues: int) -> TextualSelect:
    """The heads of so many queues, and of the URLs in none."""
    heads = [_HEAD.format(queue="queue_key is null")]
    if dialect == "postgresql":  # which plans each part of a union by itself
        keys = ", ".join(f"(cast(:k{n} as bigint))" for n in range(queues))
        head = _HEAD.format(queue="queue_key = keys.queue_key")
        heads += [_OF_KEYS.format(keys=keys, head=head)] * bool(queues)
    else:
        heads += [_HEAD.format(queue=f"queue_key = :k{n}") for n in range(queues)]
    parts = (_PART.format(head=head, n=n) for n, head in enumerate(heads))
    return (
        text(" union all ".join(parts))
        .bindparams(bindparam("now", type_=UTC()), bindparam("far", type_=UTC()))
        .columns(url_id=Key, newest_at=UTC(), queue_key=Key)
    )


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
