"""scrapy why: all that is known of a URL."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.clock import utc_now
from models.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Command(WinnowCommand):
    """When a URL was found and how, each fetch and outcome, its article, each text and why."""

    usage: ClassVar[str] = "URL|ARTICLE_ID [--diff] [--json]"
    summary: ClassVar[str] = "Show what is known of a page, and why each text was kept or not"
    example: ClassVar[str] = "scrapy why https://example.com/news/1 --diff"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --diff and --json."""
        super().add_options(parser)
        parser.add_argument("--diff", action="store_true", help="what each revision changed")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 0 for an unknown URL too.

        Raises UsageError for what is neither a URL nor the number of an article.
        """
        from models.urls import normalise

        if len(args) != 1:
            raise UsageError(f"which URL, or which article's number? type: {self.example}")
        (name,) = args
        if not name.isdecimal():
            try:
                normalise(name)
            except ValueError as wrong:
                raise UsageError(f"{wrong}; type: {self.example}") from wrong
        with self.ready_database() as database, database.reading() as conn:
            is_known = self._print_known(conn, name, opts)
        if not is_known:
            self._print_unknown(name, as_document=opts.json)
        return EXIT_OK

    def _print_known(self, conn: "Connection", name: str, opts: argparse.Namespace) -> bool:
        from crawler.reports import why, why_text
        from crawler.reports.colors import wants_color
        from crawler.reports.text_tables import as_json

        history = why.named(conn, name)
        if history is None:
            return False
        from crawler.inspection.opening import opened_page
        from crawler.inspection.page_lines import metadata_lines, page_document, text_lines
        from models.archive.places import ArchivePlaces

        archive = ArchivePlaces.of(self.project)
        inspection, finder = opened_page(conn, history, archive, self._folder("SITES"))
        if opts.json:
            print(as_json({**history, **page_document(inspection, finder)}))
        else:
            said = metadata_lines(inspection), text_lines(inspection, finder)
            text = why_text.lines(history, *said, diff=opts.diff, colours=wants_color())
            print("\n".join(text))
        return True

    def _print_unknown(self, url: str, *, as_document: bool) -> None:
        from crawler.reports import why, why_text
        from crawler.reports.text_tables import as_json
        from models.sites.config import load_all

        if url.isdecimal():
            raise UsageError(f"no article has the number {url}; its page can be named by its URL")
        sites, _ = load_all(self._folder("SITES"))
        refusals = why.unknown(url, sites, utc_now())
        if as_document:
            print(as_json({"url": url, "known": False, "sites": refusals}))
        else:
            print("\n".join(why_text.unknown_lines(url, refusals)))

    def _folder(self, name: str) -> Path:
        return Path(self.setting(f"WINNOW_{name}_DIR"))
