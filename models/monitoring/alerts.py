"""The outbox of alerts: each change of a site's state, and to whom it is still to be delivered.

A row is written in the transaction that changes the state, so that no kill comes between the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Select,
    String,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
)

from models.db.types import UTC, CleanText, Key, column, one_of, table
from models.monitoring.alert_receivers import ALERT_RECEIVERS
from models.monitoring.health import STATES
from models.sites.registry import SITES

MOST: Final = 2_000  # alerts that are read at once; what is beyond comes in the next message

ALERTS: Final = table(
    "alerts",
    column("alert_id", Key, primary_key=True, autoincrement=True, comment="number of the alert"),
    column("site_id", ForeignKey("sites.site_id"), index=True, comment="site it is of"),
    column(
        "run_id",
        ForeignKey("runs.run_id"),
        nullable=True,
        index=True,
        comment="the last run that the monitors saw",
    ),
    column("was", String(4), comment="the state before: ok | warn | red"),
    column("state", String(4), comment="the new state: ok | warn | red"),
    column("reason", CleanText, nullable=True, comment="why; null where all is well"),
    column("at", UTC, comment="when the state changed"),
    one_of("was", STATES),
    one_of("state", STATES),
    Index("ix_alerts_at", "at"),
    comment="Each change of a site's state, as receivers hear of it.",
)

ALERT_DELIVERIES: Final = table(
    "alert_deliveries",
    column(
        "receiver_id",
        ForeignKey("alert_receivers.receiver_id"),
        primary_key=True,
        comment="who is to hear of it",
    ),
    column(
        "alert_id",
        ForeignKey("alerts.alert_id"),
        primary_key=True,
        index=True,
        comment="what is to be delivered",
    ),
    comment="Alerts that are still to be delivered; a row goes when its receiver has it.",
    rowid=False,
)


@dataclass(frozen=True, slots=True)
class Alert:
    """One change of a site's state."""

    alert_id: int
    site: str
    was: str  # ok | warn | red
    state: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Deliveries:
    """How deliveries to a receiver do."""

    receiver_id: int
    shown: str  # scheme and host of its address
    waiting: int  # alerts that it still has to hear
    failures: int  # tries that failed in a row
    failing_since: datetime | None  # None: not tried yet, or the last try went well
    last_error: str | None


def record(
    conn: Connection,
    site_id: int,
    run_id: int | None,
    was: str,
    state: str,
    reason: str | None,
    now: datetime,
) -> None:
    """Notes a change of state, to be delivered to every receiver that is known."""
    row = {"site_id": site_id, "run_id": run_id, "was": was, "state": state}
    key = conn.execute(insert(ALERTS).values(**row, reason=reason, at=now)).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the alert no number")
    each = select(ALERT_RECEIVERS.c.receiver_id, literal(int(key[0])))
    conn.execute(insert(ALERT_DELIVERIES).from_select(["receiver_id", "alert_id"], each))


def waiting(conn: Connection, receiver_id: int, limit: int = MOST) -> list[Alert]:
    """What is to be delivered to a receiver, in the order in which it was noted; the oldest."""
    query = (
        select(
            ALERTS.c.alert_id,
            SITES.c.name,
            ALERTS.c.was,
            ALERTS.c.state,
            ALERTS.c.reason,
            ALERTS.c.at,
        )
        .join_from(ALERT_DELIVERIES, ALERTS, ALERTS.c.alert_id == ALERT_DELIVERIES.c.alert_id)
        .join(SITES, SITES.c.site_id == ALERTS.c.site_id)
        .where(ALERT_DELIVERIES.c.receiver_id == receiver_id)
        .order_by(ALERT_DELIVERIES.c.alert_id)
        .limit(limit)
    )
    return [Alert(*row) for row in conn.execute(query)]


def mark_delivered(conn: Connection, receiver_id: int, alert_ids: Sequence[int]) -> None:
    """These need not be delivered to the receiver any more."""
    theirs = ALERT_DELIVERIES.c.receiver_id == receiver_id
    conn.execute(delete(ALERT_DELIVERIES).where(theirs, ALERT_DELIVERIES.c.alert_id.in_(alert_ids)))


def deliveries(conn: Connection, named_since: datetime) -> list[Deliveries]:
    """How they do, of each receiver that was named since then."""
    receivers = ALERT_RECEIVERS.c
    count = (
        select(func.count())
        .where(ALERT_DELIVERIES.c.receiver_id == receivers.receiver_id)
        .scalar_subquery()
    )
    query = (
        select(
            receivers.receiver_id,
            receivers.shown,
            count,
            receivers.failures,
            receivers.failing_since,
            receivers.last_error,
        )
        .where(receivers.named_at >= named_since)
        .order_by(receivers.receiver_id)
    )
    return [Deliveries(*row) for row in conn.execute(query)]


def old(before: datetime, named_since: datetime | None = None) -> Select[int]:
    """Numbers of alerts from before then that nobody is still to hear of.

    `named_since`: receivers that nobody has named since then do not count.
    """
    due: ColumnElement[bool] = ALERT_DELIVERIES.c.alert_id == ALERTS.c.alert_id
    if named_since is not None:
        receivers = ALERT_RECEIVERS.c
        due = (
            due
            & (ALERT_DELIVERIES.c.receiver_id == receivers.receiver_id)
            & (receivers.named_at >= named_since)
        )
    return select(ALERTS.c.alert_id).where(ALERTS.c.at < before, ~exists().where(due))


def remove(conn: Connection, before: datetime, limit: int) -> int:
    """Removes at most `limit` of `old`; returns how many."""
    numbers = list(conn.scalars(old(before).order_by(ALERTS.c.alert_id).limit(limit)))
    if numbers:
        conn.execute(delete(ALERTS).where(ALERTS.c.alert_id.in_(numbers)))
    return len(numbers)


def forget_deliveries(conn: Connection, receiver_ids: Sequence[int]) -> None:
    """Nothing is to be delivered to these receivers any more: nobody names them."""
    theirs = ALERT_DELIVERIES.c.receiver_id.in_(receiver_ids)
    conn.execute(delete(ALERT_DELIVERIES).where(theirs))
