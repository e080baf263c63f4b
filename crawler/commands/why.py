"""scrapy why: all that is known of a URL."""

import argparse
from pathlib import Path
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.clock import utc_now
from models.errors import UsageError


class Command(WinnowCommand):
    """When a URL was found and how, each fetch and outcome, its article, what was removed."""

    usage: ClassVar[str] = "URL [--diff] [--json]"
    summary: ClassVar[str] = "Show what is known of a URL, and why it was stored or not"
    example: ClassVar[str] = "scrapy why https://example.com/news/1 --diff"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --diff and --json."""
        super().add_options(parser)
        parser.add_argument("--diff", action="store_true", help="what each revision changed")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 0 for an unknown URL too. Raises UsageError for what is no URL."""
        from crawler.reports import why, why_text
        from crawler.reports.diff_colors import wants_color
        from crawler.reports.text_tables import as_json
        from models.urls import normalise

        if len(args) != 1:
            raise UsageError(f"which URL? type: {self.example}")
        try:
            normalise(args[0])
        except ValueError as wrong:
            raise UsageError(f"{wrong}; type: {self.example}") from wrong
        with self.ready_database() as database, database.reading() as conn:
            history = why.known(conn, args[0])
        if history is None:
            self._print_unknown(args[0], as_document=opts.json)
        elif opts.json:
            print(as_json(history))
        else:
            print("\n".join(why_text.lines(history, diff=opts.diff, colours=wants_color())))
        return EXIT_OK

    def _print_unknown(self, url: str, *, as_document: bool) -> None:
        from crawler.reports import why, why_text
        from crawler.reports.text_tables import as_json
        from models.sites.config import load_all

        sites, _ = load_all(Path(self.setting("WINNOW_SITES_DIR")))
        refusals = why.unknown(url, sites, utc_now())
        if as_document:
            print(as_json({"url": url, "known": False, "sites": refusals}))
        else:
            print("\n".join(why_text.unknown_lines(url, refusals)))
