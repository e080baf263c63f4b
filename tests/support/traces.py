"""Where words are still found: in each table, each file, and in what is compressed there."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import MetaData, select

from models.db.database import Database


def in_database(url: str, words: str) -> list[str]:
    """Names of the tables and columns with these words, compressed or not, in any case."""
    database, tables = Database.open(url), MetaData()
    found = set()
    try:
        with database.reading() as conn:
            tables.reflect(conn)
            for table in tables.sorted_tables:
                for row in conn.execute(select(table)):
                    for name, value in row._asdict().items():
                        if _says(value, words):
                            found.add(f"{table.name}.{name}")
    finally:
        database.close()
    return sorted(found)


def in_files(folder: Path, words: str) -> list[str]:
    """Names of the files with these words, as they are or in the gzip members that they hold."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(_says(part, words) for part in _contents(path.read_bytes()))
    )


def _says(value: object, words: str) -> bool:
    if isinstance(value, bytes | memoryview):
        said = bytes(value)
        with suppress(zlib.error):  # it is not compressed
            said += zlib.decompress(said)
        return words.lower().encode() in said.lower()
    return words.lower() in str(value).lower()


def _contents(body: bytes) -> Iterator[bytes]:
    yield body
    while body.startswith(b"\x1f\x8b"):
        inflater = zlib.decompressobj(31)
        yield inflater.decompress(body)
        body = inflater.unused_data
