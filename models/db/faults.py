"""Which faults are ours: of the machine, the installation or the database, not of a page."""

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


def _says(fault: DBAPIError, signs: tuple[str, ...]) -> bool:
    codes, words = _codes(fault), str(fault.orig)
    return any(sign in words if " " in sign else sign in codes for sign in signs)


def _codes(fault: DBAPIError) -> set[str]:
    """PostgreSQL's SQLSTATE and its class, MariaDB's number; none of SQLite."""
    args = getattr(fault.orig, "args", ())
    numbers = {str(args[0])} if args and isinstance(args[0], int) else set()
    state = "" if numbers else str(getattr(fault.orig, "sqlstate", None) or "")
    return numbers | {state, state[:2]}
