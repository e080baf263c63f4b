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
from models.articles.documents import Story
from models.duplicates import clusters, index, pairs
from models.duplicates.index import Entry, Member, Stamp
from models.duplicates.pairs import Edge
from pipelines.duplicates import label_clusters
from pipelines.duplicates.label_clusters import reading
from pipelines.duplicates.similarity import Kind, Likeness, compare
from pipelines.duplicates.sketch import sketch


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article and its entry, made outside of any transaction."""

    story: Story
    entry: Entry
    stale: frozenset[int]  # keys of the text before


@dataclass(frozen=True, slots=True)
class Found:
    """An article, those to compare it with, and which text the index has of each."""

    story: Story
    stamp: Stamp
    others: Mapping[int, Story] = field(repr=False)
    stamps: Mapping[int, Stamp]


class Verdicts(NamedTuple):
    """What the texts said."""

    article_id: int
    stamp: Stamp
    against: Mapping[int, Likeness]
    stamps: Mapping[int, Stamp]  # of the others, as they were compared

    @property
    def alike(self) -> bool:
        """Whether any text is like this one."""
        return any(found.alike for found in self.against.values())


class Settled(NamedTuple):
    """What came of it."""

    done: bool  # False: a text changed meanwhile; look again
    reopened: frozenset[int] = frozenset()  # articles that stood on this one, to be settled next


def texts(c: Connection, article_id: int) -> tuple[Story, str | None] | None:
    """The article, and the text that its keys in the index were made of, if that is another."""
    story = documents.stories(c, [article_id]).get(article_id)
    if story is None:
        return None
    row = index.members(c, [article_id]).get(article_id)
    if row is None or row.revision in (0, story.revision):
        return story, None
    return story, documents.text_of(c, article_id, row.revision)


def prepare(story: Story, before: str | None) -> Prepared:
    """The entry of a story. Pure: for a thread without a transaction."""
    now = sketch(story.text)
    stale = frozenset(sketch(before).keys) - set(now.keys) if before is not None else frozenset()
    entry = Entry(story.article_id, story.revision, now.body_key, now.tokens, now.keys)
    return Prepared(story, entry, stale)


def enrol(c: Connection, prepared: Prepared) -> None:
    """Writes the keys; to be committed before `look`."""
    index.enrol(c, prepared.entry, prepared.stale)


def look(c: Connection, prepared: Prepared) -> Found | None:
    """The candidates with their texts; None where the article is gone or has changed."""
    entry = prepared.entry
    ids = {*index.candidates(c, entry), *_neighbours(c, entry.article_id)}
    # rows before texts: a text that is newer than its row is compared again by its own writer
    rows = index.members(c, ids)
    told = documents.stories(c, {*ids, entry.article_id})
    story = told.pop(entry.article_id, None)
    if story is None or story.text != prepared.story.text:
        return None
    others = {other: found for other, found in told.items() if other in rows}
    stamp = Stamp(entry.revision, entry.body_key)
    return Found(story, stamp, others, {other: rows[other].stamp for other in others})


def judge(found: Found) -> Verdicts:
    """The verdict on each candidate. Pure: for a thread without a transaction."""
    mine = reading(found.story)
    against = {other: compare(mine, reading(story)) for other, story in found.others.items()}
    return Verdicts(found.story.article_id, found.stamp, against, found.stamps)


def settle(c: Connection, verdicts: Verdicts, now: datetime) -> Settled:
    """Writes what the texts said, and brings the clusters up to it."""
    me = verdicts.article_id
    alike = {other: found for other, found in verdicts.against.items() if found.alike}
    linked = alike or pairs.touching(c, me)
    if not linked and index.settle(c, me, verdicts.stamp, alone=True):
        return Settled(done=True)
    rows = clusters.lock(c, {me, *alike, *_neighbours(c, me)})
    before = pairs.touching(c, me)
    if _stale(verdicts, rows, before):
        return Settled(done=False)
    # equal texts need no row: they are linked by their body keys
    kept = [_edge(me, other, found) for other, found in alike.items() if found.kind != Kind.EXACT]
    pairs.replace(c, before, kept)
    merging = {other for other, found in alike.items() if found.same}
    gone = {_other(edge, me) for edge in before if edge.merges} - merging
    index.reopen(c, gone)  # what was found through this article has to be found without it
    label_clusters.settle(c, _change(c, rows, me, merging, gone, now), now)
    index.settle(c, me, verdicts.stamp)
    return Settled(done=True, reopened=frozenset(gone))


def _change(
    c: Connection,
    rows: Mapping[int, Member],
    me: int,
    merging: set[int],
    gone: set[int],
    now: datetime,
) -> clusters.Change:
    """A newcomer can only unite; whoever stood in a cluster may part it too."""
    if rows[me].cluster_id is None and not gone:
        if not merging:
            return clusters.Change((), frozenset())
        return clusters.unite(c, [rows[a] for a in (me, *merging)], now)
    return clusters.regroup(c, [rows[a] for a in (me, *merging, *gone)], now)


def _stale(verdicts: Verdicts, rows: Mapping[int, Member], before: list[Edge]) -> bool:
    """Whether a text was replaced, or a likeness found, since the texts were compared."""
    compared = {verdicts.article_id: verdicts.stamp, **verdicts.stamps}
    if any(rows[a].stamp != compared.get(a, rows[a].stamp) for a in rows):
        return True
    needed = {verdicts.article_id, *(_other(edge, verdicts.article_id) for edge in before)}
    return not needed <= rows.keys() & compared.keys()


def _neighbours(c: Connection, article_id: int) -> set[int]:
    return {_other(edge, article_id) for edge in pairs.touching(c, article_id)}


def _edge(one: int, other: int, found: Likeness) -> Edge:
    return Edge(min(one, other), max(one, other), found.kind, found.jaccard, found.containment)


def _other(edge: Edge, article_id: int) -> int:
    return edge.b if edge.a == article_id else edge.a
