"""A cluster of articles that are one story: its members, its original, and why. From the views."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from crawler.reports.article_facts import ArticleFacts
from models.views.article_views import ARTICLES, CLUSTERS

_ARTICLES: Final = ARTICLES.table()
_CLUSTERS: Final = CLUSTERS.table()
_ORIGINAL: Final[Mapping[str, str]] = {
    "named as canonical by others": (
        "another member names this page as its canonical address, or its own address leads here"
    ),
    "credited by others": (
        "another member credits this site in its byline, its dateline or its last lines"
    ),
    "published first": "it was published before the others",
    "not an excerpt": "the other members are excerpts of it",
    "longest": "it is the longest; neither credits nor dates tell which was first",
    "first by address": (
        "its address comes first in alphabetical order; nothing else tells the members apart"
    ),
    "": "none was chosen yet; the run that linked them does so at its end",
}
_COPY: Final[Mapping[str, str]] = {
    "equal text": "the same text, word for word",
    "near-duplicate": "nearly the same text",
    "shortened copy": "its text is a shortened copy",
    "same title, rewritten in part": "the same title, and a text that was rewritten in part",
    "like others that are like it": "similar to other members, which are similar to the original",
}


@dataclass(frozen=True, slots=True)
class Member(ArticleFacts):
    """An article of a cluster."""

    article_id: int
    is_original: bool
    similarity: float | None  # to the original, 0 to 1
    reason: str  # why it is the original, or in the cluster; in words


@dataclass(frozen=True, slots=True)
class ShownCluster:
    """A cluster, as far as it is shown."""

    cluster_id: int
    size: int
    original: Member | None  # None: it was refused since, or none was chosen
    copies: tuple[Member, ...]  # the most similar first, as many as were asked for


def cluster(conn: Connection, cluster_id: int, most: int) -> ShownCluster | None:
    """A cluster with `most` of its copies; None if there is none of this number."""
    of, said = _CLUSTERS.c, _ARTICLES.c
    query = (
        select(
            of.article_id, of.is_original, of.similarity, of.reason, of.size, said.site, said.url,
            said.title, said.published_at, said.published_precision, said.word_count,
        )
        .join_from(_CLUSTERS, _ARTICLES, said.article_id == of.article_id)
        .where(of.cluster_id == cluster_id)
        .order_by(of.is_original.desc(), of.similarity.desc(), of.article_id)
        .limit(most + 1)
    )  # fmt: skip
    rows = conn.execute(query).mappings().all()
    if not rows:
        return None
    members = [_member(row) for row in rows]
    original = members[0] if members[0].is_original else None
    copies = members[1:] if original else members[:most]
    return ShownCluster(cluster_id, int(rows[0]["size"]), original, tuple(copies))


def _member(row: RowMapping) -> Member:
    is_original = bool(row["is_original"])
    said = {name: row[name] for name in Member.__dataclass_fields__}
    reason = in_words(row["reason"], is_original=is_original)
    return Member(**{**said, "is_original": is_original, "reason": reason})


def texts(conn: Connection, article_ids: tuple[int, ...]) -> dict[int, str]:
    """The texts of these articles."""
    query = select(_ARTICLES.c.article_id, _ARTICLES.c.text)
    rows = conn.execute(query.where(_ARTICLES.c.article_id.in_(article_ids)))
    return {row.article_id: row.text for row in rows}


def in_words(reason: str | None, *, is_original: bool) -> str:
    """A stored reason as people read it; one that is not known here as it is stored."""
    words = _ORIGINAL if is_original else _COPY
    return words.get(reason or "", reason or "")
