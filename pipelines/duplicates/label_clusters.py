"""Where each member of a cluster stands: which is the original, and how like it the others are."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import Connection

from models.articles import documents
from models.articles.documents import Document
from models.batches import batched
from models.db import changes
from models.duplicates import clusters, index, pairs
from models.duplicates.clusters import Cluster
from models.duplicates.index import Member, TextKeys
from models.duplicates.pairs import within
from pipelines.duplicates import originals
from pipelines.duplicates.similarity import ComparedText, compare

T = TypeVar("T")

LARGE: Final = 64  # members; the original of a larger cluster is named by a sweep, not each arrival
THROUGH_OTHERS: Final = "like others that are like it"
_BATCH: Final = 200  # articles whose texts are held at once


def label_clusters(
    conn: Connection, change: clusters.ClusterChange, now: datetime, *, sweep: bool = False
) -> None:
    """Names the originals of changed clusters, and tells readers whom it concerns."""
    concerned = set(change.alone)
    for group in change.clusters:
        concerned |= _label_cluster(conn, group, now, whole=sweep or group.size <= LARGE)
    if concerned:
        current = documents.revisions(conn, concerned)
        rows = [
            changes.Change(a, current[a], "clustered") for a in sorted(concerned & set(current))
        ]
        changes.enqueue(conn, rows, now)


def leave_clusters(
    conn: Connection, article_ids: Sequence[int], now: datetime
) -> dict[int, TextKeys]:
    """Takes articles out of clusters and index, but for their rows; the keys of their texts.

    The others' originals are named anew, and what was linked through them is looked up anew.
    """
    ids = list(article_ids)
    found = [(one, pair) for one in ids for pair in pairs.pairs_of(conn, one)]
    near = {pair.other(one) for one, pair in found} - set(ids)
    clusters.lock(conn, [*ids, *near])
    keys = index.take_out(conn, ids)
    pairs.replace(conn, [pair for _, pair in found], [])
    change = clusters.recompute_components(conn, list(index.members(conn, ids).values()), now)
    label_clusters(conn, change._replace(alone=change.alone - set(ids)), now)
    index.requeue(conn, near)
    return keys


def label_due_cluster(conn: Connection, cluster_id: int, now: datetime) -> None:
    """Names the original of a large cluster that has grown."""
    clusters.lock(conn, [cluster_id])
    group = clusters.find(conn, cluster_id)
    if group is not None:
        label_clusters(conn, clusters.ClusterChange((group,), frozenset()), now, sweep=True)


def _label_cluster(conn: Connection, group: Cluster, now: datetime, *, whole: bool) -> set[int]:
    """Brings one cluster's original and duplicate_pairs up to date; returns whose row changed."""
    if not whole and group.original_id is not None:
        _set_similarities(conn, group.original_id, sorted(group.joined))
        return set(group.joined)
    members = clusters.members_of(conn, group.cluster_id)
    excerpts = _excerpts(conn, group.cluster_id, members)
    chosen = originals.elect_original(
        [_facts(s, m, excerpts) for s, m in _with_stories(conn, members)]
    )
    clusters.set_original(conn, group.cluster_id, chosen.article_id, chosen.reason, now)
    kept = chosen.article_id == group.original_id
    concerned = set(group.joined) if kept else {member.article_id for member in members}
    _set_similarities(conn, chosen.article_id, sorted(concerned - {chosen.article_id}))
    return concerned


def _set_similarities(conn: Connection, original_id: int, article_ids: Sequence[int]) -> None:
    """Notes how like the original each of these is: read off their texts."""
    if not article_ids:
        return
    original = compared_text(documents.load(conn, [original_id])[original_id])
    clusters.set_similarities(conn, _compared(conn, original, article_ids))


def _compared(
    conn: Connection, original: ComparedText, article_ids: Sequence[int]
) -> Iterator[tuple[int, float, str]]:
    seen: dict[str, tuple[float, str]] = {}
    for batch in batched(article_ids, _BATCH):
        for story in documents.load(conn, batch).values():
            if story.text not in seen:
                found = compare(original, compared_text(story))
                seen[story.text] = found.jaccard, found.reason if found.same else THROUGH_OTHERS
            yield (story.article_id, *seen[story.text])


def _excerpts(conn: Connection, cluster_id: int, members: Sequence[Member]) -> set[int]:
    """Members that are a part of another member."""
    tokens = {member.article_id: member.tokens for member in members}
    found = set()
    for edge in within(conn, [cluster_id], ()):
        if not edge.merges and edge.a in tokens and edge.b in tokens:
            found.add(min(edge.a, edge.b, key=lambda article_id: tokens[article_id]))
    return found


def _with_stories(conn: Connection, members: Sequence[Member]) -> Iterator[tuple[Document, Member]]:
    for batch in batched(members, _BATCH):
        texts = documents.load(conn, [member.article_id for member in batch])
        yield from ((texts[m.article_id], m) for m in batch if m.article_id in texts)


def _facts(story: Document, member: Member, excerpts: set[int]) -> originals.Candidate:
    return originals.Candidate(
        article_id=story.article_id,
        url=story.url,
        canonical_url=story.canonical_url,
        site_names=originals.site_names(story.site, urlsplit(story.url).hostname or ""),
        credits=originals.credited(story.authors, story.text),
        published_at=story.published_at,
        day_only=story.day_only,
        first_seen_at=story.first_seen_at,
        excerpt=story.article_id in excerpts,
        tokens=member.tokens,
    )


def compared_text(story: Document) -> ComparedText:
    """A story as it is compared."""
    return ComparedText(story.title, story.text, story.published_at)
