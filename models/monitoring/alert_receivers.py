"""Receivers of alerts: known by a hash of their address, which may hold a password.

The address itself is in WINNOW_NOTIFY alone. A lease gives a receiver to one process at a time,
so that two visits that end at once send nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Integer, String, delete, or_, select, update

from models.db.owners import is_dead
from models.db.statements import insert_ignore
from models.db.types import UTC, CleanText, Hash, Key, column, table

NAMED_AGAIN: Final = timedelta(hours=1)  # `named_at` is no older while somebody visits
IN_USE: Final = timedelta(days=1)  # a receiver that nobody named for so long is left out of reports
LEASE: Final = timedelta(minutes=1)  # longer than any delivery takes
LONGEST_PAUSE: Final = timedelta(minutes=15)  # between two tries
_FIRST_PAUSE: Final = timedelta(minutes=1)
_FARTHEST: Final = 2 * LONGEST_PAUSE  # a time further off is of a clock that was wrong

ALERT_RECEIVERS: Final = table(
    "alert_receivers",
    column(
        "receiver_id", Key, primary_key=True, autoincrement=True, comment="number of the receiver"
    ),
    column("address_hash", Hash, unique=True, comment="slow hash of its address in WINNOW_NOTIFY"),
    column("shown", String(300), comment="scheme and host of the address, without secrets"),
    column("added_at", UTC, comment="when it was first named; it hears of nothing before"),
    column("named_at", UTC, comment="when a command last found it in WINNOW_NOTIFY"),
    column("delivered_at", UTC, nullable=True, comment="the last delivery; null: none yet"),
    column("failures", Integer, comment="tries that failed in a row"),
    column("failing_since", UTC, nullable=True, comment="the first of them; null: none"),
    column("tried_at", UTC, nullable=True, comment="the last of them; null: none"),
    column("next_try_at", UTC, nullable=True, comment="not tried before then; null: at once"),
    column("last_error", CleanText, nullable=True, comment="why the last try failed"),
    column("owner", String(200), nullable=True, comment="process that delivers now"),
    column("leased_until", UTC, nullable=True, comment="when its lease frees itself; null: free"),
    comment="Who hears of alerts, and how deliveries to them do.",
)


@dataclass(frozen=True, slots=True)
class Receiver:
    """One address of WINNOW_NOTIFY, as the database knows it."""

    receiver_id: int
    shown: str  # scheme and host
    named_at: datetime
    failures: int
    failing_since: datetime | None
    tried_at: datetime | None
    next_try_at: datetime | None


def of_hashes(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, Receiver]:
    """The receivers that are known, by the hash of their address."""
    columns = [ALERT_RECEIVERS.c[name] for name in Receiver.__dataclass_fields__]
    query = select(ALERT_RECEIVERS.c.address_hash, *columns).where(
        ALERT_RECEIVERS.c.address_hash.in_(hashes)
    )
    return {bytes(row[0]): Receiver(*row[1:]) for row in conn.execute(query)}


def add(conn: Connection, address_hash: bytes, shown: str, now: datetime) -> None:
    """A receiver that hears of what changes from here on; one that is known stays as it is."""
    row: dict[str, Any] = {"address_hash": address_hash, "shown": shown, "added_at": now}
    insert_ignore(conn, ALERT_RECEIVERS, [{**row, "named_at": now, "failures": 0}])


def name_again(conn: Connection, receiver_ids: Sequence[int], now: datetime) -> None:
    """Notes that WINNOW_NOTIFY names these."""
    named = update(ALERT_RECEIVERS).where(ALERT_RECEIVERS.c.receiver_id.in_(receiver_ids))
    conn.execute(named.values(named_at=now))


def is_due(receiver: Receiver, now: datetime) -> bool:
    """Whether it may be tried now."""
    at = receiver.next_try_at
    return at is None or at <= now or at > now + _FARTHEST


def acquire(conn: Connection, receiver_id: int, owner: str, now: datetime) -> bool:
    """Takes the receiver's lease, for `LEASE`; False if a process that may live holds it."""
    columns = ALERT_RECEIVERS.c
    held = select(columns.owner).where(columns.receiver_id == receiver_id)
    before = conn.execute(held).scalar()
    free = or_(
        columns.leased_until.is_(None),
        columns.leased_until <= now,
        columns.leased_until > now + 2 * LEASE,  # of a clock that was wrong
    )
    if before is not None and is_dead(before):
        free = or_(free, columns.owner == before)
    taken = update(ALERT_RECEIVERS).where(columns.receiver_id == receiver_id, free)
    return conn.execute(taken.values(owner=owner, leased_until=now + LEASE)).rowcount == 1


def release(conn: Connection, receiver_id: int, owner: str, **values: Any) -> None:
    """Gives the lease back, if it is still the owner's; `values` of other columns go along."""
    mine = (ALERT_RECEIVERS.c.receiver_id == receiver_id, ALERT_RECEIVERS.c.owner == owner)
    freed = {"owner": None, "leased_until": None, **values}
    conn.execute(update(ALERT_RECEIVERS).where(*mine).values(freed))


def succeeded(conn: Connection, receiver_id: int, owner: str, now: datetime) -> None:
    """A delivery went well: the lease ends, and what failed before is over."""
    over = {"failures": 0, "failing_since": None, "tried_at": None, "next_try_at": None}
    release(conn, receiver_id, owner, delivered_at=now, last_error=None, **over)


def failed(conn: Connection, receiver: Receiver, owner: str, error: str, now: datetime) -> None:
    """A delivery failed: the lease ends, and the next try waits, longer each time."""
    failures = receiver.failures + 1
    release(
        conn,
        receiver.receiver_id,
        owner,
        failures=failures,
        failing_since=receiver.failing_since or now,
        tried_at=now,
        next_try_at=now + pause(failures),
        last_error=error,
    )


def pause(failures: int) -> timedelta:
    """How long the next try waits after so many failures in a row: 1, 2, 4, ... 15 minutes."""
    return min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)


def unnamed(conn: Connection, before: datetime) -> list[int]:
    """Numbers of the receivers that nobody has named since then."""
    query = select(ALERT_RECEIVERS.c.receiver_id).where(ALERT_RECEIVERS.c.named_at < before)
    return list(conn.scalars(query))


def forget(conn: Connection, receiver_ids: Sequence[int]) -> None:
    """Removes receivers for whom nothing waits any more."""
    theirs = ALERT_RECEIVERS.c.receiver_id.in_(receiver_ids)
    conn.execute(delete(ALERT_RECEIVERS).where(theirs))
