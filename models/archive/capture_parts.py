"""The copies of a story's further pages, by the copy of its first page."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, ForeignKey, SmallInteger, bindparam, select

from models.archive.captures import CAPTURES, WHERE, in_file, to_ref
from models.archive.files import WARC_FILES
from models.db.statements import upsert
from models.db.types import Key, column, table
from models.items import StoryPart

CAPTURE_PARTS: Final = table(
    "capture_parts",
    column(
        "capture_id",
        Key,
        ForeignKey("captures.capture_id"),
        primary_key=True,
        autoincrement=False,
        comment="copy of the first page",
    ),
    column(
        "number",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="of the page, from 2 on; 0: a view of the whole story",
    ),
    column(
        "part_id",
        ForeignKey("captures.capture_id"),
        nullable=True,
        index=True,
        comment="copy of that page; null: it is missing, and what follows it",
    ),
    comment="Copies of the further pages of stories, by the copy of the first.",
)

_OF: Final = (  # made once, for speed
    select(CAPTURE_PARTS.c.number, *CAPTURES.c, *WHERE)
    .join_from(
        CAPTURE_PARTS, CAPTURES, CAPTURE_PARTS.c.part_id == CAPTURES.c.capture_id, isouter=True
    )
    .join(WARC_FILES, in_file(), isouter=True)
    .where(CAPTURE_PARTS.c.capture_id == bindparam("first"))
    .order_by(CAPTURE_PARTS.c.number)
)


def keep(conn: Connection, capture_id: int, parts: Sequence[tuple[int, int | None]]) -> None:
    """Notes the numbers and copies of the pages that go with the copy of a first page."""
    rows = [{"capture_id": capture_id, "number": n, "part_id": part} for n, part in parts]
    upsert(conn, CAPTURE_PARTS, rows, ["part_id"])


def of(conn: Connection, capture_id: int) -> tuple[StoryPart, ...]:
    """The pages that go with the copy of a first page, in their order."""
    rows = (row._asdict() for row in conn.execute(_OF, {"first": capture_id}))
    return tuple(
        StoryPart(row["number"], None if row["url_id"] is None else to_ref(row)) for row in rows
    )


def first_of(conn: Connection, part_id: int) -> str | None:
    """The URL of the first page of the story of which a copy is a further page."""
    joined = CAPTURES.join(CAPTURE_PARTS, CAPTURE_PARTS.c.capture_id == CAPTURES.c.capture_id)
    query = select(CAPTURES.c.final_url).select_from(joined)
    return conn.execute(query.where(CAPTURE_PARTS.c.part_id == part_id).limit(1)).scalar()
