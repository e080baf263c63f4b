"""scrapy archive: where the archive's files are; files moved to another place."""

import argparse
from dataclasses import asdict
from typing import ClassVar

from crawler.home import as_typed
from crawler.operations.command import EXIT_FAILED, EXIT_OK, WinnowCommand
from crawler.operations.quiet import add_quiet
from models.errors import UsageError


class Command(WinnowCommand):
    """The WARC files of the archive: local, in spools, on object storage."""

    usage: ClassVar[str] = "[--json] | move [--site NAME] [--dry-run] [--json] [--quiet]"
    summary: ClassVar[str] = "Show where the archive's files are; move them where they should be"
    details: ClassVar[str] = (
        "Without a word: how many files are in the local folder or spool, in each store and in the "
        "spools of other hosts, and what waits for its upload. "
        "move: takes all files to the place that WINNOW_ARCHIVE_DIR names now: a folder's files to "
        "object storage, a store's files to another store or back to a folder. Stopped, it goes on "
        "where it was; captures can be read all the time. Files that a run writes are left for the "
        "next time. Exit code 1 if a file could not be moved, or is at no place that we know."
    )
    example: ClassVar[str] = "scrapy archive move --dry-run"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --site, --dry-run, --json and --quiet."""
        super().add_options(parser)
        self.add_option(
            parser, "--site", of=["move"], metavar="NAME", help="only files of this site"
        )
        self.add_option(
            parser, "--dry-run", of=["move"], action="store_true",
            help="print what would be moved, and move nothing",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON document")
        add_quiet(self, parser, of=["move"])

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints, or moves. Raises UsageError for an unknown word or site."""
        if args not in ([], ["move"]):
            raise UsageError(f"type: scrapy archive {self.usage}")
        if not args and (opts.site or opts.dry_run):
            raise UsageError("--site and --dry-run are options of `scrapy archive move`")
        return self._move(opts) if args else self._status(as_json=opts.json)

    def _status(self, *, as_json: bool) -> int:
        from crawler.operations.archive_move import Archive
        from crawler.operations.archive_status import status
        from crawler.operations.archive_text import status_lines
        from crawler.reports.text_tables import as_json as document

        with self.ready_database() as database:
            shown = status(database, Archive.of(self.project))
        if as_json:
            spools = [one._asdict() for one in shown.spools]
            print(document({**asdict(shown), "spools": spools}))
        else:
            print(as_typed("\n".join(status_lines(shown))))
        return EXIT_FAILED if shown.missing else EXIT_OK

    def _move(self, opts: argparse.Namespace) -> int:
        from crawler.operations import archive_move, archive_text
        from crawler.operations.progress_line import ProgressLine
        from crawler.reports.text_tables import as_json
        from crawler.runs.start import close_dead_runs

        archive = archive_move.Archive.of(self.project)
        with self.ready_database(writes=not opts.dry_run) as database:
            archive_move.require_site(database, opts.site)
            if not opts.dry_run:
                close_dead_runs(database, archive.places)
            line = ProgressLine(is_quiet=self.is_quiet or opts.json)
            try:
                done = archive_move.move(
                    database, archive, opts.site, line.show, dry_run=bool(opts.dry_run)
                )
            finally:
                line.clear()
        if opts.json:
            print(as_json(asdict(done)))
        else:
            self.inform(as_typed("\n".join(archive_text.move_lines(done))))
        for fault in archive_text.fault_lines(done):
            self.say(fault, EXIT_FAILED)
        return EXIT_FAILED if done.failed or done.missing else EXIT_OK
