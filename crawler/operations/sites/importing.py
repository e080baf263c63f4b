"""`scrapy sites import`: every site of a list is looked at, and its file written."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.operations.command import EXIT_FAILED, EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder, stored_sites
from models.errors import UsageError

if TYPE_CHECKING:
    from crawler.operations.probe_spider import Probed
    from crawler.operations.sites.import_table import ImportTable
    from crawler.operations.sites.new_site import NewSites
    from models.sites.import_lists import Wanted

_JOBS: Final = 50
_MOST_JOBS: Final = 500


def _add_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--failed", of=["import"], metavar="FILE",
        help="writes what failed as CSV, to give to import again; - is the standard output",
    )  # fmt: skip
    command.add_option(
        parser, "--jobs", of=["import"], type=int, metavar="N", help=f"sites at once ({_JOBS})"
    )


def _run(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UsageError("which file? type: scrapy sites import FILE; - is the standard input")
    jobs = _JOBS if opts.jobs is None else opts.jobs
    if not 1 <= jobs <= _MOST_JOBS:
        raise UsageError(f"--jobs {jobs}: write 1 to {_MOST_JOBS}")
    if opts.failed == "-" and opts.json:
        raise UsageError("--failed - and --json both print; write --failed FILE")
    from crawler.operations.sites.import_table import ImportTable
    from crawler.operations.sites.new_site import NewSites
    from models.sites.import_lists import read_list

    name = "standard input" if args[0] == "-" else args[0]
    wanted = read_list(_read(args[0]), name)
    sites = NewSites.of(sites_folder(command), stored_sites(command))
    table = ImportTable(
        is_json=bool(opts.json), shows_each=sys.stderr.isatty() and not command.is_quiet
    )
    fresh = [one for one in wanted if not _is_answered(one, sites, table)]
    stopped = bool(fresh)
    try:
        if fresh:
            stopped = not _look(command, fresh, sites, table, jobs, private=bool(opts.private))
    finally:  # also where a fault ends it: what has no outcome yet can be given to import again
        for one in fresh if stopped else ():
            table.fail(one, "stopped before it was looked at")
        table.close(opts.failed)
        if stopped or table.failed or not command.is_quiet:
            command.say(f"{'stopped: ' if stopped else ''}{table.summary()}", EXIT_OK)
    return EXIT_FAILED if table.failed else EXIT_OK


def _is_answered(one: "Wanted", sites: "NewSites", table: "ImportTable") -> bool:
    """Whether a line needs no look: it names no site, or one that has a file."""
    if one.fault is not None:
        table.fail(one, one.fault)
        return True
    known = sites.known.name_of(one.address)
    if known is not None:
        table.known(one, known)
    elif one.name in sites.names:
        table.fail(one, f"there is a site {one.name!r} already, another one; change the name")
        return True
    return known is not None


def _look(
    command: WinnowCommand,
    fresh: "list[Wanted]",
    sites: "NewSites",
    table: "ImportTable",
    jobs: int,
    *,
    private: bool,
) -> bool:
    """Looks at each and writes the files; False if a signal stopped it."""
    from dataclasses import replace

    from crawler.operations.probe import probe_many
    from crawler.operations.probe_spider import Look
    from crawler.operations.sites.new_site import few_pages, why_nothing
    from models.sites.toml_template import NameTaken

    fresh = [replace(one, private=one.private or private) for one in fresh]

    def ended(number: int, found: "Probed") -> None:
        one = fresh[number]
        if found.known is not None:
            sites.note_alias(found.known, one.address)
            table.known(one, found.known)
        elif why := why_nothing(found):
            table.fail(one, why)
        elif (known := sites.known.name_of(found.start)) is not None:
            table.known(one, known)
        elif one.name is not None and (taken := sites.why_taken(one.name, found.start)):
            table.fail(one, f"{taken}; change the name")
        else:
            write(one, found)

    def write(one: "Wanted", found: "Probed") -> None:
        try:
            site = sites.write(one, found)
        except NameTaken as taken:  # by another command, while this one looked
            sites.read_again()
            known = sites.known.name_of(found.start)
            if known is None:
                table.fail(one, str(taken))
            else:
                table.known(one, known)
        else:
            table.imported(one, site, found.faults, few_pages(found))

    looks = [Look(one.address, one.feeds, one.private) for one in fresh]
    return probe_many(command.project, looks, sites.known.name_of, ended, jobs)


def _read(path: str) -> bytes:
    from models.sites.import_lists import MAX_BYTES

    try:
        if path == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as fault:
        raise UsageError(f"{path}: {fault.strerror}") from fault


IMPORT: Final = Subcommand(
    "import FILE|- [--private] [--jobs N] [--failed FILE] [--json | --quiet]",
    _run,
    _add_options,
    has_json=True,
    has_quiet=True,
)
