"""What is old goes: captures, outcomes, revisions, runs; never what the current text rests on.

Everything goes in batches, each a transaction of its own, and in an order that a killed prune
can be started again from: a WARC file goes before the rows that nobody needs and that name it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, select, update

from models import old_runs
from models.archive import old_files
from models.archive.capture_parts import CAPTURE_PARTS
from models.archive.captures import CAPTURES
from models.archive.files import WARC_FILES
from models.archive.old_files import OldCaptures
from models.archive.places import ArchivePlaces
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES
from models.crawl.run_rows import OUTCOMES, RUNS
from models.db.database import Database
from models.monitoring import old_alerts

_T = TypeVar("_T")

BATCH: Final = 1000  # rows a transaction: a crawl beside it waits for no longer than that


class _Batch(NamedTuple):
    """Rows that went, and the number of the last."""

    rows: int
    last: int


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept: all that is not older than these times; None: all."""

    captures: datetime | None = None
    outcomes: datetime | None = None
    revisions: datetime | None = None
    runs: datetime | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """What a prune removes, or has removed."""

    captures: int = 0
    files: int = 0  # of the archive
    bytes: int = 0  # of these files
    outcomes: int = 0
    revisions: int = 0
    runs: int = 0
    alerts: int = 0
    files_missing: int = 0  # that should be in the local folder: nothing is removed of them

    def __bool__(self) -> bool:
        counts = (self.captures, self.files, self.outcomes, self.revisions, self.runs, self.alerts)
        return any(counts)


def count(conn: Connection, keep: Keep, places: ArchivePlaces) -> Removal:
    """What `prune` would remove now, and how many bytes of the archive. No store is asked."""
    captures, sizes, missing = 0, list[int](), 0
    if keep.captures:
        old = old_files.what_is_old(conn, places, keep.captures)
        missing = old.missing
        sizes = old_files.old_files(conn, places, list(_whole_files(conn, old))).sizes
        captures = _count(conn, _old_captures(old))
    return Removal(
        captures=captures,
        files=len(sizes),
        bytes=sum(sizes),
        outcomes=_count(conn, _old_outcomes(keep.outcomes)) if keep.outcomes else 0,
        revisions=_count(conn, _old_revisions(keep.revisions)) if keep.revisions else 0,
        runs=old_runs.count(conn, keep.runs, keep.outcomes) if keep.runs else 0,
        alerts=old_alerts.count(conn, keep.runs) if keep.runs else 0,
        files_missing=missing,
    )


def prune(database: Database, keep: Keep, places: ArchivePlaces) -> Removal:
    """Removes it, and returns what was removed. Stopped and started again, it goes on.

    Raises UsageError if the archive is not there, StoreAway, StoreRefused.
    """
    revisions = _in_batches(database, keep.revisions, _remove_revisions)
    outcomes = old_runs.remove_outcomes(database, keep.outcomes) if keep.outcomes else 0
    files, size, captures, missing = 0, 0, 0, 0
    if keep.captures is not None:
        with database.reading() as conn:
            going = old_files.what_is_old(conn, places, keep.captures)
            whole, missing = list(_whole_files(conn, going)), going.missing
            old = old_files.old_files(conn, places, whole)
        old_files.require_places(old, whole)
        files, size = old_files.remove(database, old)
        captures = _in_batches(database, going, _remove_captures)
        database.patiently(lambda conn: old_files.forget(conn, old))
    alerts = old_alerts.remove(database, keep.runs) if keep.runs else 0  # they name runs
    runs = old_runs.remove(database, keep.runs) if keep.runs else 0
    return Removal(captures, files, size, outcomes, revisions, runs, alerts, missing)


def reading_again(conn: Connection) -> int | None:
    """A re-extraction that is under way: it reads captures, so none may go meanwhile."""
    query = select(RUNS.c.run_id).where(RUNS.c.kind == "reextract", RUNS.c.status == "running")
    return conn.execute(query.limit(1)).scalar()


def _old_captures(old: OldCaptures) -> Select[int]:
    """Captures that are old, of no run under way, and of no revision that stands or stood last.

    Those in a file that waits in another spool stay until it was uploaded: it is not here.
    """
    stands = (
        select(REVISIONS.c.capture_id)
        .join(ARTICLES, ARTICLES.c.article_id == REVISIONS.c.article_id)
        .where((REVISIONS.c.revision == ARTICLES.c.revision) | _stood_last())
    )
    needed = stands.where(REVISIONS.c.capture_id == CAPTURES.c.capture_id)
    in_a_story = stands.join(
        CAPTURE_PARTS, CAPTURE_PARTS.c.capture_id == REVISIONS.c.capture_id
    ).where(CAPTURE_PARTS.c.part_id == CAPTURES.c.capture_id)
    elsewhere = exists().where(
        WARC_FILES.c.warc_file == CAPTURES.c.warc_file,
        WARC_FILES.c.moved_at.is_(None),
        WARC_FILES.c.host.is_not(None) if old.host is None else WARC_FILES.c.host != old.host,
    )
    return select(CAPTURES.c.capture_id).where(
        CAPTURES.c.fetched_at < old.before,
        _over(CAPTURES.c.run_id),
        ~elsewhere,
        ~needed.exists(),
        ~in_a_story.exists(),
    )


