"""Sites that are handed out to workers: what `visit --fleet` does not hand out once more.

A handout says what the broker was given; it guarantees nothing. The broker may lose it or deliver
it twice: the lease of a site keeps two visits apart, and a handout that got old is made again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, String, delete, exists, func, or_, select, update

from models.crawl.run_rows import RUNS
from models.db.statements import upsert
from models.db.types import UTC, column, table
from models.errors import BatchBusy
from models.sites.registry import SITES

HANDED: Final = timedelta(minutes=20)  # longer than a batch and a redelivery of it take
KEPT: Final = timedelta(days=1)  # not handed out again for so long, a site waits no more
_SOME: Final = 500  # sites of one statement

HANDOUTS: Final = table(
    "handouts",
    column("site", String(100), primary_key=True, comment="name of the site that is handed out"),
    column("batch", String(40), index=True, comment="batch in which the broker has it"),
    column("label", String(100), index=True, comment="[fetch] label of its file; empty: none"),
    column("waiting_since", UTC, comment="when it was first handed out for the visit it waits for"),
    column("handed_at", UTC, comment="when it was last handed out"),
    column(
        "taken_by",
        String(200),
        nullable=True,
        comment="worker that has the batch; null: none took it yet",
    ),
    comment="Sites that workers were given and have not visited yet.",
)


class Waiting(NamedTuple):
    """The sites of a label that are handed out, and whose visit has not begun."""

    sites: int
    oldest: datetime  # since when the first of them waits


def hand_out(
    conn: Connection, batch: str, label: str, sites: Collection[str], now: datetime
) -> None:
    """Notes that the broker has these sites in a batch; `label` is empty for those without one.

    A site that was handed out before, and not visited since, still waits from then on.
    """
    again = HANDOUTS.c.site.in_(sorted(sites))
    wrong = HANDOUTS.c.handed_at > now + HANDED  # of a clock that was wrong
    conn.execute(delete(HANDOUTS).where(again, _begun() | wrong))
    row = {"batch": batch, "label": label, "waiting_since": now, "handed_at": now}
    rows = [{"site": site, "taken_by": None, **row} for site in sorted(sites)]
    upsert(conn, HANDOUTS, rows, ["batch", "label", "handed_at", "taken_by"])


def take(conn: Connection, batch: str, owner: str, alive: Collection[str]) -> frozenset[str]:
    """A worker has a batch now; returns the sites that are still to be visited as part of it.

    None are left of a batch that comes once more after it was done, or handed out again. Raises
    BatchBusy while one of `alive`, workers that live, has it.
    """
    mine = HANDOUTS.c.batch == batch
    taker = HANDOUTS.c.taken_by
    free = or_(taker.is_(None), taker.not_in(sorted(alive)))
    if conn.execute(update(HANDOUTS).where(mine, free).values(taken_by=owner)).rowcount:
        return frozenset(conn.scalars(select(HANDOUTS.c.site).where(mine)))
    other = conn.scalar(select(taker).where(mine).limit(1))
    if other is None:
        return frozenset()
    raise BatchBusy(f"batch {batch} is under way at {other}")


def outstanding(
    conn: Connection,
    now: datetime,
    alive: Collection[str] | None = None,
    lost: Mapping[str, datetime] | None = None,
) -> frozenset[str]:
    """Sites that a worker has or will get: handed out for less than HANDED, and not done.

    `alive`: workers that live; what another took comes from nobody (None: all live). `lost`: times
    by label; what was handed out before, and no worker took, the broker has lost.
    """
    at, lost = HANDOUTS.c.handed_at, lost or {}
    columns = (HANDOUTS.c.site, HANDOUTS.c.label, at, HANDOUTS.c.taken_by)
    rows = conn.execute(select(*columns).where(at > now - HANDED, at <= now + HANDED))
    return frozenset(
        row.site
        for row in rows
        if (row.taken_by is None and not (row.label in lost and row.handed_at < lost[row.label]))
        or (row.taken_by is not None and (alive is None or row.taken_by in alive))
    )


def lost(conn: Connection, now: datetime, outstanding: Collection[str]) -> frozenset[str]:
    """Sites handed out for less than HANDED and never visited, which are not `outstanding`."""
    at = HANDOUTS.c.handed_at
    rows = select(HANDOUTS.c.site).where(at > now - HANDED, at <= now + HANDED, ~_begun())
    return frozenset(conn.scalars(rows)).difference(outstanding)


def done(conn: Connection, sites: Sequence[str], batch: str) -> None:
    """A worker visited these sites of a batch, or gives them back; in another they stay."""
    for first in range(0, len(sites), _SOME):
        some = HANDOUTS.c.site.in_(sites[first : first + _SOME])
        conn.execute(delete(HANDOUTS).where(some, HANDOUTS.c.batch == batch))


def forget(conn: Connection, site: str) -> None:
    """Forgets a name that no site has any more; a worker that gets it finds nothing to do."""
    conn.execute(delete(HANDOUTS).where(HANDOUTS.c.site == site))


def oldest(conn: Connection, now: datetime) -> Mapping[str, Waiting]:
    """How many sites of each label wait for a worker, and since when."""
    since = func.min(HANDOUTS.c.waiting_since, type_=UTC())
    query = select(HANDOUTS.c.label, func.count(), since).where(*_waits(now))
    rows = conn.execute(query.group_by(HANDOUTS.c.label).order_by(HANDOUTS.c.label))
    return {label: Waiting(sites, at) for label, sites, at in rows}


def waiting(conn: Connection, label: str, now: datetime) -> list[str]:
    """Names of the sites of a label that wait for a worker, the oldest first."""
    mine = select(HANDOUTS.c.site).where(HANDOUTS.c.label == label, *_waits(now))
    return list(conn.scalars(mine.order_by(HANDOUTS.c.waiting_since, HANDOUTS.c.site)))


def forget_old(conn: Connection, now: datetime) -> int:
    """Forgets what was handed out long ago, as of sites that were removed since; how many."""
    old = HANDOUTS.c.handed_at <= now - KEPT
    return conn.execute(delete(HANDOUTS).where(old)).rowcount


def _waits(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (HANDOUTS.c.handed_at > now - KEPT, ~_begun())


def _begun() -> ColumnElement[bool]:
    """Whether a visit of the site began since it was handed out, whoever visits it.

    One that was killed, or stopped with its worker, is none: what a worker that lives gave up on
    has no row any more.
    """
    return exists().where(
        SITES.c.name == HANDOUTS.c.site,
        RUNS.c.site_id == SITES.c.site_id,
        RUNS.c.kind == "visit",
        RUNS.c.started_at >= HANDOUTS.c.handed_at,
        RUNS.c.status.in_(("running", "done")),
    )
