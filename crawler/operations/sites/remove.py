"""`scrapy sites remove`: a site's file is taken away, and with it every visit; articles stay."""

import argparse
from pathlib import Path
from typing import Final

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder, tell
from models.errors import UsageError


def _remove(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UsageError("which site? type: scrapy sites remove NAME")
    path = _file(sites_folder(command), args[0])
    articles = _articles(command, args[0])
    kept = _free(path)
    try:
        path.rename(kept)
    except OSError as fault:
        raise UsageError(f"{path} cannot be moved: {fault.strerror}") from fault
    lines = [f"{args[0]} is removed: nothing is fetched, its file is {kept} now"]
    if articles:
        stay = "article of it stays" if articles == 1 else "articles of it stay"
        lines.append(f"{articles} {stay} in the database, for its readers")
    document = {"site": args[0], "file": str(kept), "articles": articles}
    tell(command, opts, "\n".join(lines), document)
    return EXIT_OK


def _file(folder: Path, name: str) -> Path:
    """Its file, though it may have mistakes. Raises UnknownSite, which names the nearest."""
    from models.sites.config import NAME, load_site

    path = folder / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        load_site(folder, name)
    return path


def _free(path: Path) -> Path:
    """NAME.toml.removed, or the next that is free: what was removed before is not written over."""
    number, kept = 1, path.with_name(f"{path.name}.removed")
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.removed-{number}")
    return kept


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


REMOVE: Final = Subcommand("remove NAME", _remove, has_json=True, has_quiet=True)
