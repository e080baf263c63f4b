"""The reader's cursor: one row a change, numbered in the order of commits.

A number taken when a row is written may become visible after a later number, and a reader
that has moved on misses the row. So changes are collected while a transaction works and
numbered by its last statement, which locks the one row of the counter until the commit:
whoever is numbered later commits later.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, ForeignKey, String, event, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.db.types import UTC, Base, Key

_PENDING: Final = "winnow_changes"
_MARKS: Final = "winnow_changes_marks"


class ChangeRow(Base):
    """Something that a reader of articles would want to know."""

    __tablename__ = "changes"

    change_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.article_id"), index=True)
    revision: Mapped[int] = mapped_column()
    kind: Mapped[str] = mapped_column(
        String(10), comment="new | revised | withdrawn | restored | clustered"
    )
    at: Mapped[datetime] = mapped_column(UTC)


class ChangeCounterRow(Base):
    """The last number given out. Its row lock makes numbers follow the order of commits."""

    __tablename__ = "change_counter"

    one: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(Key)


class Change(NamedTuple):
    """One change of one article: new | revised | withdrawn | restored | clustered."""

    article_id: int
    revision: int
    kind: str


def enqueue(conn: Connection, rows: Sequence[Change], now: datetime) -> None:
    """Has the transaction number these changes as its last act, at `flush` or at its commit."""
    conn.info.setdefault(_PENDING, []).extend((row, now) for row in rows)


def flush(conn: Connection, now: datetime | None = None) -> None:
    """Numbers what `later` collected; to be followed by the commit, as it holds back others."""
    pending = conn.info.pop(_PENDING, [])
    if pending:
        append(conn, [row for row, _ in pending], now or pending[-1][1])


def append(conn: Connection, rows: Sequence[Change], now: datetime) -> None:
    """Writes changes with the next numbers; all other writers of changes wait for the commit."""
    conn.execute(
        update(ChangeCounterRow)
        .where(ChangeCounterRow.one == 1)
        .values(value=ChangeCounterRow.value + len(rows))
    )
    last = conn.execute(select(ChangeCounterRow.value)).scalar_one()
    first = last - len(rows) + 1
    conn.execute(
        insert(ChangeRow),
        [{"change_id": first + n, **row._asdict(), "at": now} for n, row in enumerate(rows)],
    )


@event.listens_for(Engine, "begin")
def _start(conn: Connection) -> None:
    # the pool hands a connection on with what a rolled back transaction left
    conn.info.pop(_PENDING, None)
    conn.info.pop(_MARKS, None)


@event.listens_for(Engine, "commit")
def _finish(conn: Connection) -> None:
    flush(conn)


@event.listens_for(Engine, "savepoint")
def _mark(conn: Connection, _name: str | None) -> None:
    # savepoints end in the order opposite to their beginning, and the event has no name yet
    pending = conn.info.get(_PENDING, [])
    conn.info.setdefault(_MARKS, []).append(len(pending))


@event.listens_for(Engine, "release_savepoint")
def _accept(conn: Connection, _name: str, _context: Any) -> None:
    conn.info[_MARKS].pop()


@event.listens_for(Engine, "rollback_savepoint")
def _forget(conn: Connection, _name: str, _context: Any) -> None:
    kept = conn.info[_MARKS].pop()
    del conn.info.get(_PENDING, [])[kept:]
