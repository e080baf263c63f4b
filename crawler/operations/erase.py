"""`scrapy erase`: a page is taken out on request, and kept away.

First one transaction removes its rows and puts a tombstone on its addresses; then its records leave
the archive. A kill between leaves a tombstone that is not done: the same command finishes it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import NamedTuple

from sqlalchemy import Connection

from crawler.home import as_typed
from crawler.operations import erase_archive
from crawler.operations.erase_archive import Cleared
from crawler.operations.erase_text import describe, described, erasure_lines, lines, target_lines
from crawler.operations.site_hold import SiteHold, held
from crawler.reports.text_tables import as_json
from crawler.runs.start import close_dead_runs
from models.archive.places import ArchivePlaces
from models.clock import utc_now
from models.crawl import erased, frontier
from models.db.database import Database
from models.erasures import removal, targets, tombstones
from models.erasures.targets import Target
from models.erasures.tombstones import Erasure
from models.errors import UsageError
from models.sites import registry


class Wanted(NamedTuple):
    """What to do with a page."""

    name: str  # a URL in any spelling, or an article's number
    why: str | None = None
    dry_run: bool = False
    as_json: bool = False


def erase(database: Database, places: ArchivePlaces, wanted: Wanted) -> None:
    """Takes a page out, or goes on where that was cut short; prints what was done.

    Raises UsageError for what is not known, SiteBusy where a run holds the site, ArchiveElsewhere
    where another spool than ours has a file of the site, StoreAway, StoreRefused.
    """
    with database.reading() as conn:
        erasure, target = _found(conn, wanted.name)
    if target is None:
        if erasure is None:
            raise UsageError(f"nothing is known of {wanted.name}; nothing was erased")
        _finish(database, places, erasure, wanted)
        return
    if wanted.dry_run:
        _print(wanted, {"would_erase": describe(target)}, target_lines(target, "would erase"))
        return
    why = (wanted.why or "").strip()
    if not why:
        raise UsageError('say why: it is kept with the tombstone: --why "asked for by …"')
    close_dead_runs(database, places)
    with held(database, target.site_id, target.site) as hold:
        erase_archive.require_there(database, places, target.site, target.files)
        target, erasure = database.patiently(lambda conn: _remove(conn, wanted.name, why))
        database.forget_deleted()
        cleared = erase_archive.clear(database, places, erasure, hold)
    document = {"erased": describe(target), "archive": _cleared(cleared)}
    _print(wanted, document, lines(target, cleared, erasure))


def lift(database: Database, wanted: Wanted) -> None:
    """Takes the tombstone of a page away; what was erased does not come back by that."""
    name = wanted.name
    with database.reading() as conn:
        erasure = tombstones.named(conn, name)
    if erasure is None:
        raise UsageError(f"{name} was not erased, so there is nothing to undo")
    if erasure.done_at is None:
        raise UsageError(f"{name} is not erased to the end; first type: scrapy erase {erasure.url}")
    with _holding(database, erasure.site):
        database.patiently(lambda conn: _lift(conn, erasure))
    said = f"{erasure.url}: may be fetched again; its text comes back with the next fetch alone"
    _print(wanted, {"lifted": described(erasure)}, [said])


def show(database: Database, *, json: bool) -> None:
    """Prints all tombstones."""
    with database.reading() as conn:
        found = tombstones.listed(conn)
    if json:
        print(as_json([described(one) for one in found]))
    else:
        print(as_typed("\n".join(erasure_lines(found))))


def finish_all(database: Database, places: ArchivePlaces, *, json: bool) -> None:
    """Looks through the archive again for all that was ever erased: a backup may bring it back."""
    with database.reading() as conn:
        found = tombstones.listed(conn)
    back: dict[str, int] = {}
    missing: set[str] = set()
    for one in found:
        is_back, cleared = _again(database, places, one)
        missing |= {*cleared.missing}
        if is_back:
            back[one.url] = cleared.records
    if json:
        print(as_json({"erasures": len(found), "again": back, "missing": sorted(missing)}))
        return
    for url, records in back.items():
        print(f"{url}: erased again; {records} records of the archive")
    print(f"{len(found)} erasures looked after; the archive holds nothing of them")
    for line in Cleared(0, 0, tuple(sorted(missing))).missing_lines:
        print(line)


def _again(database: Database, places: ArchivePlaces, erasure: Erasure) -> tuple[bool, Cleared]:
    """Rows that came back go once more, then records; whether anything was there."""
    with database.reading() as conn:
        target = targets.find(conn, erasure.url)
    back = target is not None and bool(target.articles or target.captures)
    with _holding(database, erasure.site) as hold:
        if back:
            _, erasure = database.patiently(lambda conn: _remove(conn, erasure.url, erasure.why))
        cleared = erase_archive.clear(database, places, erasure, hold)
    return back or cleared.records > 0, cleared


def _found(conn: Connection, name: str) -> tuple[Erasure | None, Target | None]:
    """The tombstone of a page, and what there is to erase of it."""
    erasure, target = tombstones.named(conn, name), targets.find(conn, name)
    if target is not None and erasure is not None and not (target.articles or target.captures):
        target = None  # a row that says that its page was erased
    return erasure, target


def _remove(conn: Connection, name: str, why: str) -> tuple[Target, Erasure]:
    from pipelines.duplicates.label_clusters import leave_clusters  # the extractors take a second

    target, now = targets.find(conn, name), utc_now()
    if target is None:
        raise UsageError(f"{name} was erased meanwhile by another process")
    leave_clusters(conn, sorted(target.articles), now)
    removal.remove(conn, target, why, now)
    erasure = tombstones.named(conn, target.url)
    if erasure is None:
        raise RuntimeError(f"{target.url} has no tombstone")
    return target, erasure


def _finish(database: Database, places: ArchivePlaces, erasure: Erasure, wanted: Wanted) -> None:
    if erasure.done_at is None and not wanted.dry_run:
        with _holding(database, erasure.site) as hold:
            cleared = erase_archive.clear(database, places, erasure, hold)
        said = f"{erasure.url}: finished; {cleared.records} records of the archive"
        document = {"finished": described(erasure), "archive": _cleared(cleared)}
        _print(wanted, document, [said, *cleared.missing_lines])
        return
    _print(wanted, {"erased_before": described(erasure)}, erasure_lines([erasure]))


def _lift(conn: Connection, erasure: Erasure) -> None:
    for url in tombstones.addresses(conn, erasure.erasure_id).values():
        row = frontier.find(conn, url)
        if row is not None:
            erased.ask_again(conn, row.url_id)
    tombstones.lift(conn, erasure.erasure_id)


@contextmanager
def _holding(database: Database, site: str) -> Iterator[SiteHold | None]:
    """Holds a site, if the database still knows it; raises SiteBusy where a run does."""
    with database.reading() as conn:
        found = registry.known_sites(conn, site)
    if not found:
        yield None
        return
    with held(database, found[0].site_id, site) as hold:
        yield hold


def _cleared(cleared: Cleared) -> dict[str, object]:
    return asdict(cleared)


def _print(wanted: Wanted, document: Mapping[str, object], said: Sequence[str]) -> None:
    print(as_json(document) if wanted.as_json else "\n".join(said))
