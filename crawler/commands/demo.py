"""scrapy demo: the whole pipeline on bundled sites, offline, through the commands of a user."""

import argparse
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError


class Command(WinnowCommand):
    """Serves the bundled sites on the loopback, crawls them, edits one, crawls it again."""

    usage: ClassVar[str] = "[--keep DIR]"
    summary: ClassVar[str] = "Crawl the bundled demo sites, offline, and show the results"
    example: ClassVar[str] = "scrapy demo --keep demo"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --keep."""
        super().add_options(parser)
        parser.add_argument(
            "--keep", metavar="DIR", help="where the demo leaves its database, sites and archive"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Raises UsageError, and DemoFailed if a command of the demo fails."""
        from crawler.demo import tour

        if args:
            raise UsageError(f"takes no words, only --keep DIR: {' '.join(args)}")
        tour.run(opts.keep)
        return EXIT_OK
