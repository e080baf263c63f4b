"""`scrapy sites remove`: a site's file is taken away; its articles stay, or go with --articles."""

import argparse
from typing import Final

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.sites.remove_articles import remove_with_articles
from crawler.operations.sites.removed_file import removable, take_away
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder, tell
from models.errors import UsageError


def _add_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--articles", of=["remove"], action="store_true",
        help="its articles, runs and copies in the archive go too, for good",
    )  # fmt: skip
    command.add_option(
        parser, "--yes", of=["remove"], action="store_true", help="with --articles: do not ask"
    )


def _remove(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UsageError("which site? type: scrapy sites remove NAME")
    if opts.articles:
        return remove_with_articles(command, args[0], opts)
    if opts.yes:
        raise UsageError("--yes goes with --articles; without that, the articles stay")
    path = removable(sites_folder(command), args[0])
    articles = _articles(command, args[0])
    kept = take_away(path)
    lines = [f"{args[0]} is removed: nothing is fetched, its file is {kept} now"]
    if articles:
        stay = "article of it stays" if articles == 1 else "articles of it stay"
        lines.append(f"{articles} {stay} in the database, for its readers")
    document = {"site": args[0], "file": str(kept), "articles": articles}
    tell(command, opts, "\n".join(lines), document)
    return EXIT_OK


def _articles(command: WinnowCommand, name: str) -> int:
    """Articles of the site; 0 without a database."""
    from crawler.reports.site_list import listed_site

    database = command.database()
    is_missing = database.is_missing
    database.close()
    if is_missing:
        return 0
    with command.ready_database() as there, there.reading() as conn:
        listed = listed_site(conn, name)
        return listed.articles if listed else 0


REMOVE: Final = Subcommand(
    "remove NAME [--articles] [--yes]", _remove, _add_options, has_json=True, has_quiet=True
)
