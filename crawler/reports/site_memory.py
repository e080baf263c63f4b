"""A site's memory as people read it: texts that it repeats, DOM paths of its articles."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from models.evidence import SAMPLE
from models.memory import learned
from models.memory.learned import LearnedBlock, LearnedPath

SHOWN: Final = 60  # characters of a text or path: a line of a terminal


def memory_lines(conn: Connection, site_id: int, limit: int) -> Iterator[str]:
    """The texts that most pages repeat, then the DOM paths with most words; `limit` of each."""
    texts = distinct_texts(learned.learned_blocks(conn, site_id, 2 * limit))[:limit]
    paths = learned.learned_paths(conn, site_id, limit)
    if not texts and not paths:
        yield "nothing yet; a site teaches once some of its pages are crawled"
    if texts:
        yield f"{'id':>19}  {'pages':>5}  {'since':10}  {'reason':8}  text"
        yield from map(_block_line, texts)
    if paths:
        yield f"{'article':>19}  {'pages':>5}  {'since':10}  {'last seen':10}  DOM path"
        yield from map(_path_line, paths)


def memory_document(conn: Connection, site_id: int, limit: int) -> dict[str, Any]:
    """`memory_lines` for programs: texts and paths whole; `pages` is at most SAMPLE."""
    texts = distinct_texts(learned.learned_blocks(conn, site_id, 2 * limit))[:limit]
    return {
        "texts": [
            {
                "block_id": row.block_id,
                "text": row.excerpt,
                "pages": row.pages,
                "first_seen_at": row.first_seen_at,
                "last_seen_at": row.last_seen_at,
                "revoked_at": row.revoked_at,
            }
            for row in texts
        ],
        "dom_paths": [
            {
                "path": row.path,
                "pages": row.pages,
                "article_share": row.share,
                "first_seen_at": row.first_seen_at,
                "last_seen_at": row.last_seen_at,
            }
            for row in learned.learned_paths(conn, site_id, limit)
        ],
    }


def distinct_texts(rows: Sequence[LearnedBlock]) -> list[LearnedBlock]:
    """Each text once: a text and its near-identical variants have a row each."""
    found: dict[str, LearnedBlock] = {}
    for row in rows:
        found.setdefault(row.excerpt, row)
    return list(found.values())


def _block_line(row: LearnedBlock) -> str:
    reason = "revoked" if row.revoked_at else "repeated"
    text = cut(row.excerpt)
    since = f"{row.first_seen_at:%Y-%m-%d}"
    return f"{row.block_id:>19}  {_pages(row.pages):>5}  {since}  {reason:8}  {text}"


def _path_line(row: LearnedPath) -> str:
    seen = f"{row.first_seen_at:%Y-%m-%d}  {row.last_seen_at:%Y-%m-%d}"
    share = f"{100 * row.share:.0f} %"
    return f"{share:>19}  {_pages(row.pages):>5}  {seen}  {cut(row.path, end=True)}"


def _pages(pages: int) -> str:
    return f"{pages}+" if pages >= SAMPLE else str(pages)


def cut(text: str, *, end: bool = False) -> str:
    """The text in SHOWN characters at most: its beginning, or its `end`."""
    line = " ".join(text.split())
    if len(line) <= SHOWN:
        return line
    return f"…{line[1 - SHOWN :]}" if end else f"{line[: SHOWN - 1]}…"
