"""One article's way to its cluster: keys written, candidates looked up, compared, united.

Three steps, so that nothing is held while texts are compared: `enrol` is committed before
`look` reads, so of two articles that arrive at once the later sees the earlier; `settle` holds
the clusters that it changes, and sends back whoever compared with what is no longer stored.
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
from pipelines.duplicates import label_clusters
from pipelines.duplicates.label_clusters import compared_text
from pipelines.duplicates.similarity import Kind, Similarity, compare
from pipelines.duplicates.sketch import sketch


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """An article and its entry, made outside of any transaction."""

    document: Document
    entry: IndexEntry
    stale: frozenset[int]  # keys of the text before


@dataclass(frozen=True, slots=True)
class Candidates:
    """An article, those to compare it with, and which text the index has of each."""

    document: Document
    version: TextVersion
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
        """Whether any text is like this one."""
        return any(found.similar for found in self.against.values())


class LinkResult(NamedTuple):
    """What came of it."""

    done: bool  # False: a text changed meanwhile; look again
    requeued: frozenset[int] = frozenset()  # articles that stood on this one, to be settled next


def load(conn: Connection, article_id: int) -> tuple[Document, str | None] | None:
    """The article, and the text that its keys in the index were made of, if that is another."""
    story = documents.load(conn, [article_id]).get(article_id)
    if story is None:
        return None
    row = index.members(conn, [article_id]).get(article_id)
    if row is None or row.revision in (0, story.revision):
        return story, None
    return story, documents.text_of(conn, article_id, row.revision)


def prepare(story: Document, before: str | None) -> PreparedDocument:
    """The entry of a story. Pure: for a thread without a transaction."""
    now = sketch(story.text)
    stale = frozenset(sketch(before).keys) - set(now.keys) if before is not None else frozenset()
    entry = IndexEntry(story.article_id, story.revision, now.body_key, now.tokens, now.keys)
    return PreparedDocument(story, entry, stale)


def add_to_index(conn: Connection, prepared: PreparedDocument) -> None:
    """Writes the keys; to be committed before `look`."""
    index.add(conn, prepared.entry, prepared.stale)


def find_candidates(conn: Connection, prepared: PreparedDocument) -> Candidates | None:
    """The candidates with their texts; None where the article is gone or has changed."""
    entry = prepared.entry
    ids = {*index.candidates(conn, entry), *_neighbours(conn, entry.article_id)}
    # rows before texts: a text that is newer than its row is compared again by its own writer
    rows = index.members(conn, ids)
    told = documents.load(conn, {*ids, entry.article_id})
    story = told.pop(entry.article_id, None)
    if story is None or story.text != prepared.document.text:
        return None
    others = {other: found for other, found in told.items() if other in rows}
    stamp = TextVersion(entry.revision, entry.body_key)
    return Candidates(story, stamp, others, {other: rows[other].version for other in others})


def compare_all(found: Candidates) -> Comparison:
    """The verdict on each candidate. Pure: for a thread without a transaction."""
    mine = compared_text(found.document)
    against = {other: compare(mine, compared_text(story)) for other, story in found.others.items()}
    return Comparison(found.document.article_id, found.version, against, found.versions)


def link(conn: Connection, verdicts: Comparison, now: datetime) -> LinkResult:
    """Writes what the texts said, and brings the clusters up to it."""
    me = verdicts.article_id
    alike = {other: found for other, found in verdicts.against.items() if found.similar}
    linked = alike or pairs.pairs_of(conn, me)
    if not linked and index.mark_indexed(conn, me, verdicts.version, alone=True):
        return LinkResult(done=True)
    rows = clusters.lock(conn, {me, *alike, *_neighbours(conn, me)})
    before = pairs.pairs_of(conn, me)
    if _stale(verdicts, rows, before):
        return LinkResult(done=False)
    # equal texts need no row: they are linked by their body keys
    kept = [_edge(me, other, found) for other, found in alike.items() if found.kind != Kind.EXACT]
    pairs.replace(conn, before, kept)
    merging = {other for other, found in alike.items() if found.same}
    gone = {_other(edge, me) for edge in before if edge.merges} - merging
    index.requeue(conn, gone)  # what was found through this article has to be found without it
    label_clusters.label_clusters(conn, _change(conn, rows, me, merging, gone, now), now)
    index.mark_indexed(conn, me, verdicts.version)
    return LinkResult(done=True, requeued=frozenset(gone))


def _change(
    conn: Connection,
    rows: Mapping[int, Member],
    me: int,
    merging: set[int],
    gone: set[int],
    now: datetime,
) -> clusters.ClusterChange:
    """A newcomer can only unite; whoever stood in a cluster may part it too."""
    if rows[me].cluster_id is None and not gone:
        if not merging:
            return clusters.ClusterChange((), frozenset())
        return clusters.merge(conn, [rows[a] for a in (me, *merging)], now)
    return clusters.recompute_components(conn, [rows[a] for a in (me, *merging, *gone)], now)


def _stale(verdicts: Comparison, rows: Mapping[int, Member], before: list[Pair]) -> bool:
    """Whether a text was replaced, or a likeness found, since the texts were compared."""
    compared = {verdicts.article_id: verdicts.version, **verdicts.versions}
    if any(rows[a].version != compared.get(a, rows[a].version) for a in rows):
        return True
    needed = {verdicts.article_id, *(_other(edge, verdicts.article_id) for edge in before)}
    return not needed <= rows.keys() & compared.keys()


def _neighbours(conn: Connection, article_id: int) -> set[int]:
    return {_other(edge, article_id) for edge in pairs.pairs_of(conn, article_id)}


def _edge(one: int, other: int, found: Similarity) -> Pair:
    return Pair(min(one, other), max(one, other), found.kind, found.jaccard, found.containment)


def _other(edge: Pair, article_id: int) -> int:
    return edge.b if edge.a == article_id else edge.a
