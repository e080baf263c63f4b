"""What was removed from an article's current revision, or restored to it, and why."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, ForeignKey, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.db.types import TABLE_OPTIONS, Base, CleanText, JsonText
from models.items import Block, BlockClassification, Classification

EXCERPT: Final = 200  # characters


class BlockClassificationRow(Base):
    """A run of neighbouring blocks that was removed or restored, and why."""

    __tablename__ = "block_classifications"
    __table_args__ = (
        {
            **TABLE_OPTIONS,
            "comment": "Runs of blocks removed from, or restored to, current revisions.",
        },
    )

    article_id: Mapped[int] = mapped_column(
        ForeignKey("articles.article_id"), primary_key=True, comment="article of the page"
    )
    position: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="of the first block on the page, from 0"
    )
    action: Mapped[str] = mapped_column(String(10), comment="removed | restored")
    excerpt: Mapped[str] = mapped_column(CleanText, comment="first 200 characters")
    reason: Mapped[str] = mapped_column(
        String(20),
        comment="repeated | comment | related | advert | promo | cookie | navigation | caption"
        " | headline | rule | other",
    )
    evidence: Mapped[Any] = mapped_column(
        JsonText, comment="JSON: what the classification rests on, such as pages it was seen on"
    )


_NEW: Final = insert(BlockClassificationRow)  # made once, for speed


def replace(
    conn: Connection,
    article_id: int,
    blocks: Sequence[Block],
    classification: Classification | None,
) -> None:
    """Keeps the verdicts on an article's blocks in the place of the ones before."""
    conn.execute(
        delete(BlockClassificationRow).where(BlockClassificationRow.article_id == article_id)
    )
    write(conn, article_id, blocks, classification)


def write(
    conn: Connection,
    article_id: int,
    blocks: Sequence[Block],
    classification: Classification | None,
) -> None:
    """`replace`, for an article that has no verdicts yet."""
    if classification is None:
        return
    rows = [{"article_id": article_id, **row} for row in summary(blocks, classification.blocks)]
    if rows:
        conn.execute(_NEW, rows)


def load(conn: Connection, article_ids: Collection[int]) -> dict[int, list[tuple[int, str, str]]]:
    """Position, action and reason of what was removed or restored, by article."""
    wanted = (
        select(
            BlockClassificationRow.article_id,
            BlockClassificationRow.position,
            BlockClassificationRow.action,
            BlockClassificationRow.reason,
        )
        .where(BlockClassificationRow.article_id.in_(sorted(article_ids)))
        .order_by(BlockClassificationRow.article_id, BlockClassificationRow.position)
    )
    found: dict[int, list[tuple[int, str, str]]] = {}
    for article_id, position, action, reason in conn.execute(wanted):
        found.setdefault(article_id, []).append((position, action, reason))
    return found


def summary(
    blocks: Sequence[Block], verdicts: Sequence[BlockClassification]
) -> Iterator[dict[str, Any]]:
    """One row a run of neighbouring blocks with the same fate and reason.

    `evidence` is the first block's, and `blocks`: how many the run has. Kept blocks of which
    the page alone thought so too, and blocks without text, are no news.
    """
    texts = {block.position: block.text for block in blocks}
    known = sorted((v for v in verdicts if texts.get(v.position)), key=lambda v: v.position)
    for (action, reason), run in groupby(known, key=lambda v: (_action(v), v.reason)):
        if action is None:
            continue
        first, *others = run
        yield {
            "position": first.position,
            "action": action,
            "excerpt": texts[first.position][:EXCERPT],
            "reason": reason,
            "evidence": {**first.evidence, "blocks": 1 + len(others)},
        }


def _action(verdict: BlockClassification) -> str | None:
    if not verdict.keep:
        return "removed"
    return "restored" if verdict.changed else None
