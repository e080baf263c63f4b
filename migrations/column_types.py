"""What revisions are written with: column types as each database has them, and shorthands.

History: a later need gets a new name; what stands here never changes.
"""

import re
from typing import Any, Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

_MARIADB: Final = ("mysql", "mariadb")

KEY: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
HASH: Final = sa.LargeBinary(32).with_variant(mysql.BINARY(32), *_MARIADB)
BYTES: Final = sa.LargeBinary().with_variant(mysql.LONGBLOB(), *_MARIADB)
TEXT: Final = sa.Text().with_variant(mysql.LONGTEXT(), *_MARIADB)
TIME: Final = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), *_MARIADB)

OPTIONS: Final[dict[str, Any]] = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_nopad_bin",
    "mysql_engine": "InnoDB",
    "mariadb_engine": "InnoDB",
}


def column(name: str, kind: Any, *parts: Any, nullable: bool = False, **more: Any) -> Any:
    """A column that is NOT NULL unless told."""
    return sa.Column(name, kind, *parts, nullable=nullable, **more)


def refers(table: str, name: str, to: str) -> sa.ForeignKey:
    """The foreign key of one column, fk_TABLE_COLUMN, to TABLE.COLUMN."""
    return sa.ForeignKey(to, name=f"fk_{table}_{name}")


def one_of(table: str, name: str, *words: str | int) -> sa.CheckConstraint:
    """The CHECK that a column holds one of these words, ck_TABLE_COLUMN."""
    # an expression, not a string: `change` is a word of MariaDB's own, and is quoted there
    return sa.CheckConstraint(sa.column(name).in_(words), name=op.f(f"ck_{table}_{name}"))


def _is_one_of(name: str, words: tuple[str | int, ...]) -> str:
    listed = ", ".join(str(w) if isinstance(w, int) else f"'{w}'" for w in words)
    return f"{name} IN ({listed})"


def set_words(table: str, name: str, *words: str | int) -> None:
    """Makes the CHECK of a column hold these words, in a later revision; rows stay as they are."""
    constraint = f"ck_{table}_{name}"
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_check(table, constraint, _is_one_of(name, words))
        return
    op.drop_constraint(op.f(constraint), table, type_="check")
    op.create_check_constraint(op.f(constraint), table, sa.column(name).in_(words))


def _rewrite_check(table: str, constraint: str, condition: str) -> None:
    # SQLite's manual (ALTER TABLE, 7) has the text of the schema changed for what changes no row:
    # copying the table would lose its other CHECKs and break the views that read it
    conn = op.get_bind()
    query = sa.text("select sql from sqlite_master where type = 'table' and name = :table")
    before = conn.execute(query, {"table": table}).scalar_one()
    old = rf"CONSTRAINT {constraint} CHECK \(\w+ IN \([^()]*\)\)"
    after, found = re.subn(old, f"CONSTRAINT {constraint} CHECK ({condition})", before)
    if found != 1:
        raise RuntimeError(f"{table} has no constraint {constraint} that could be changed")
    version = conn.exec_driver_sql("PRAGMA schema_version").scalar_one()
    conn.exec_driver_sql("PRAGMA writable_schema = ON")
    change = "update sqlite_master set sql = :sql where type = 'table' and name = :table"
    conn.execute(sa.text(change), {"sql": after, "table": table})
    conn.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    conn.exec_driver_sql("PRAGMA writable_schema = OFF")
