"""Every URL known: found, claimed by a lease, acknowledged by storing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from models.batches import batched
from models.crawl import queues
from models.crawl.fair_share import share_out
from models.crawl.schedule import FARTHEST_REVISIT
from models.crawl.url_rows import (
    DONE,
    FOUND,
    URLS,
    UrlLease,
    lease_of,
    merge_source_hint,
    rows_of,
    state_after,
    state_after_reading,
    state_when_kept,
    validators,
)
from models.crawl.waiting import is_free, waiting_queues
from models.db.statements import insert_ignore, update_row
from models.items import Link
from models.outcomes import KEPT, OURS, Outcome
from models.urls import url_key

_Pairs = Sequence[tuple[Row[Any], dict[str, Any]]]  # known rows, and what is said of them
_CHUNK: Final = 500  # rows a statement: SQLite and pymysql like short lists
_HINTED: Final = tuple(
    URLS.c[name]
    for name in (
        "url_id", "url_key", "site_id", "hint_title", "hint_published_at", "hint_precision",
        "hint_modified_at", "found_at", "fetched_at", "not_before", "article", "state", "queue_key",
        "outcome",
    )
)  # fmt: skip


def add_links(conn: Connection, site_id: int, links: Sequence[Link], now: datetime) -> int:
    """Makes every link a row, and returns how many are new.

    What a source says of a known URL is filled in where it was not known, and a later change moves
    its revisit up, unless another site owns it or it was erased. What is no web page is left out.
    """
    new, rows = 0, rows_of(site_id, links, now)
    queues.assign(conn, site_id, rows)
    for chunk in batched(rows, _CHUNK):
        known = _known(conn, [row["url_key"] for row in chunk])
        fresh = [row for row in chunk if row["url_key"] not in known]
        insert_ignore(conn, URLS, fresh)
        new += len(fresh)
        _fill_in(
            conn, site_id, [(known[r["url_key"]], r) for r in chunk if r["url_key"] in known], now
        )
    return new


def claim(
    conn: Connection, site_id: int, owner: str, limit: int, until: datetime, now: datetime
) -> list[UrlLease]:
    """Up to `limit` URLs that wait to be fetched, held for `owner` until `until`.

    They are unfinished, their `not_before` has passed, and no claim that still runs is on them.
    Dated news comes first, and every source and shape of address has its share (`fair_share`).
    """
    waiting = waiting_queues(conn, site_id, limit, now)
    turns = {url_id: turn for turn, url_id in enumerate(share_out(waiting, limit, now))}
    if not turns:
        return []
    query = select(URLS).where(URLS.c.url_id.in_(turns), URLS.c.state == FOUND, is_free(now))
    rows = _take(conn, query.order_by(URLS.c.url_id), owner, until)
    queues.count_tries(conn, site_id, [row.queue_key for row in rows], now)
    return sorted(map(lease_of, rows), key=lambda lease: turns[lease.url_id])


def claim_revisits(
    conn: Connection, site_id: int, owner: str, limit: int, until: datetime, now: datetime
) -> list[UrlLease]:
    """Up to `limit` stored articles whose `not_before` has come, the longest due first."""
    ours = (URLS.c.site_id == site_id, URLS.c.state == DONE, URLS.c.article, is_free(now))
    rows: list[Row[Any]] = []
    # the second is of a clock that was wrong; either is a walk along an index, both in one are not
    for come in (URLS.c.not_before <= now, URLS.c.not_before > now + FARTHEST_REVISIT):
        query = select(URLS).where(*ours, come).order_by(URLS.c.not_before)
        rows += _take(conn, query.limit(limit - len(rows)), owner, until)
    return [lease_of(row) for row in rows]


def claim_these(
    conn: Connection, url_ids: Sequence[int], owner: str, until: datetime, now: datetime
) -> list[UrlLease]:
    """Those of `url_ids` that nobody else holds, whatever their state, in the given order."""
    taken: dict[int, UrlLease] = {}
    for part in batched(url_ids, _CHUNK):
        query = select(URLS).where(URLS.c.url_id.in_(part), is_free(now)).order_by(URLS.c.url_id)
        taken |= {row.url_id: lease_of(row) for row in _take(conn, query, owner, until)}
    return [taken[url_id] for url_id in dict.fromkeys(url_ids) if url_id in taken]


def peek(conn: Connection, url_ids: Sequence[int]) -> list[UrlLease]:
    """What leasing these URLs would give, in the order of their numbers; nothing is leased."""
    query = select(URLS).where(URLS.c.url_id.in_(url_ids)).order_by(URLS.c.url_id)
    return [lease_of(row) for row in conn.execute(query)]


def extend(conn: Connection, owner: str, until: datetime) -> int:
    """Holds on to all that `owner` has claimed; returns how many."""
    return conn.execute(
        update(URLS).where(URLS.c.owner == owner).values(leased_until=until)
    ).rowcount


def release(conn: Connection, owner: str) -> int:
    """Gives back what `owner` claimed and did not finish; returns how many."""
    queues.take_back_tries(conn, owner)
    return conn.execute(
        update(URLS).where(URLS.c.owner == owner).values(owner=None, leased_until=None)
    ).rowcount


def release_urls(conn: Connection, url_ids: Sequence[int], owner: str) -> set[int]:
    """Ends the claims of `owner` on these URLs with nothing else to note; those that it held."""
    mine = (URLS.c.url_id.in_(sorted(url_ids)), URLS.c.owner == owner)
    held = select(URLS.c.url_id).where(*mine).order_by(URLS.c.url_id).with_for_update()
    ours = set(conn.execute(held).scalars())
    conn.execute(update(URLS).where(*mine).values(owner=None, leased_until=None))
    return ours


def acknowledge(
    conn: Connection,
    url_id: int,
    owner: str,
    outcome: str,
    now: datetime,
    *,
    not_before: datetime | None = None,
    fetched_at: datetime | None = None,
    canonical_url: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    fetched: bool = True,
    asked: bool = True,
) -> bool:
    """Ends the lease on a URL with its outcome; False, and nothing done, where it is not ours.

    A passing failure comes again at `not_before` (default: later each time), until
    MAX_ATTEMPTS in a row; a stored article stays `done` whatever happens, and for it
    `not_before` is when to visit again. Validators are taken over only from what was kept.
    `fetched`: the site was asked; else an archived copy was read, which says nothing of it.
    `asked`: this page was; else its host was left alone, which is no failure of the page.
    """
    ours = (URLS.c.url_id == url_id, URLS.c.owner == owner)
    came_of_it = Outcome(outcome)
    values: dict[str, Any] = {"owner": None, "leased_until": None}
    kept = fetched and asked and came_of_it in KEPT  # whatever the row says: it is not read
    row = None if kept else conn.execute(select(URLS).where(*ours).with_for_update()).first()
    if kept:
        values |= state_when_kept(came_of_it, not_before, now) | {"outcome": outcome}
        values |= validators(came_of_it, etag, last_modified)
        values |= {"fetched_at": fetched_at} if fetched_at is not None else {}
    elif row is None:
        return False
    elif not asked:
        queues.take_back_tries(conn, owner, url_id)
        values |= {"not_before": not_before, "outcome": outcome}
        values |= {"fetched_at": fetched_at} if fetched_at is not None else {}
    elif fetched:
        if came_of_it in OURS:  # that says nothing of its shape
            queues.take_back_tries(conn, owner, url_id)
        values |= state_after(row, came_of_it, not_before, now) | {"outcome": outcome}
        values |= validators(came_of_it, etag, last_modified)
        values |= {"fetched_at": fetched_at} if fetched_at is not None else {}
    else:
        values |= state_after_reading(row, came_of_it, now)
    if canonical_url is not None:
        values["canonical_url"] = canonical_url
    return update_row(conn, URLS, {"url_id": url_id, "owner": owner}, values)


def find(conn: Connection, url: str) -> Row[Any] | None:
    """The row of the page that a URL names, in any of its spellings. Raises ValueError."""
    return conn.execute(select(URLS).where(URLS.c.url_key == url_key(url))).first()


def get(conn: Connection, url_id: int) -> Row[Any] | None:
    """The row of a URL by its number."""
    return conn.execute(select(URLS).where(URLS.c.url_id == url_id)).first()


def urls_of(
    conn: Connection,
    site_id: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    articles: bool = True,
    after_id: int = 0,
    limit: int = 1000,
) -> Sequence[Row[Any]]:
    """Rows of a site by number from `after_id` on: those with an article, or all.

    `since` (included) and `until` (excluded) are held against the newest date that a source
    gave, or the time of finding where none did.
    """
    query = select(URLS).where(URLS.c.site_id == site_id, URLS.c.url_id > after_id)
    if articles:
        query = query.where(URLS.c.article)
    if since is not None:
        query = query.where(URLS.c.newest_at >= since)
    if until is not None:
        query = query.where(URLS.c.newest_at < until)
    return conn.execute(query.order_by(URLS.c.url_id).limit(limit)).all()


def counts(conn: Connection, site_id: int) -> dict[str, int]:
    """How many URLs of a site are in each state."""
    query = select(URLS.c.state, func.count()).where(URLS.c.site_id == site_id)
    return {row[0]: row[1] for row in conn.execute(query.group_by(URLS.c.state))}


def _take(conn: Connection, query: Select[Any], owner: str, until: datetime) -> Sequence[Row[Any]]:
    # rows that another claimer is looking at are its own; SQLite has one writer at a time anyway
    rows = conn.execute(query.with_for_update(skip_locked=True)).all()
    if rows:
        held = update(URLS).where(URLS.c.url_id.in_(sorted(row.url_id for row in rows)))
        conn.execute(held.values(owner=owner, leased_until=until))
    return rows


def _known(conn: Connection, keys: Sequence[bytes]) -> dict[bytes, Row[Any]]:
    rows = conn.execute(select(*_HINTED).where(URLS.c.url_key.in_(keys)))
    return {bytes(row.url_key): row for row in rows}


def _fill_in(conn: Connection, site_id: int, pairs: _Pairs, now: datetime) -> None:
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for known, said in pairs:
        ours = known.site_id == site_id and known.outcome != Outcome.ERASED
        changed = merge_source_hint(known, said, now) | queues.moved(known, said) if ours else {}
        if changed:
            alike.setdefault(tuple(changed), []).append({"row": known.url_id, **changed})
    for rows in alike.values():  # one statement for all rows that change in the same columns
        conn.execute(update(URLS).where(URLS.c.url_id == bindparam("row")), rows)
