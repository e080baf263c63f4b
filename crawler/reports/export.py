"""Articles out of the database, as JSONL, CSV or Parquet, in constant memory."""

import csv
import io
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from sqlalchemy import Select, select

from models.articles import rows as stored
from models.batches import batched
from models.db.database import Database
from models.errors import UsageError
from models.sites import registry
from models.views.article_views import ARTICLES

Rows = Iterable[Mapping[str, Any]]
COLUMNS: Final = tuple(column.name for column in ARTICLES.columns)
_CHUNK: Final = 500  # articles read at once
_LISTS: Final = ("authors", "tags")
_NUMBERS: Final = {"article_id", "word_count", "revision", "duplicate_of", "cluster_id"}
# A cell that begins so is run as a formula by spreadsheets; a quote makes it text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which articles: of a site, changed at or after a time, each story once."""

    site: str | None = None
    since: datetime | None = None  # aware
    unique: bool = False


def articles(database: Database, choice: Choice) -> Iterator[Mapping[str, Any]]:
    """Rows of v1_articles by article_id, read a chunk at a time."""
    for numbers in _numbers(database, choice):
        with database.reading() as conn:
            found = conn.execute(chunk(numbers, unique=choice.unique)).all()
        for row in found:
            yield row._asdict()


def chunk(numbers: Sequence[int], *, unique: bool) -> Select[Any]:
    """These articles, by number: no filter of the view decides how many are read."""
    view = ARTICLES.table()
    query = select(view).where(view.c.article_id.in_(numbers)).order_by(view.c.article_id)
    return query.where(view.c.duplicate_of.is_(None)) if unique else query


def _numbers(database: Database, choice: Choice) -> Iterator[Sequence[int]]:
    """Numbers of the articles of a site and a time, a chunk at a time.

    Those that changed since a time are found by it, all at once: eight bytes each.
    """
    with database.reading() as conn:
        site_id = None if choice.site is None else registry.number_of(conn, choice.site)
        if choice.since is not None:
            found = array("q", stored.changed_since(conn, choice.since, site_id))
            yield from batched(found, _CHUNK)
            return
    last: list[int] = [0]
    while last:
        with database.reading() as conn:
            last = stored.ids_after(conn, last[-1], _CHUNK, site_id)
        if last:
            yield last


def to_jsonl(rows: Rows, out: IO[bytes]) -> int:
    """One JSON object a line; lists are lists, times ISO 8601 in UTC. Returns how many."""
    written = 0
    for row in rows:
        line = json.dumps({name: json_value(row[name]) for name in COLUMNS}, ensure_ascii=False)
        out.write(line.encode() + b"\n")
        written += 1
    return written


def to_csv(rows: Rows, out: IO[bytes]) -> int:
    """A heading and a row an article; lists are JSON; no cell is a formula. Returns how many."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        written = 0
        for row in rows:
            writer.writerow([csv_cell(row[name]) for name in COLUMNS])
            written += 1
    finally:
        text.detach()  # the caller closes what it opened
    return written


def to_parquet(rows: Rows, out: IO[bytes]) -> int:
    """Row groups of a chunk each, zstd. Raises UsageError without pyarrow. Returns how many."""
    try:
        import pyarrow.parquet  # noqa: PLC0415 - an extra: all else works without it
    except ModuleNotFoundError as missing:
        raise UsageError(
            "Parquet needs pyarrow; type: uv sync --extra parquet (or pip install"
            " 'winnow[parquet]')"
        ) from missing
    schema, written = pyarrow.schema([(name, _arrow(pyarrow, name)) for name in COLUMNS]), 0
    with pyarrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for chunk in batched(rows, _CHUNK):
            table = pyarrow.Table.from_pylist([dict(row) for row in chunk], schema=schema)
            writer.write_table(table)
            written += len(chunk)
    return written


FORMATS: Final[Mapping[str, Callable[[Rows, IO[bytes]], int]]] = {
    "jsonl": to_jsonl,
    "csv": to_csv,
    "parquet": to_parquet,
}


def json_value(value: Any) -> Any:
    """A column as JSON has it: times in ISO 8601."""
    return value.isoformat() if isinstance(value, datetime) else value


def csv_cell(value: Any) -> Any:
    """A column as CSV has it: lists are JSON, and nothing is a formula."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return json_value(value)


def _arrow(pa: Any, name: str) -> Any:
    if name in _LISTS:
        return pa.list_(pa.string())
    if name.endswith("_at"):
        return pa.timestamp("us", tz="UTC")
    if name in ("paywalled", "partial", "tdm_reservation"):
        return pa.int8()
    if name == "published_offset":
        return pa.int16()
    return pa.int64() if name in _NUMBERS else pa.string()
