"""The reader's cursor: one row a change, numbered in the order of commits.

A number taken when a row is written may become visible after a later number, and a reader
that has moved on misses the row. So changes are collected while a transaction works and
numbered by its last statement, which locks the one row of the counter until the commit:
whoever is numbered later commits later.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    String,
    bindparam,
    event,
    func,
    insert,
    update,
)

from models.db.types import MARIADB, UTC, Key, column, one_of, table

CHANGE_KINDS: Final = (
    "new", "revised", "withdrawn", "restored", "clustered", "moved", "refused", "erased",
)  # fmt: skip
_PENDING: Final = "winnow_changes"
_MARKS: Final = "winnow_changes_marks"


CHANGES: Final = table(
    "changes",
    column("change_id", Key, primary_key=True, autoincrement=False, comment="grows with commits"),
    # no foreign key: what an article was is known to readers after it is erased
    column("article_id", Key, index=True, comment="article that changed"),
    column("revision", Integer, comment="its current revision after the change"),
    column("kind", String(10), comment=" | ".join(CHANGE_KINDS)),
    column("at", UTC, comment="when it was recorded"),
    one_of("kind", CHANGE_KINDS),
    comment="What readers of articles would want to know, in the order of commits.",
)

CHANGE_COUNTER: Final = table(
    "change_counter",
    column("one", Integer, primary_key=True, autoincrement=False, comment="1: there is one row"),
    column("value", Key, comment="the last change_id given out"),
    comment="The last number given out. Its row lock makes numbers follow the order of commits.",
)


class Change(NamedTuple):
    """One change of one article; `kind` is one of CHANGE_KINDS."""

    article_id: int
    revision: int
    kind: str


def enqueue(conn: Connection, rows: Sequence[Change], now: datetime) -> None:
    """Has the transaction number these changes as its last act, at `flush` or at its commit."""
    conn.info.setdefault(_PENDING, []).extend((row, now) for row in rows)


def flush(conn: Connection, now: datetime | None = None) -> None:
    """Numbers what `enqueue` collected; to be followed by the commit, as it holds back others."""
    pending = conn.info.pop(_PENDING, [])
    if pending:
        append(conn, [row for row, _ in pending], now or pending[-1][1])


def append(conn: Connection, rows: Sequence[Change], now: datetime) -> None:
    """Writes changes with the next numbers; all other writers of changes wait for the commit."""
    first = _take_numbers(conn, len(rows))
    conn.execute(
        _NEW,
        [{"change_id": first + n, **row._asdict(), "at": now} for n, row in enumerate(rows)],
    )


def listen(engine: Engine) -> None:
    """Has the transactions of an engine number what was enqueued, as their last statement."""
    event.listen(engine, "begin", _start)
    event.listen(engine, "commit", flush)
    event.listen(engine, "savepoint", _mark)
    event.listen(engine, "release_savepoint", _accept)
    event.listen(engine, "rollback_savepoint", _forget)


# made once: making a statement takes longer than SQLite takes to run it
_NEW: Final = insert(CHANGES)
_COUNTER: Final = update(CHANGE_COUNTER).where(CHANGE_COUNTER.c.one == 1)
_RAISED: Final = CHANGE_COUNTER.c.value + bindparam("added", type_=Key)
_RAISE: Final = _COUNTER.values(value=_RAISED).returning(CHANGE_COUNTER.c.value)
_RAISE_MARIADB: Final = _COUNTER.values(value=func.last_insert_id(_RAISED))


def _take_numbers(conn: Connection, added: int) -> int:
    """Raises the counter, and returns the first of the numbers taken; its row is locked then."""
    if conn.dialect.name in MARIADB:  # knows no UPDATE ... RETURNING, and hands this number back
        last = conn.execute(_RAISE_MARIADB, {"added": added}).lastrowid
    else:
        last = conn.execute(_RAISE, {"added": added}).scalar_one()
    return int(last) - added + 1


def _start(conn: Connection) -> None:
    # the pool hands a connection on with what a rolled back transaction left
    conn.info.pop(_PENDING, None)
    conn.info.pop(_MARKS, None)


def _mark(conn: Connection, _name: str | None) -> None:
    # savepoints end in the order opposite to their beginning, and the event has no name yet
    pending = conn.info.get(_PENDING, [])
    conn.info.setdefault(_MARKS, []).append(len(pending))


def _accept(conn: Connection, _name: str, _context: Any) -> None:
    conn.info[_MARKS].pop()


def _forget(conn: Connection, _name: str, _context: Any) -> None:
    kept = conn.info[_MARKS].pop()
    del conn.info.get(_PENDING, [])[kept:]
