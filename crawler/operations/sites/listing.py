"""`scrapy sites list`, `show` and `check`: the sites' TOML files, listed, shown and checked."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from crawler.home import as_typed
from crawler.operations.command import EXIT_OK, EXIT_USAGE, WinnowCommand
from crawler.operations.sites.add import EXAMPLE
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder
from models.errors import UsageError

if TYPE_CHECKING:
    from models.sites.config import Site
    from models.sites.sources import Source


def _list(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from crawler.reports import colors
    from crawler.reports.text_tables import as_json_line
    from models.sites.config import load_all

    if args:
        raise UsageError(f"list takes no words: {' '.join(args)}; type: scrapy sites list")
    folder = sites_folder(command)
    sites, errors = load_all(folder)
    if not sites and not errors and not opts.json:
        print(as_typed(f"no sites in {folder}; type: {EXAMPLE}"))
    disabled = f"  {colors.state('disabled') if colors.wants_color() else 'disabled'}"
    for site in sites:
        line = f"{site.name:20} {site.start}{'' if site.enabled else disabled}"
        print(as_json_line(_listed(site)) if opts.json else line)
    for error in errors:
        command.say(str(error), EXIT_USAGE)
    return EXIT_USAGE if errors else EXIT_OK


def _listed(site: "Site") -> dict[str, Any]:
    return {
        "site": site.name,
        "start": site.start,
        "file": str(site.path),
        "hosts": sorted(site.scope.hosts),
        "enabled": site.enabled,
    }


def _shown(site: "Site", known: "Sequence[Source]") -> dict[str, Any]:
    """All that `show` says: what the file holds, and what runs noted of the sources."""
    kinds = ("sitemaps", "feeds", "sections")
    return {
        **_listed(site),
        **{kind: list(getattr(site.sources, kind)) for kind in kinds},
        "delay": site.fetch.delay,
        "concurrency": site.fetch.concurrency,
        "max_bytes": site.fetch.max_bytes,
        "cookies": site.fetch.cookies,
        "label": site.fetch.label,
        "sources": [
            {
                "kind": source.kind,
                "url": source.url,
                "links": source.links if source.read_at else None,
                "read_at": source.read_at,
                "error": source.error,
            }
            for source in known
        ],
    }


def _show(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from crawler.reports.text_tables import as_json
    from models.sites.config import load_site

    if len(args) != 1:
        raise UsageError("which site? type: scrapy sites show NAME")
    site = load_site(sites_folder(command), args[0])
    if opts.json:
        print(as_json(_shown(site, _known_sources(command, site))))
        return EXIT_OK
    print(f"file        {site.path}\nstart       {site.start}")
    if not site.enabled:
        print(f"disabled    nothing is fetched; type: scrapy sites enable {site.name}")
    print(f"hosts       {', '.join(sorted(site.scope.hosts))}")
    for kind in ("sitemaps", "feeds", "sections"):
        for url in getattr(site.sources, kind):
            print(f"{kind:11} {url}")
    fetch = site.fetch
    print(f"fetch       every {fetch.delay:g} s, {fetch.concurrency} at once,", end=" ")
    print(f"at most {fetch.max_bytes / 1e6:g} MB a page{', cookies' if fetch.cookies else ''}")
    if fetch.label:
        print(f"label       {fetch.label}: visited by `scrapy worker --label {fetch.label}`")
    for source in _known_sources(command, site):
        links = f"{source.links} links" if source.read_at else "not read yet"
        print(f"source      {source.kind:8} {source.url}: {source.error or links}")
    return EXIT_OK


def _check(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from crawler.reports.text_tables import as_json_line
    from models.sites.config import load_all, load_site, read_site

    if len(args) > 1:
        raise UsageError("check takes one name, or none for all: scrapy sites check [NAME]")
    folder = sites_folder(command)
    if args:
        path = folder / f"{args[0]}.toml"
        if not path.is_file():
            load_site(folder, args[0])  # raises: it says which name is near
        site, mistakes = read_site(path)
        sites = [site] if site else []
    else:
        sites, errors = load_all(folder)
        mistakes = [str(error) for error in errors]
    for mistake in mistakes:
        command.say(mistake, EXIT_USAGE)
    if opts.json:
        for site in sites:
            print(as_json_line(_listed(site)))
    elif not mistakes:
        command.inform(f"{len(sites)} site{'' if len(sites) == 1 else 's'} well")
    return EXIT_USAGE if mistakes else EXIT_OK


def _known_sources(command: WinnowCommand, site: "Site") -> "list[Source]":
    """What the runs noted of the site's sources; nothing without a database."""
    from sqlalchemy.exc import DBAPIError

    from models.sites import registry, sources

    database = command.database()
    try:
        if database.is_missing or "sources" not in database.tables():
            return []
        with database.reading() as conn:
            numbers = {name: n for n, name in registry.names(conn).items()}
            number = numbers.get(site.name)
            return [] if number is None else sources.list_sources(conn, number)
    except DBAPIError as away:
        command.say(f"the database cannot be reached: {str(away.orig).strip()}", EXIT_OK)
        return []
    finally:
        database.close()


LIST: Final = Subcommand("list [--json]", _list, has_json=True)
SHOW: Final = Subcommand("show NAME", _show, has_json=True)
CHECK: Final = Subcommand("check [NAME] [--json]", _check, has_json=True, has_quiet=True)
