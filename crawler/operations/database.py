"""What `scrapy db` does: revisions of the database, retention, duplicates looked up again."""

import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from migrations import revision
from models.archive.places import ArchivePlaces
from models.clock import utc_now
from models.db.database import Database
from models.durations import duration
from models.errors import SiteBusy, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from models.articles.search_index import Gaps
    from models.retention import Removal
    from pipelines.duplicates.linker import MakeKeys

Setting = Callable[[str], str]  # a setting's value by its name


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it, in a line for people and as a JSON document's keys for programs."""

    line: str
    document: dict[str, Any]
    warning: str = ""  # what needs a person


def upgrade(database: Database, *, shows: bool = False) -> Answer:
    """Brings the database to the newest revision, from an empty one too; `shows` how far it is."""
    from migrations.upgrade import upgrade as migrate

    before = revision.current_revision(database)
    migrate(database, progress=_show_indexed if shows else _show_nothing)
    now = revision.current_revision(database)
    moved = "already at" if before == now else f"from {before or 'nothing'} to"
    return Answer(
        f"{_name(database)}: {moved} revision {now}",
        {"database": _name(database), "revision_before": before, "revision": now},
    )


def check(database: Database) -> Answer:
    """The revision, and what the search index lacks.

    Raises DatabaseNotReady if the revision is not the newest.
    """
    from models.articles import search_index

    revision.require_current(database)
    head = revision.head_revision()
    with database.reading() as conn:
        gaps = search_index.gaps(conn)
    state = f"search index: {_state_of_index(gaps, is_on=database.is_indexed)}"
    return Answer(
        f"{_name(database)}: at head, revision {head}\n{state}",
        {
            "database": _name(database),
            "revision": head,
            "head": head,
            "search": "on" if database.is_indexed else "off",
            "search_missing": gaps.missing,
            "search_left_over": gaps.left_over,
        },
        state if database.is_indexed and any(gaps) else "",
    )


def _state_of_index(gaps: "Gaps", *, is_on: bool) -> str:
    counts = f"{gaps.missing} articles missing, {gaps.left_over} left over"
    if not is_on:
        return f"WINNOW_SEARCH is off; {counts}"
    return f"{counts}; type: scrapy db reindex" if any(gaps) else "complete"


def reindex(database: Database, *, shows: bool = False) -> Answer:
    """Adds to the search index what is missing, and removes what is left over.

    Stopped, it resumes next time. Raises UsageError if WINNOW_SEARCH is off.
    """
    from models.articles import search_index

    revision.require_current(database)
    if not database.is_indexed:
        raise UsageError("WINNOW_SEARCH is off, so no words are indexed; set it to on")
    done = search_index.fill(database, _show_indexed if shows else _show_nothing)
    return Answer(
        f"search index: {done.missing} articles added, {done.left_over} removed",
        {"added": done.missing, "removed": done.left_over},
    )


def current(database: Database) -> Answer:
    """The revision, and the newest one; DatabaseNotReady where there is no such file."""
    if database.is_missing:
        revision.require_current(database)
    at, head = revision.current_revision(database), revision.head_revision()
    return Answer(
        f"{at or 'empty'} (head: {head})",
        {"database": _name(database), "revision": at, "head": head},
    )


def downgrade(database: Database, to: str) -> Answer:
    """Takes the database back to an older revision."""
    from migrations.upgrade import downgrade as migrate

    migrate(database, to)
    now = revision.current_revision(database)
    return Answer(
        f"{_name(database)}: at revision {now or 'base (empty)'}",
        {"database": _name(database), "revision": now},
    )


def rebuild_duplicates(
    database: Database, *, shows: bool = False, make_keys: "MakeKeys | None" = None, ahead: int = 0
) -> Answer:
    """Looks every article up again; resumes where an earlier call was stopped.

    `make_keys`, `ahead`: as of `rebuild`; None: here.
    """
    from pipelines.duplicates.linker import make_keys_here
    from pipelines.duplicates.rebuild import rebuild

    revision.require_current(database)
    show = _show_progress if shows else _show_nothing
    counts = rebuild(database, show, make_keys or make_keys_here, ahead)
    return Answer(
        f"{counts.articles} articles looked up; clusters of two and more: {counts.clusters}",
        {"articles": counts.articles, "clusters": counts.clusters},
    )


def prune(
    database: Database,
    setting: Setting,
    places: ArchivePlaces,
    announce: Callable[[str], None],
    *,
    dry_run: bool,
) -> Answer:
    """Announces what the retention settings remove, then removes it; what was removed.

    What is left of workers that are gone goes too, unannounced, and of copies that were cut short.
    Raises UsageError for a setting that is no length of time, SiteBusy during a re-extraction,
    StoreAway, StoreRefused, ArchiveUnwritable.
    """
    from models import retention
    from models.archive import local_folder
    from models.archive.stores import clear_unfinished

    revision.require_current(database)
    keep = retention.Keep(
        *(_before(setting, name) for name in ("CAPTURES", "OUTCOMES", "REVISIONS", "RUNS"))
    )
    with database.reading() as conn:
        running = retention.reading_again(conn)
        going = retention.count(conn, keep, places)
    announce(f"{'would remove' if dry_run else 'removes'} {_counts(going)}")
    warning = ""
    if going.files_missing:
        warning = (
            f"{going.files_missing} WARC files that wait for their upload are not in"
            f" {places.local}: nothing is removed of this host's waiting files;"
            f" is {places.setting} right?"
        )
        announce(warning)
    if not dry_run:
        database.patiently(_forget_fleet)
        with local_folder.writing_in(places.local):
            clear_unfinished(places.local)
    if dry_run or not going:
        return Answer("", {"dry_run": dry_run, **asdict(going)}, warning)
    if running is not None and going.captures:
        raise SiteBusy(f"run {running} reads captures again; type scrapy db prune after it")
    gone = retention.prune(database, keep, places)
    return Answer(f"removed {_counts(gone)}", {"dry_run": False, **asdict(gone)}, warning)


def _forget_fleet(conn: "Connection") -> None:
    """Workers without a sign of life for a day, handouts that nobody came back to: no history."""
    from models.db.server_clock import clock_difference
    from models.fleet import handouts, workers

    now = utc_now() - clock_difference(conn)
    workers.forget(conn, now)
    handouts.forget_old(conn, now)


def _before(setting: Setting, name: str) -> datetime | None:
    """What is older than this is removed; None: nothing."""
    value = setting(f"WINNOW_KEEP_{name}")
    if value == "all":
        return None
    try:
        return utc_now() - duration(value)
    except ValueError as wrong:
        raise UsageError(f'WINNOW_KEEP_{name}: {wrong}, or "all"') from wrong


def _counts(removal: "Removal") -> str:
    files = f"{removal.files} WARC files of {removal.bytes / 10**6:.1f} MB"
    return (
        f"{removal.captures} captures ({files}), {removal.outcomes} outcomes,"
        f" {removal.revisions} revisions, {removal.runs} runs, {removal.alerts} alerts"
    )


def _show_progress(done: int, last: int) -> None:
    print(f"\r{done} articles, to number {last}", end="", file=sys.stderr, flush=True)


def _show_indexed(last: int) -> None:
    print(f"\rarticles indexed to number {last}", end="", file=sys.stderr, flush=True)


def _show_nothing(*_numbers: int) -> None:
    """Nobody looks on."""


def _name(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=True)
