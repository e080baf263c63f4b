"""Every article looked up again: after keys are made otherwise, or to be sure of the clusters."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, NamedTuple, TypeVar

from sqlalchemy import Connection

from models.articles import documents
from models.db.database import Database
from models.duplicates import clusters, index, index_version
from models.errors import WinnowError
from pipelines.duplicates import label_clusters, matching

T = TypeVar("T")

BATCH: Final = 100  # articles whose keys are written in one transaction
TRIES: Final = 20


class Counts(NamedTuple):
    """What a rebuild found."""

    articles: int  # looked up by this call
    clusters: int  # of two and more, in all


class RebuildFailed(WinnowError):
    """An article's candidates changed again and again while it was compared."""


def rebuild(database: Database, progress: Callable[[int, int], None]) -> Counts:
    """Makes all keys, pairs and clusters again; resumes where an earlier call stopped.

    Calls `progress(articles done by this call, last article_id)` after each batch. What stands
    already is compared with, so readers are told of what is different afterwards, and no more.
    """
    after = database.patiently(_begin)
    done = 0
    while batch := _read(database, partial(documents.ids_after, after=after, limit=BATCH)):
        place(database, batch)
        after, done = batch[-1], done + len(batch)
        database.patiently(partial(index_version.set_progress, article_id=after))
        progress(done, after)
    sweep(database)
    database.patiently(partial(index_version.set_progress, article_id=None))
    return Counts(done, _read(database, clusters.count))


def place(database: Database, article_ids: Sequence[int]) -> None:
    """Enrols these articles in one transaction, then settles each."""
    told = [_read(database, partial(matching.load, article_id=a)) for a in article_ids]
    prepared = [matching.prepare(*one) for one in told if one is not None]

    def enrol(conn: Connection) -> None:
        for one in prepared:
            matching.add_to_index(conn, one)

    database.patiently(enrol)
    for one in prepared:
        _settle(database, one)


def sweep(database: Database) -> None:
    """Settles what is pending, and names the originals of large clusters."""
    after = 0
    while batch := _read(database, partial(index.pending, after=after, limit=BATCH)):
        place(database, batch)
        after = batch[-1]
    after = 0
    while due := _read(database, partial(clusters.due, after=after, limit=BATCH)):
        for cluster_id in due:
            name = partial(
                label_clusters.label_due_cluster, cluster_id=cluster_id, now=datetime.now(UTC)
            )
            database.patiently(name)
        after = due[-1]


def _begin(conn: Connection) -> int:
    after = index_version.begin_rebuild(conn)
    if after is None:
        index.clear_keys(conn)
        return 0
    return after


def _settle(database: Database, prepared: matching.PreparedDocument) -> None:
    for _ in range(TRIES):
        found = _read(database, partial(matching.find_candidates, prepared=prepared))
        if found is not None:
            verdicts = matching.compare_all(found)
            work = partial(matching.link, verdicts=verdicts, now=datetime.now(UTC))
            if database.patiently(work).done:
                return
        told = _read(database, partial(matching.load, article_id=prepared.entry.article_id))
        if told is None:
            return
        prepared = matching.prepare(*told)
        database.patiently(partial(matching.add_to_index, prepared=prepared))
    raise RebuildFailed(
        f"article {prepared.entry.article_id} is changed by other runs all the time;"
        " type `scrapy db rebuild-duplicates` again when they are done"
    )


def _read(database: Database, work: Callable[[Connection], T]) -> T:
    with database.reading() as conn:
        return work(conn)
