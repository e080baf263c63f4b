"""Holds of hosts: a host that several sites share is visited by one worker at a time."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, String, delete, select, update

from models.db.owners import is_dead
from models.db.statements import insert_ignore
from models.db.types import UTC, column, table
from models.errors import HostBusy

HOST_HOLDS: Final = table(
    "host_holds",
    column("host", String(300), primary_key=True, comment="host, with a port if it has its own"),
    column("owner", String(200), comment="worker that holds it: host, process and a random part"),
    column("held_until", UTC, comment="when the hold frees itself"),
    comment="Hosts that several sites share: one worker at a time; a dead worker's hold runs out.",
)

LONGEST_HOLD: Final = timedelta(days=1)  # none is given out for longer


def hold(
    conn: Connection, hosts: Collection[str], owner: str, until: datetime, now: datetime
) -> None:
    """Takes all these hosts or none; takes over holds that ran out or whose owner is dead.

    Raises HostBusy where another owner's hold of one of them still runs.
    """
    _forget_old(conn, now)
    if not hosts:
        return
    mine = {"owner": owner, "held_until": until}
    these = HOST_HOLDS.c.host.in_(sorted(hosts))
    with conn.begin_nested():  # whoever goes on after HostBusy holds none of them
        insert_ignore(conn, HOST_HOLDS, [{"host": host, **mine} for host in sorted(hosts)])
        locked = select(HOST_HOLDS).where(these).order_by(HOST_HOLDS.c.host).with_for_update()
        for there in conn.execute(locked):
            runs = now < there.held_until <= now + LONGEST_HOLD  # beyond: a clock that was wrong
            if there.owner != owner and runs and not is_dead(there.owner):
                raise HostBusy(
                    f"{there.host} is held by {there.owner} until {there.held_until:%H:%M} UTC"
                )
        conn.execute(update(HOST_HOLDS).where(these).values(mine))


def renew(conn: Connection, hosts: Collection[str], owner: str, until: datetime) -> bool:
    """Holds on to hosts; False where another worker has taken one over: then stop."""
    mine = update(HOST_HOLDS).where(*_held_by(hosts, owner))
    return conn.execute(mine.values(held_until=until)).rowcount == len(set(hosts))


def release(conn: Connection, hosts: Collection[str], owner: str) -> int:
    """Gives back those of the hosts that are still ours; returns how many."""
    return conn.execute(delete(HOST_HOLDS).where(*_held_by(hosts, owner))).rowcount


def release_all(conn: Connection, owner: str) -> int:
    """Gives back every hold of an owner that ends or is dead; returns how many."""
    return conn.execute(delete(HOST_HOLDS).where(HOST_HOLDS.c.owner == owner)).rowcount


def release_all_but(conn: Connection, alive: Collection[str]) -> int:
    """Gives back every hold whose owner is none of these workers that live; returns how many."""
    left = conn.execute(select(HOST_HOLDS.c.host, HOST_HOLDS.c.owner)).all()
    dead = {row.owner for row in left if row.owner not in alive}
    return sum(release_all(conn, owner) for owner in sorted(dead))


def _forget_old(conn: Connection, now: datetime) -> None:
    """Forgets holds that dead workers left; looked for first, as a DELETE waits for all others."""
    ran_out = HOST_HOLDS.c.held_until < now - LONGEST_HOLD
    old = conn.scalars(select(HOST_HOLDS.c.host).where(ran_out)).all()
    if old:
        conn.execute(delete(HOST_HOLDS).where(HOST_HOLDS.c.host.in_(old), ran_out))


def _held_by(hosts: Collection[str], owner: str) -> tuple[ColumnElement[bool], ...]:
    return (HOST_HOLDS.c.host.in_(sorted(hosts)), HOST_HOLDS.c.owner == owner)
