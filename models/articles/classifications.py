"""What was removed from an article's current revision, or restored to it, and why."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
    delete,
    insert,
    select,
    text,
)

from models.blocks import REASONS, BlockClassification, Classification
from models.db.types import CleanText, JsonText, column, one_of, table
from models.items import Extraction

EXCERPT: Final = 200  # characters
ACTIONS: Final = ("removed", "restored")

BLOCK_CLASSIFICATIONS: Final = table(
    "block_classifications",
    column("article_id", ForeignKey("articles.article_id"), primary_key=True, comment="whose"),
    column(
        "position",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="of the first block on the page, from 0",
    ),
    column("action", String(10), comment=" | ".join(ACTIONS)),
    column("excerpt", CleanText, comment="first 200 characters"),
    column("reason", String(20), comment=" | ".join(REASONS) + "; '' where restored"),
    column("evidence", JsonText, comment="JSON: what the classification rests on"),
    one_of("action", ACTIONS),
    one_of("reason", (*REASONS, "")),
    Index(  # few blocks are restored: v1_restored_blocks reads these alone
        "ix_block_classifications_restored",
        "article_id",
        "position",
        sqlite_where=text("action = 'restored'"),
        postgresql_where=text("action = 'restored'"),
    ),
    comment="Runs of blocks removed from, or restored to, current revisions.",
)
# made once, for speed
_NEW: Final = insert(BLOCK_CLASSIFICATIONS)
_DELETE: Final = delete(BLOCK_CLASSIFICATIONS).where(
    BLOCK_CLASSIFICATIONS.c.article_id == bindparam("article")
)


def replace(
    conn: Connection,
    article_id: int,
    extraction: Extraction,
    classification: Classification | None,
) -> None:
    """Stores how an article's blocks were classified, in place of the rows before."""
    conn.execute(_DELETE, {"article": article_id})
    add(conn, article_id, extraction, classification)


def add(
    conn: Connection,
    article_id: int,
    extraction: Extraction,
    classification: Classification | None,
) -> None:
    """`replace`, for an article that has none yet."""
    if classification is None:
        return
    rows = [{"article_id": article_id, **row} for row in summary(extraction, classification.blocks)]
    if rows:
        conn.execute(_NEW, rows)


def load(conn: Connection, article_ids: Collection[int]) -> dict[int, list[tuple[int, str, str]]]:
    """Position, action and reason of what was removed or restored, by article."""
    wanted = (
        select(
            BLOCK_CLASSIFICATIONS.c.article_id,
            BLOCK_CLASSIFICATIONS.c.position,
            BLOCK_CLASSIFICATIONS.c.action,
            BLOCK_CLASSIFICATIONS.c.reason,
        )
        .where(BLOCK_CLASSIFICATIONS.c.article_id.in_(sorted(article_ids)))
        .order_by(BLOCK_CLASSIFICATIONS.c.article_id, BLOCK_CLASSIFICATIONS.c.position)
    )
    found: dict[int, list[tuple[int, str, str]]] = {}
    for article_id, position, action, reason in conn.execute(wanted):
        found.setdefault(article_id, []).append((position, action, reason))
    return found


def summary(
    extraction: Extraction, classified: Sequence[BlockClassification]
) -> Iterator[dict[str, Any]]:
    """One row a run of neighbouring blocks with the same fate and reason.

    `evidence` is the first block's, and `blocks`: how many the run has. Kept blocks of which
    the page alone thought so too, and blocks without text, are no news.
    """
    texts = {block.position: block.text for block in extraction.blocks}
    parts = [
        _Part(
            said.position,
            _action(said.keep, changed=said.changed),
            said.reason,
            1,
            texts[said.position],
            said.evidence,
        )
        for said in classified
        if texts.get(said.position)
    ]
    parts += [
        _Part(run.position, "removed", run.reason, run.blocks, run.text, {"score": run.score})
        for run in extraction.removed
    ]
    for (action, reason), run in groupby(sorted(parts, key=_place), key=_fate):
        if action is None:
            continue
        first, *others = run
        yield {
            "position": first.position,
            "action": action,
            "excerpt": first.text[:EXCERPT],
            "reason": reason,
            "evidence": {
                **first.evidence,
                "blocks": first.blocks + sum(other.blocks for other in others),
            },
        }


def fates(
    extraction: Extraction, keeps: Sequence[bool], reasons: Sequence[str]
) -> list[tuple[int, str, str]]:
    """Position, action and reason of the rows that `summary` makes, as `load` returns them.

    `keeps` and `reasons` are of each block, in order.
    """
    parts: list[tuple[int, str | None, str]] = [
        (block.position, _action(keep, changed=keep != block.kept), reason)
        for block, keep, reason in zip(extraction.blocks, keeps, reasons, strict=True)
        if block.text
    ]
    parts += [(run.position, "removed", run.reason) for run in extraction.removed]
    parts.sort(key=itemgetter(0))
    rows = []
    before: tuple[str | None, str] | None = None
    for position, action, reason in parts:
        if action is not None and before != (action, reason):
            rows.append((position, action, reason))
        before = action, reason
    return rows


class _Part(NamedTuple):
    """A block, or a run of blocks, with its fate."""

    position: int
    action: str | None
    reason: str
    blocks: int
    text: str
    evidence: Mapping[str, object]


def _place(part: _Part) -> int:
    return part.position


def _fate(part: _Part) -> tuple[str | None, str]:
    return part.action, part.reason


def _action(keep: bool, *, changed: bool) -> str | None:
    if not keep:
        return "removed"
    return "restored" if changed else None
