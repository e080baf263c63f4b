"""What `scrapy archive` prints."""

from collections.abc import Iterator
from typing import Final

from crawler.operations.archive_move import Moved
from crawler.operations.archive_status import ArchiveStatus, Place
from crawler.reports.spools import file_size, spool_line

_NAMED: Final = 3  # files whose faults are printed


def status_lines(shown: ArchiveStatus) -> Iterator[str]:
    """Where the files are, a line for each place, and what to type."""
    yield f"archive  {shown.archive}"
    what = "spool" if shown.is_spool else "folder"
    yield f"{what:<7}  {shown.folder} on {shown.host}: {_place(shown.local)}"
    if shown.written:
        yield f"         {_many(shown.written, 'file')} that runs write now"
    for address, place in shown.stores.items():
        yield f"store    {address}: {_place(place)}"
    for spool in shown.spools:
        yield f"waits    {spool_line(spool)}"
    if shown.to_move.files:
        yield (f"to move  {_place(shown.to_move)} to {shown.archive}; type: scrapy archive move")
    if shown.missing:
        yield (
            f"missing  {_many(shown.missing, 'file')}, neither in {shown.folder} nor in a store:"
            " is the folder right?"
        )
    if shown.unknown:
        yield (
            f"unknown  {_many(shown.unknown, 'file')} in the folder that this database does not"
            " know: left alone"
        )


def move_lines(done: Moved) -> Iterator[str]:
    """What was moved, or would be, and what was left."""
    did = "would be moved" if done.dry_run else "moved"
    if done.moved:
        yield f"{_many(done.moved, 'file')} of {file_size(done.bytes)} {did} to {done.to}"
    else:
        yield f"nothing {did} to {done.to}"
    if done.finished:
        cleared = "would be cleared away" if done.dry_run else "cleared away"
        yield f"  {_many(done.finished, 'file')} moved before: what was left of it {cleared}"
    if done.here:
        yield f"  {_many(done.here, 'file')} there already"
    if done.live:
        yield f"  {_many(done.live, 'file')} left: a run writes them; type this again after it"
    for host, number in sorted(done.elsewhere.items()):
        yield f"  {_many(number, 'file')} in the spool of {host}; type there: scrapy archive move"
    if done.unknown:
        yield f"  {_many(done.unknown, 'file')} that this database does not know: left alone"


def fault_lines(done: Moved) -> Iterator[str]:
    """What failed, the first few of it, and what is at no place that we know."""
    if done.missing:
        yield (
            f"{_many(done.missing, 'file')} missing, neither in {done.folder} nor in a store; if"
            " another folder has them, WINNOW_ARCHIVE_SPOOL must name it; if their disk is lost,"
            " see docs/operating.md, On object storage"
        )
    yield from list(done.failed.values())[:_NAMED]
    if done.failed:
        more = "; the rest was not tried" if done.stopped else ""
        yield (
            f"{_many(len(done.failed), 'file')} not moved{more}; mend what is said, then type the"
            " command again"
        )


def _place(place: Place) -> str:
    return f"{_many(place.files, 'file')}, {file_size(place.bytes)}"


def _many(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else what + 's'}"
