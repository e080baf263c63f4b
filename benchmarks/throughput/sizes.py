"""How many bytes of SQL a database holds, by table with its indexes, and by what they are for."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, TextClause, text

from models.db.database import Database

GROUPS: Final[Mapping[str, str]] = {
    "memory_entries": "memory",
    "memory_occurrences": "memory",
    "templates": "memory",
    "recent_pages": "memory",
    "reclassify_queue": "memory",
    "memory_pages": "memory",
    "changed_entries": "memory",
    "memory_locks": "memory",
    "articles": "text",
    "revisions": "text",
    "extractions": "blocks",
    "block_classifications": "blocks",
    "sketch_keys": "duplicates",
    "cluster_members": "duplicates",
    "duplicate_pairs": "duplicates",
    "clusters": "duplicates",
}
_SQLITE: Final = text(
    "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat AS s"
    " LEFT JOIN sqlite_schema AS m ON m.name = s.name GROUP BY 1"
)
_POSTGRESQL: Final = text(
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)


def by_table(url: str) -> dict[str, int]:
    """Bytes of each table, its indexes included. Raises ValueError for another kind of database.

    On SQLite pages that the file holds but no table uses are not in it, and dbstat must be
    compiled in: OperationalError otherwise.
    """
    opened = Database.open(url)
    try:
        if opened.dialect not in ("sqlite", "postgresql"):
            raise ValueError(f"no sizes by table of {opened.dialect}")
        with opened.reading() as conn:
            return _sizes(conn, _SQLITE if opened.dialect == "sqlite" else _POSTGRESQL)
    finally:
        opened.close()


def by_group(tables: Mapping[str, int]) -> dict[str, int]:
    """The same by what it is for: memory, text, blocks, duplicates, other."""
    groups: Counter[str] = Counter()
    for name, size in tables.items():
        groups[GROUPS.get(name, "other")] += size
    return dict(groups)


def _sizes(conn: Connection, statement: TextClause) -> dict[str, int]:
    return {str(name): int(size) for name, size in conn.execute(statement)}