def _whole_files(conn: Connection, old: OldCaptures) -> Iterator[str]:
    """WARC files of which every capture goes."""
    captures = _old_captures(old).subquery()
    going = (
        select(CAPTURES.c.warc_file, func.count().label("going"))
        .join(captures, captures.c.capture_id == CAPTURES.c.capture_id)
        .group_by(CAPTURES.c.warc_file)
        .subquery()
    )
    there = (
        select(CAPTURES.c.warc_file, func.count().label("there"))
        .where(CAPTURES.c.warc_file.in_(select(going.c.warc_file)))
        .group_by(CAPTURES.c.warc_file)
        .subquery()
    )
    same = going.join(there, there.c.warc_file == going.c.warc_file)
    query = select(going.c.warc_file).select_from(same).where(going.c.going == there.c.there)
    yield from conn.execute(query.order_by(going.c.warc_file)).scalars()


def _old_outcomes(before: datetime) -> Select[int, int]:
    """Outcomes of runs that were over by then; their counts stay."""
    ended = (RUNS.c.run_id == OUTCOMES.c.run_id) & old_runs.is_over(before)
    return select(OUTCOMES.c.run_id, OUTCOMES.c.url_id).join(RUNS, ended)


def _old_revisions(before: datetime) -> Select[int, int]:
    """Revisions that gave way to another before that day, but for the one that stood last.

    So the newest number stays, and none is given out twice.
    """
    later = REVISIONS.alias("later")
    gave_way = exists().where(
        later.c.article_id == REVISIONS.c.article_id,
        later.c.revision > REVISIONS.c.revision,
        later.c.extracted_at < before,
    )
    return (
        select(REVISIONS.c.article_id, REVISIONS.c.revision)
        .join(ARTICLES, ARTICLES.c.article_id == REVISIONS.c.article_id)
        .where(REVISIONS.c.revision != ARTICLES.c.revision, gave_way, ~_stood_last())
    )


def _stood_last() -> ColumnElement[bool]:
    """The newest revision but the current one: the way back from an edit that was none."""
    newer = REVISIONS.alias("newer")
    return ~exists().where(
        newer.c.article_id == REVISIONS.c.article_id,
        newer.c.revision > REVISIONS.c.revision,
        newer.c.revision != ARTICLES.c.revision,
    )


def _remove_captures(conn: Connection, old: OldCaptures, after: int) -> _Batch | None:
    going = _old_captures(old).where(CAPTURES.c.capture_id > after)
    ids = list(conn.execute(going.order_by(CAPTURES.c.capture_id).limit(BATCH)).scalars())
    if not ids:
        return None
    told = update(REVISIONS).where(REVISIONS.c.capture_id.in_(ids))
    conn.execute(told.values(capture_id=None))  # revisions that are past, kept for their text
    parts = CAPTURE_PARTS.c
    of_these = parts.capture_id.in_(ids) | parts.part_id.in_(ids)
    conn.execute(delete(CAPTURE_PARTS).where(of_these))
    conn.execute(delete(CAPTURES).where(CAPTURES.c.capture_id.in_(ids)))
    return _Batch(len(ids), ids[-1])


def _remove_revisions(conn: Connection, before: datetime, after: int) -> _Batch | None:
    old = _old_revisions(before).where(REVISIONS.c.article_id >= after)
    some = conn.execute(old.order_by(*REVISIONS.primary_key).limit(BATCH)).all()
    if not some:
        return None
    for row in some:
        one = (REVISIONS.c.article_id == row.article_id) & (REVISIONS.c.revision == row.revision)
        conn.execute(delete(REVISIONS).where(one))
    return _Batch(len(some), some[-1].article_id)


def _in_batches(
    database: Database, old: _T | None, remove: Callable[[Connection, _T, int], _Batch | None]
) -> int:
    """Removes until nothing is left, each batch from where the one before ended; how many."""
    if old is None:
        return 0
    removed, batch = 0, _Batch(0, 0)

    def step(conn: Connection) -> _Batch | None:
        return remove(conn, old, batch.last)

    while (found := database.patiently(step)) is not None:
        batch = found
        removed += batch.rows
    return removed


def _over(run_id: ColumnElement[int] | Any) -> ColumnElement[bool]:
    """The run is over, so that nobody writes its rows any more."""
    return ~exists().where(RUNS.c.run_id == run_id, RUNS.c.status == "running")


def _count(conn: Connection, query: Select[*tuple[Any, ...]]) -> int:
    return int(conn.execute(select(func.count()).select_from(query.subquery())).scalar_one())
