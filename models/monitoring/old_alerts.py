"""Alerts that are old and delivered, and receivers that nobody names any more, go."""

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection, func, select

from models.db.database import Database
from models.monitoring import alert_receivers, alerts

_BATCH: Final = 1000  # rows a transaction: a visit beside it waits for no longer than that


def count(conn: Connection, before: datetime) -> int:
    """How many alerts `remove` would remove."""
    gone = alerts.old(before, named_since=before)
    return int(conn.execute(select(func.count()).select_from(gone.subquery())).scalar_one())


def remove(database: Database, before: datetime) -> int:
    """Removes them in batches; returns how many. May be stopped at any time.

    What waits for a receiver that is still named stays, however old it is. A receiver that nobody
    has named since then goes, with what waits for it.
    """
    database.patiently(partial(_forget_unnamed, before=before))
    removed = 0
    while some := database.patiently(partial(alerts.remove, before=before, limit=_BATCH)):
        removed += some
    return removed


def _forget_unnamed(conn: Connection, before: datetime) -> None:
    numbers = alert_receivers.unnamed(conn, before)
    if numbers:
        alerts.forget_deliveries(conn, numbers)
        alert_receivers.forget(conn, numbers)
