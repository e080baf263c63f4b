"""The clock of the database's server, against ours: leases of many machines need one time."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from models.clock import utc_now
from models.db.database import Database
from models.db.types import MARIADB, UTC
from models.durations import spoken
from models.errors import ClockDiffers

ALLOWED: Final = timedelta(seconds=30)  # as far as a clock may be ahead or behind


def clock_difference(conn: Connection) -> timedelta:
    """How far this machine's clock is ahead of the database's at least; negative: behind.

    Zero if the database's time lies between our times before and after we asked for it, however
    long the answer took. Zero on SQLite, whose clock is this machine's.
    """
    if conn.dialect.name == "postgresql":
        asked = select(func.clock_timestamp(type_=UTC()))
    elif conn.dialect.name in MARIADB:
        asked = select(func.utc_timestamp(6, type_=UTC()))
    else:
        return timedelta(0)
    before = utc_now()
    theirs = conn.execute(asked).scalar_one()
    return _difference(before, theirs, utc_now())


def require_same_clock(database: Database) -> None:
    """Raises ClockDiffers, in one line, if the clocks differ by more than ALLOWED."""

    def ask() -> timedelta:
        with database.reading() as conn:
            return clock_difference(conn)

    difference = database.when_there(ask)
    if abs(difference) > ALLOWED:
        how = "ahead of" if difference > timedelta(0) else "behind"
        raise ClockDiffers(
            f"this machine's clock is {spoken(abs(difference))} {how} the database's; set both by"
            " NTP, as `timedatectl set-ntp true` does, then start again"
        )


def _difference(before: datetime, theirs: datetime, after: datetime) -> timedelta:
    if theirs < before:
        return before - theirs
    return min(after - theirs, timedelta(0))
