"""Faults of a database: which pass by themselves, and which are ours and not of a page."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from models.errors import OwnFault

# What the drivers say, by what a person does about it. SQLite has words alone, PostgreSQL the
# standard's codes and classes of codes, MariaDB numbers.
_FULL: Final = ("database or disk is full", "53100", "58030", "1021", "1114")
_UNWRITABLE: Final = (
    "readonly database", "disk I/O error", "disk image is malformed", "file is not a database",
    "25006", "58", "XX001", "XX002", "1030", "1290", "1836",
)  # fmt: skip
_FORBIDDEN: Final = ("42501", "1044", "1142", "1143")
_SCHEMA: Final = (
    "no such table", "no such column", "has no column", "42P01", "42703", "1054", "1146",
)  # fmt: skip
_STARVED: Final = ("53", "out of memory", "1037", "1041")
_TO_DO: Final = (
    (_FULL, "the database's disk is full; free some space"),
    (_UNWRITABLE, "the database cannot be written; see its disk and its server's log"),
    (_FORBIDDEN, "the database refuses this account; grant it SELECT, INSERT, UPDATE and DELETE"),
    (_SCHEMA, "the database's tables are not those of this version; type: scrapy db upgrade"),
    (_STARVED, "the database's server has too little memory or too few connections"),
)

_RETRYABLE: Final = (
    # PostgreSQL serialization failure, deadlock; MariaDB deadlock, lock wait
    "40001", "40P01", "1213", "1205", "database is locked",
)  # fmt: skip


def own_fault(fault: BaseException | None) -> str | None:
    """What is wrong on our side, in one line with the next step; None for a fault of a page.

    Such a fault would meet every page alike.
    """
    if isinstance(fault, OwnFault):
        return str(fault)
    if isinstance(fault, MemoryError):
        return "this process has no memory left; lower WINNOW_WORKERS or [fetch] concurrency"
    if isinstance(fault, DBAPIError):
        said = " ".join(str(fault.orig).split())[:200]
        return next((f"{to_do} ({said})" for signs, to_do in _TO_DO if _says(fault, signs)), None)
    return None


def is_away(fault: DBAPIError) -> bool:
    """Whether the database could not be reached, or went away under the statement."""
    if fault.connection_invalidated:
        return True
    text = str(fault.orig)
    return any(
        sign in text
        for sign in (
            "connection refused", "Connection refused", "Can't connect", "could not connect",
            "server closed the connection", "the database system is", "Lost connection",
            "terminating connection", "gone away", "connection failed", "unable to open database",
            "Too many connections", "too many clients", "timeout expired", "resolve host",
        )
    )  # fmt: skip


def is_refusal(fault: DBAPIError) -> bool:
    """Whether PostgreSQL answered, and refuses us: a wrong password, no such database.

    Its driver gives connections that fail no SQLSTATE; refusals that pass are those of a server
    that starts, stops, or has no connection left.
    """
    text = str(fault.orig)
    passes = any(sign in text for sign in ("the database system is", "too many", "slots are"))
    return "FATAL:" in text and not passes


def reason_of(fault: DBAPIError) -> str:
    """The driver's first line; MariaDB's has a number before it."""
    reason = fault.orig.args[-1] if fault.orig is not None and fault.orig.args else fault.orig
    return str(reason).strip().partition("\n")[0] or type(fault.orig).__name__


def is_conflict(fault: DBAPIError) -> bool:
    """Whether trying again may help: a deadlock, a lost race, a lock that took too long."""
    state = getattr(fault.orig, "sqlstate", None) or str(
        (getattr(fault.orig, "args", None) or [""])[0]
    )
    return any(sign in state or sign in str(fault.orig) for sign in _RETRYABLE)


def _says(fault: DBAPIError, signs: tuple[str, ...]) -> bool:
    codes, words = _codes(fault), str(fault.orig)
    return any(sign in words if " " in sign else sign in codes for sign in signs)


def _codes(fault: DBAPIError) -> set[str]:
    """PostgreSQL's SQLSTATE and its class, MariaDB's number; none of SQLite."""
    args = getattr(fault.orig, "args", ())
    numbers = {str(args[0])} if args and isinstance(args[0], int) else set()
    state = "" if numbers else str(getattr(fault.orig, "sqlstate", None) or "")
    return numbers | {state, state[:2]}
