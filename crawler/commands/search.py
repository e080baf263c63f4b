"""scrapy search: articles by the words of their titles and texts."""

import argparse
import sys
from typing import TYPE_CHECKING, ClassVar, Final

from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError

if TYPE_CHECKING:
    from crawler.reports.search_results import Results
    from models.articles.search_query import Query

_MOST: Final = 1_000  # articles of an answer


class Command(WinnowCommand):
    """The newest articles that say something, with the words in their context."""

    usage: ClassVar[str] = (
        "WORDS [--site NAME] [--since TIME] [--limit N] [--unique] [--json | --sql]"
    )
    summary: ClassVar[str] = "Find articles by the words of their titles and texts"
    details: ClassVar[str] = (
        "All words must be there; case and accents do not matter. In one pair of quotes for the "
        "shell: '\"harbour ferry\"' is a phrase, 'harb*' the beginning of a word, 'ferry -storm' "
        "leaves out what has the other word. Chinese, Japanese, Korean, Thai, Lao, Khmer and "
        "Burmese are found by any part of their text. The newest come first."
    )
    example: ClassVar[str] = "scrapy search harbour ferry --since 2026-01-01"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --site, --since, --limit, --unique, --json and --sql."""
        super().add_options(parser)
        parser.add_argument("--site", metavar="NAME", help="articles of this site only")
        parser.add_argument("--since", metavar="TIME", help="published since, e.g. 2026-01-31")
        parser.add_argument("--limit", metavar="N", type=_limit, default=20, help="how many (20)")
        parser.add_argument("--unique", action="store_true", help="each story once: its original")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="JSON lines")
        form.add_argument(
            "--sql", action="store_true", help="print the query for this database, run nothing"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints what was found; exit code 0 if that is nothing. Raises UsageError."""
        from crawler.commands.export import since_time, site_named
        from crawler.reports.search_results import Choice, search
        from models.articles.search_forms import as_sql
        from models.articles.search_query import parse

        try:
            query = parse(" ".join(args))
        except UsageError as wrong:
            raise UsageError(f"{wrong}, e.g.: {self.example}") from wrong
        with self.ready_database() as database:
            if not database.is_indexed:
                raise UsageError(
                    "WINNOW_SEARCH is off, so no words are indexed; set it to on, then type:"
                    " scrapy db reindex"
                )
            if opts.sql:
                print(as_sql(database.dialect, query))
                return EXIT_OK
            choice = Choice(
                opts.limit, site_named(database, opts.site), since_time(opts.since), opts.unique
            )
            with database.reading() as conn:
                results = search(conn, query, choice)
        self._print(results, as_lines=bool(opts.json))
        print(_said(query, results), file=sys.stderr)
        return EXIT_OK

    def _print(self, results: "Results", *, as_lines: bool) -> None:
        from crawler.reports.colors import wants_color

        if as_lines:
            for one in results.found:
                print(one.document())
            return
        bold = wants_color()
        for one in results.found:
            print("\n".join(one.lines(bold=bold)))


def _said(query: "Query", results: "Results") -> str:
    if not results.found:
        words = "these words" if len(query.wanted) > 1 else "this"
        return f"nothing found: no article says {words}"
    shown = f"articles shown: {len(results.found)}"
    if results.more:
        shown += "; there are more: say --limit N"
    if results.looked_at:
        shown += f"; many have these words: the {results.looked_at:,} stored last were looked at"
    return shown


def _limit(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and 1 <= int(word[:9]) <= _MOST):
        raise argparse.ArgumentTypeError(f"{word!r}: write a number from 1 to {_MOST:,}")
    return int(word)
