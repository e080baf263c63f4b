"""One article's way to its cluster: candidates looked up, compared, linked.

Nothing is held while texts are compared. An article's keys are committed before `find_candidates`
reads, so of two articles that arrive at once the later sees the earlier. `link` locks the clusters
that it changes, and sends back whoever compared with a text that is no longer stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.articles import documents
from models.articles.documents import Document
from models.duplicates import clusters, index, pairs
from models.duplicates.index import IndexEntry, Member, TextVersion
from models.duplicates.pairs import Pair
from models.items import Sketch
from pipelines.duplicates.label_clusters import compared_text, label_clusters
from pipelines.duplicates.near_key import near_key
from pipelines.duplicates.similarity import Kind, Similarity, compare
from pipelines.duplicates.sketch import sketch


@dataclass(frozen=True, slots=True)
class Candidates:
    """An article, those to compare it with, and which text the index has of each."""

    entry: IndexEntry
    document: Document | None  # None where there is nothing to compare it with
    others: Mapping[int, Document] = field(repr=False)
    versions: Mapping[int, TextVersion]


class Comparison(NamedTuple):
    """What the texts said."""

    article_id: int
    version: TextVersion
    against: Mapping[int, Similarity]
    versions: Mapping[int, TextVersion]  # of the others, as they were compared

    @property
    def similar(self) -> bool:
        """Whether any text is similar to this one."""
        return any(found.similar for found in self.against.values())


class LinkResult(NamedTuple):
    """What came of linking an article."""

    done: bool  # False: a text changed meanwhile; look again
    requeued: frozenset[int] = frozenset()  # articles that were linked through this one


def index_entry(document: Document) -> IndexEntry:
    """The index entry of an article's current text."""
    made = whole_sketch(document.title, document.text, document.url)
    return IndexEntry(document.article_id, document.revision, *made)


def whole_sketch(title: str | None, text: str, url: str) -> Sketch:
    """All that the index keeps of a text. Pure: the same on every machine."""
    return sketch(text)._replace(near_key=near_key(title, text, url))


def find_candidates(conn: Connection, entry: IndexEntry) -> Candidates | None:
    """The candidates with their texts; None where the article is gone or has changed."""
    me = entry.article_id
    # rows before texts: a text that is newer than its row is compared again by its own writer
    rows = {member.article_id: member for member in index.candidates(conn, entry)}
    if not rows:
        return Candidates(entry, None, {}, {})
    found = documents.load(conn, {*rows, me})
    document = found.pop(me, None)
    if document is None or document.revision != entry.revision:
        return None
    others = {other: text for other, text in found.items() if other in rows}
    return Candidates(entry, document, others, {other: rows[other].version for other in others})


def compare_all(found: Candidates) -> Comparison:
    """The article compared with each candidate. Pure: for a thread without a transaction."""
    entry, against = found.entry, {}
    if found.document is not None:
        mine = compared_text(found.document)
        against = {key: compare(mine, compared_text(doc)) for key, doc in found.others.items()}
    version = TextVersion(entry.revision, entry.body_key)
    return Comparison(entry.article_id, version, against, found.versions)


def link(conn: Connection, comparison: Comparison, now: datetime) -> LinkResult:
    """Writes what the texts said, and brings the clusters up to it."""
    me = comparison.article_id
    similar = {other: found for other, found in comparison.against.items() if found.similar}
    if not similar and index.mark_indexed(conn, me, comparison.version, alone=True):
        return LinkResult(done=True)
    rows = clusters.lock(conn, {me, *similar, *_neighbours(conn, me)})
    before = pairs.pairs_of(conn, me)
    if me not in rows or _stale(comparison, rows, before):
        return LinkResult(done=me not in rows)
    # equal texts need no row: they are linked by their body keys
    kept = [_pair(me, other, f) for other, f in similar.items() if f.kind != Kind.EXACT]
    pairs.replace(conn, before, kept)
    merging = {other for other, found in similar.items() if found.same}
    gone = {pair.other(me) for pair in before if pair.merges} - merging
    index.requeue(conn, gone)  # what was found through this article has to be found without it
    label_clusters(conn, _change(conn, rows, me, merging, gone, now), now)
    index.mark_indexed(conn, me, comparison.version)
    return LinkResult(done=True, requeued=frozenset(gone))


def _change(
    conn: Connection,
    rows: Mapping[int, Member],
    me: int,
    merging: set[int],
    gone: set[int],
    now: datetime,
) -> clusters.ClusterChange:
    """A newcomer can only merge clusters; whoever was in a cluster may split it too."""
    if rows[me].cluster_id is None and not gone:
        if not merging:
            return clusters.ClusterChange((), frozenset())
        return clusters.merge(conn, [rows[a] for a in (me, *merging)], now)
    return clusters.recompute_components(conn, [rows[a] for a in (me, *merging, *gone)], now)


def _stale(comparison: Comparison, rows: Mapping[int, Member], before: list[Pair]) -> bool:
    """Whether a text was replaced, or a pair found, since the texts were compared."""
    me = comparison.article_id
    compared = {me: comparison.version, **comparison.versions}
    if any(rows[a].version != compared.get(a, rows[a].version) for a in rows):
        return True
    needed = {me, *(pair.other(me) for pair in before)}
    return not needed <= rows.keys() & compared.keys()


def _neighbours(conn: Connection, article_id: int) -> set[int]:
    return {pair.other(article_id) for pair in pairs.pairs_of(conn, article_id)}


def _pair(one: int, other: int, found: Similarity) -> Pair:
    return Pair(min(one, other), max(one, other), found.kind, found.jaccard, found.containment)
