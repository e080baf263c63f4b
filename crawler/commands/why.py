"""scrapy why: all that is known of a URL."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.reports import why, why_text
from crawler.reports.diff_colors import wants_color
from crawler.reports.text_tables import as_json
from models.errors import UsageError
from models.sites.config import load_all
from models.urls import normalise


class Command(WinnowCommand):
    """When a URL was found and how, each fetch and outcome, its article, what was removed."""

    example: ClassVar[str] = "scrapy why https://example.com/news/1 --diff"

    def syntax(self) -> str:
        """What follows the verb."""
        return "URL [--diff] [--json]"

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Tell all that is known of a URL, and why it came to that"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --diff and --json."""
        super().add_options(parser)
        parser.add_argument("--diff", action="store_true", help="what each revision changed")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 0 for an unknown URL too. Raises UsageError where it is none."""
        if len(args) != 1:
            raise UsageError(f"which URL? type: {self.example}")
        url = args[0]
        try:
            normalise(url)
        except ValueError as wrong:
            raise UsageError(f"{wrong}; type: {self.example}") from wrong
        with self.ready_database() as database, database.reading() as conn:
            story = why.known(conn, url)
        if story is None:
            self._say_unknown(url, as_document=opts.json)
        elif opts.json:
            print(as_json(story))
        else:
            print("\n".join(why_text.lines(story, diff=opts.diff, colours=wants_color())))
        return EXIT_OK

    def _say_unknown(self, url: str, *, as_document: bool) -> None:
        sites, _ = load_all(Path(self.setting("WINNOW_SITES_DIR")))
        verdicts = why.unknown(url, sites, datetime.now(UTC))
        if as_document:
            print(as_json({"url": url, "known": False, "sites": verdicts}))
        else:
            print("\n".join(why_text.unknown_lines(url, verdicts)))
