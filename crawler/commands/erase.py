"""scrapy erase: a page is taken out on request, and kept away."""

import argparse
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError


class Command(WinnowCommand):
    """Removes an article with all its copies, and leaves a tombstone at its addresses."""

    usage: ClassVar[str] = "URL|ARTICLE_ID --why TEXT [--dry-run] | URL --undo | --list | --again"
    summary: ClassVar[str] = "Take a page out on request: rows, index, archive; and keep it away"
    details: ClassVar[str] = (
        "Removes an article: its row, revisions and blocks, its part in clusters and in the site's "
        "memory, and its records in the archive. What readers see of it is a row of kind erased in "
        "v1_changes. Its addresses are not fetched again, however they are found. Typed again, it "
        "finishes what was cut short, or says when the page was erased. "
        "--undo: the addresses may be fetched again; nothing comes back by itself. "
        "--list: all that was erased, and why. "
        "--again: erases once more what a restored backup brought back."
    )
    example: ClassVar[str] = 'scrapy erase https://example.com/news/1 --why "letter of 3 May"'

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --why, --dry-run, --undo, --list, --again and --json."""
        super().add_options(parser)
        parser.add_argument("--why", metavar="TEXT", help="who asked, and why; kept for `why`")
        parser.add_argument("--dry-run", action="store_true", help="print what would go")
        parser.add_argument("--undo", action="store_true", help="let the page be fetched again")
        parser.add_argument("--list", action="store_true", help="print all that was erased")
        parser.add_argument("--again", action="store_true", help="erase all of these once more")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Erases, and exit code 0 if the page was erased before.

        Raises UsageError for what is not known, and for options that do not go together.
        """
        if sum((opts.undo, opts.list, opts.again, opts.dry_run)) > 1:
            raise UsageError("give one of --undo, --list, --again and --dry-run")
        alone = opts.list or opts.again
        if len(args) != (0 if alone else 1):
            raise UsageError(f"which URL, or which article's number? type: {self.example}")
        if args and not args[0].isdecimal():
            from models.urls import normalise

            try:
                normalise(args[0])
            except ValueError as wrong:
                raise UsageError(f"{wrong}; type: {self.example}") from wrong
        from crawler.operations import erase
        from models.archive.places import ArchivePlaces

        places = ArchivePlaces.of(self.project)
        with self.ready_database(writes=not (opts.list or opts.dry_run)) as database:
            if opts.list:
                erase.show(database, json=opts.json)
            elif opts.again:
                erase.finish_all(database, places, json=opts.json)
            else:
                wanted = erase.Wanted(args[0], opts.why, opts.dry_run, opts.json)
                if opts.undo:
                    erase.lift(database, wanted)
                else:
                    erase.erase(database, places, wanted)
        return EXIT_OK
