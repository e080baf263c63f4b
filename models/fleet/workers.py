"""The workers of a fleet: each says who it is when it starts, and that it lives from then on.

The times are the database's: a worker that refuses because its own clock is wrong is seen too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Integer, String, delete, insert, select, update

from models.db.owners import is_dead
from models.db.server_clock import clock_difference
from models.db.types import UTC, CleanText, JsonText, column, table

SIGN_OF_LIFE: Final = timedelta(seconds=15)  # between two of them
SILENT: Final = timedelta(minutes=2)  # without one for so long, a worker hangs or is dead
GONE: Final = timedelta(days=1)  # without one for so long, nobody waits for it any more
NO_LABEL: Final = ""  # among a worker's labels: it takes the sites that have none

FLEET_WORKERS: Final = table(
    "fleet_workers",
    column("owner", String(200), primary_key=True, comment="host, process and a random part"),
    column("host", String(200), comment="machine that it runs on"),
    column("version", String(50), comment="its version of Winnow"),
    column("revision", String(50), comment="revision of the database that its version needs"),
    column("labels", JsonText, comment="JSON list of labels whose sites it takes; '': no label"),
    column("jobs", Integer, comment="sites at once, at most"),
    column("under_way", Integer, comment="sites that it visits now"),
    column("started_at", UTC, comment="when it started"),
    column("alive_at", UTC, comment="its last sign of life"),
    column("refused", CleanText, nullable=True, comment="why it refused to work; null: it works"),
    comment="Workers of the fleet; one that ends takes its row away.",
)


@dataclass(frozen=True, slots=True)
class FleetWorker:
    """One `scrapy worker`, as the database knows it."""

    owner: str  # of models.db.owners.new_owner
    host: str
    version: str
    revision: str  # of the database, as its version needs it
    labels: tuple[str, ...]  # whose sites it takes; NO_LABEL: those without one
    jobs: int  # sites at once, at most
    started_at: datetime
    alive_at: datetime
    under_way: int = 0
    refused: str | None = None  # why it does no work

    def is_silent(self, now: datetime) -> bool:
        """Whether its last sign of life is too long ago."""
        return self.alive_at < now - SILENT

    def is_alive(self, now: datetime) -> bool:
        """Whether it may be at work: it gives signs of life, and was not killed on this machine."""
        return not self.is_silent(now) and not is_dead(self.owner)


def register(conn: Connection, worker: FleetWorker) -> None:
    """A worker starts, or comes back after it was forgotten; workers that are gone go."""
    ahead = clock_difference(conn)
    started, alive = worker.started_at - ahead, worker.alive_at - ahead
    forget(conn, started)
    _forget_dead(conn)
    row = {name: getattr(worker, name) for name in FleetWorker.__dataclass_fields__}
    row |= {"started_at": started, "alive_at": alive}
    conn.execute(delete(FLEET_WORKERS).where(FLEET_WORKERS.c.owner == worker.owner))
    conn.execute(insert(FLEET_WORKERS), [{**row, "labels": list(worker.labels)}])


def heartbeat(conn: Connection, owner: str, under_way: int, now: datetime) -> bool:
    """A sign of life; False where the worker was forgotten meanwhile: then register again."""
    mine = update(FLEET_WORKERS).where(FLEET_WORKERS.c.owner == owner)
    return (
        conn.execute(mine.values(alive_at=_on_server(conn, now), under_way=under_way)).rowcount == 1
    )


def refuse(conn: Connection, owner: str, why: str, now: datetime) -> None:
    """The worker does no work, in one line that says what to do; its row stays when it ends."""
    mine = update(FLEET_WORKERS).where(FLEET_WORKERS.c.owner == owner)
    conn.execute(mine.values(refused=why, under_way=0, alive_at=_on_server(conn, now)))


def leave(conn: Connection, owner: str) -> None:
    """The worker ends, as it was told to."""
    conn.execute(delete(FLEET_WORKERS).where(FLEET_WORKERS.c.owner == owner))


def known(conn: Connection) -> list[FleetWorker]:
    """All workers that have not ended, by host and start; those that are silent too."""
    columns = [FLEET_WORKERS.c[name] for name in FleetWorker.__dataclass_fields__]
    query = select(*columns).order_by("host", "started_at", "owner")
    return [replace(FleetWorker(*row), labels=tuple(row.labels)) for row in conn.execute(query)]


def alive(conn: Connection, now: datetime) -> list[str]:
    """The owners of those that may be at work."""
    return [worker.owner for worker in known(conn) if worker.is_alive(now)]


def forget(conn: Connection, now: datetime) -> int:
    """Forgets workers without a sign of life for GONE; returns how many. `now`: the database's."""
    gone = FLEET_WORKERS.c.alive_at < now - GONE
    return conn.execute(delete(FLEET_WORKERS).where(gone)).rowcount


def _on_server(conn: Connection, now: datetime) -> datetime:
    return now - clock_difference(conn)


def _forget_dead(conn: Connection) -> None:
    """Forgets those that were killed on this machine: the one that starts takes their place."""
    owners = conn.scalars(select(FLEET_WORKERS.c.owner))
    dead: Sequence[str] = [owner for owner in owners if is_dead(owner)]
    if dead:
        conn.execute(delete(FLEET_WORKERS).where(FLEET_WORKERS.c.owner.in_(dead)))
