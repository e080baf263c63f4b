"""A view: its columns, their comments, and the statement that creates it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import TableClause, column, table
from sqlalchemy.types import NullType, TypeEngine

from models.db.types import UTC, JsonText

# SQL that differs between databases; `mysql` is MariaDB too.
DIALECTS: Final = {
    "sqlite": {
        "integer": "integer",
        "q": '"',
        "seconds": "((julianday(coalesce(r.finished_at, r.alive_at)) - julianday(r.started_at))"
        " * 86400.0)",
        "week_ago": "strftime('%Y-%m-%d %H:%M:%f', 'now', '-7 days')",
    },
    "postgresql": {
        "integer": "bigint",
        "q": '"',
        "seconds": "cast(extract(epoch from coalesce(r.finished_at, r.alive_at) - r.started_at)"
        " as double precision)",
        "week_ago": "current_timestamp - interval '7 days'",
    },
    "mysql": {
        "integer": "signed",
        "q": "`",
        "seconds": "(timestampdiff(microsecond, r.started_at,"
        " coalesce(r.finished_at, r.alive_at)) / 1e6)",
        "week_ago": "utc_timestamp(6) - interval 7 day",
    },
}


RESERVED: Final = frozenset({"change"})  # to MariaDB, where readers write `change`

JSON: Final = frozenset(
    {"authors", "tags", "evidence", "details", "labels"}
)  # columns of JSON text


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view: its name, its SQL, and its comment for readers."""

    name: str
    sql: str
    comment: str


@dataclass(frozen=True, slots=True)
class View:
    """One view: its purpose, its columns, and the tables they come from."""

    name: str
    purpose: str
    columns: tuple[Column, ...]
    source: str

    def select(self) -> str:
        """The query, with placeholders such as `{seconds}` where databases differ."""
        columns = ",\n  ".join(f"{c.sql} as {_quoted(c.name)}" for c in self.columns)
        return f"select\n  {columns}\n{self.source}"

    def table(self) -> TableClause:
        """The view as a SQLAlchemy table: aware times, JSON as values."""
        return table(self.name, *(column(c.name, _type(c.name)) for c in self.columns))

    def create(self, dialect: str) -> str:
        """The statement that creates the view on 'sqlite', 'postgresql' or 'mysql'."""
        return f"create view {self.name} as\n{self.select().format(**DIALECTS[dialect])}"


def columns(alias: str, *pairs: tuple[str, str]) -> tuple[Column, ...]:
    """Columns that a view takes unchanged from one table."""
    return tuple(Column(name, f"{alias}.{_quoted(name)}", comment) for name, comment in pairs)


def _quoted(name: str) -> str:
    return f"{{q}}{name}{{q}}" if name in RESERVED else name


def _type(name: str) -> TypeEngine[Any]:
    if name == "at" or name.endswith("_at"):
        return UTC()
    return JsonText() if name in JSON else NullType()
