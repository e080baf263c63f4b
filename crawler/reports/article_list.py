"""Articles as rows of a list, with what leads to their pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from crawler.reports.article_facts import ArticleFacts
from models.articles import rows
from models.views.article_views import ARTICLES, CLUSTERS

_ARTICLES: Final = ARTICLES.table()
_CLUSTERS: Final = CLUSTERS.table()
_SHOWN: Final = (
    "article_id", "site", "url", "title", "published_at", "published_precision", "word_count",
    "first_seen_at", "duplicate_of", "withdrawn_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ListedArticle(ArticleFacts):
    """One article of a list."""

    article_id: int
    first_seen_at: datetime
    duplicate_of: int | None  # article_id of the original
    withdrawn_at: datetime | None
    url_id: int
    cluster_id: int | None  # None: it has no copies
    copies: int  # articles of its cluster besides it


def listed_articles(conn: Connection, article_ids: Sequence[int]) -> list[ListedArticle]:
    """These articles in this order; those that were refused since are left out."""
    query = select(*(_ARTICLES.c[name] for name in _SHOWN))
    found = conn.execute(query.where(_ARTICLES.c.article_id.in_(article_ids))).mappings()
    by_number = {row["article_id"]: row for row in found}
    clusters = _clusters(conn, article_ids)
    url_ids = rows.url_ids_of(conn, article_ids)
    listed = []
    for number in article_ids:
        if number in by_number:
            cluster_id, size = clusters.get(number, (None, 1))
            listed.append(
                ListedArticle(
                    **by_number[number],
                    url_id=url_ids[number],
                    cluster_id=cluster_id,
                    copies=size - 1,
                )
            )
    return listed


def _clusters(conn: Connection, article_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The cluster of each article that is in one, and its size."""
    members = _CLUSTERS.c
    query = select(members.article_id, members.cluster_id, members.size)
    found = conn.execute(query.where(members.article_id.in_(article_ids)))
    return {row.article_id: (int(row.cluster_id), int(row.size)) for row in found}
