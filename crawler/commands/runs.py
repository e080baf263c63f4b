"""scrapy runs: what ran, when, and with which outcomes."""

import argparse
from typing import ClassVar

from crawler.home import as_typed
from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError


class Command(WinnowCommand):
    """The newest runs, or one run with its outcomes."""

    usage: ClassVar[str] = "[RUN_ID] [--site NAME] [-n ROWS] [--json]"
    summary: ClassVar[str] = "Show the newest runs, or one run with the outcomes of its URLs"
    example: ClassVar[str] = "scrapy runs --site example -n 5"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --site, -n and --json."""
        super().add_options(parser)
        parser.add_argument("--site", metavar="NAME", help="runs of this site only")
        parser.add_argument("-n", type=int, default=20, metavar="ROWS", help="how many (20)")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 0. Raises UsageError for a run that is not there."""
        from crawler.reports import runs
        from crawler.reports.colors import wants_color
        from crawler.reports.text_tables import as_json, rows_as_text

        if len(args) > 1 or (args and not args[0].isdecimal()):
            raise UsageError(f"type: scrapy runs {self.usage}")
        with self.ready_database() as database, database.reading() as conn:
            if args:
                run = runs.one_run(conn, int(args[0]))
                lines = runs.run_lines(run, colours=wants_color())
                print(as_json(run) if opts.json else "\n".join(lines))
                return EXIT_OK
            found = runs.newest(conn, opts.site, opts.n)
        if opts.json:
            print(as_json(found))
        elif found:
            table = [runs.table_row(run) for run in found]
            print(rows_as_text(table, "status" if wants_color() else None))
        else:
            print(as_typed("no runs yet; type: scrapy crawl discover -a site=NAME"))
        return EXIT_OK
