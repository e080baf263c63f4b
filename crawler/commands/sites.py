"""scrapy sites: the sites' TOML files, added, listed, shown and checked; what they taught."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.operations.command import EXIT_OK, EXIT_USAGE, WinnowCommand
from models.errors import UsageError, WinnowError

if TYPE_CHECKING:
    from crawler.operations.probe import FoundSource, Probed
    from models.sites.config import Site
    from models.sites.sources import Source

Words = list[str]
SHOWN = 50  # templates, texts and DOM paths that `memory` lists, of each


class SiteUnreachable(WinnowError):
    """The site could not be looked at, so no file was written."""


class Command(WinnowCommand):
    """Sites: one TOML file each."""

    usage: ClassVar[str] = (
        "add URL [--name NAME] [--private] | list | show NAME | check [NAME]"
        " | memory NAME [--limit N]"
        " | forget NAME [--block ID | --like ID | --all-headings | --template ID]"
    )
    summary: ClassVar[str] = "Add, list, show and check sites; show and revoke what they taught"
    example: ClassVar[str] = "scrapy sites add https://example.com --name example"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of `add`, `memory` and `forget`."""
        super().add_options(parser)
        self.add_option(
            parser, "--name", of=["add"], metavar="NAME", help="the file's name, without .toml"
        )
        self.add_option(
            parser, "--private", of=["add"], action="store_true",
            help="the site's own address may be a private or loopback one",
        )  # fmt: skip
        self.add_option(
            parser, "--limit", of=["memory"], type=int, metavar="N",
            help=f"templates, texts and DOM paths shown, of each ({SHOWN})",
        )  # fmt: skip
        self.add_option(
            parser, "--block", of=["forget"], action="append", metavar="ID",
            help="this text only; all without it",
        )  # fmt: skip
        self.add_option(
            parser, "--like", of=["forget"], action="append", metavar="ID",
            help="this text and all of its form, as in: scrapy sites forget example --like 17",
        )  # fmt: skip
        self.add_option(
            parser, "--all-headings", of=["forget"], action="store_true",
            help="all texts that are headings on a page",
        )  # fmt: skip
        self.add_option(
            parser, "--template", of=["forget"], action="append", metavar="ID",
            help="where this template has headline, text and boilerplate; it is learned anew",
        )  # fmt: skip

    def execute(self, args: Words, opts: argparse.Namespace) -> int:
        """Hands over to the word that follows."""
        words: dict[str, Callable[[Words, argparse.Namespace], int]] = {
            "add": self._add,
            "list": self._list,
            "show": self._show,
            "check": self._check,
            "memory": self._memory,
            "forget": self._forget,
        }
        if not args or args[0] not in words:
            what = f"unknown: {args[0]!r}; " if args else ""
            raise UsageError(f"{what}type: scrapy sites {self.usage}")
        return words[args[0]](args[1:], opts)

    @property
    def _folder(self) -> Path:
        return Path(self.setting("WINNOW_SITES_DIR"))

    def _add(self, args: Words, opts: argparse.Namespace) -> int:
        from crawler.operations.probe import probe
        from models.sites.toml_template import site_name, write_site_toml

        if len(args) != 1:
            raise UsageError(f"which address? type: {self.example}")
        start = _start(args[0])
        taken = {path.stem for path in self._folder.glob("*.toml")}
        name = opts.name or site_name(start, taken)
        if name in taken:
            raise UsageError(f"there is a site {name!r} already; give another --name")
        found = probe(self.project, start, private=bool(opts.private))
        if not found.sources:
            raise _nothing_found(start, found)
        useful = [source for source in found.sources if source.links]
        path = write_site_toml(
            self._folder, name, start,
            sitemaps=[source.url for source in useful if source.kind == "sitemap"],
            feeds=[source.url for source in useful if source.kind == "feed"],
            sections=[start],
            private=bool(opts.private),
        )  # fmt: skip
        _show_found(found)
        print(f"wrote {path}; next, type: scrapy crawl discover -a site={name}")
        return EXIT_OK

    def _list(self, args: Words, _opts: argparse.Namespace) -> int:
        from models.sites.config import load_all

        if args:
            raise UsageError(f"list takes no words: {' '.join(args)}; type: scrapy sites list")
        sites, errors = load_all(self._folder)
        if not sites and not errors:
            print(f"no sites in {self._folder}; type: {self.example}")
        for site in sites:
            print(f"{site.name:20} {site.start}")
        for error in errors:
            self.say(str(error), EXIT_USAGE)
        return EXIT_USAGE if errors else EXIT_OK

    def _show(self, args: Words, _opts: argparse.Namespace) -> int:
        if len(args) != 1:
            raise UsageError("which site? type: scrapy sites show NAME")
        from models.sites.config import load_site

        site = load_site(self._folder, args[0])
        print(f"file        {site.path}\nstart       {site.start}")
        print(f"hosts       {', '.join(sorted(site.scope.hosts))}")
        for kind in ("sitemaps", "feeds", "sections"):
            for url in getattr(site.sources, kind):
                print(f"{kind:11} {url}")
        fetch = site.fetch
        print(f"fetch       every {fetch.delay:g} s, {fetch.concurrency} at once,", end=" ")
        print(f"at most {fetch.max_bytes / 1e6:g} MB a page{', cookies' if fetch.cookies else ''}")
        for source in self._known_sources(site):
            links = f"{source.links} links" if source.read_at else "not read yet"
            print(f"source      {source.kind:8} {source.url}: {source.error or links}")
        return EXIT_OK

    def _check(self, args: Words, _opts: argparse.Namespace) -> int:
        from models.sites.config import load_all, load_site, read_site

        if len(args) > 1:
            raise UsageError("check takes one name, or none for all: scrapy sites check [NAME]")
        if args:
            path = self._folder / f"{args[0]}.toml"
            if not path.is_file():
                load_site(self._folder, args[0])  # raises: it says which name is near
            site, mistakes = read_site(path)
            sites = [site] if site else []
        else:
            sites, errors = load_all(self._folder)
            mistakes = [str(error) for error in errors]
        for mistake in mistakes:
            self.say(mistake, EXIT_USAGE)
        if not mistakes:
            print(f"{len(sites)} site{'' if len(sites) == 1 else 's'} well")
        return EXIT_USAGE if mistakes else EXIT_OK

    def _memory(self, args: Words, opts: argparse.Namespace) -> int:
        if len(args) != 1:
            raise UsageError("which site? type: scrapy sites memory NAME")
        from crawler.operations import site_memory
        from models.sites.config import load_site

        limit = SHOWN if opts.limit is None else opts.limit
        if limit < 1:
            raise UsageError(f"--limit {limit}: write 1 or more")
        with self.ready_database() as database:
            return site_memory.show(database, load_site(self._folder, args[0]), limit)

    def _forget(self, args: Words, opts: argparse.Namespace) -> int:
        if len(args) != 1:
            raise UsageError("which site? type: scrapy sites forget NAME")
        from crawler.operations import site_memory
        from models.sites.config import load_site

        block, like = _only("--block", opts.block), _only("--like", opts.like)
        template = _only("--template", opts.template)
        wanted = site_memory.Wanted(block, like, bool(opts.all_headings), template)
        with self.ready_database(writes=True) as database:
            return site_memory.forget(database, load_site(self._folder, args[0]), wanted)

    def _known_sources(self, site: "Site") -> "list[Source]":
        """What the runs noted of the site's sources; nothing without a database."""
        from sqlalchemy.exc import DBAPIError

        from models.sites import registry, sources

        database = self.database()
        try:
            if database.is_missing or "sources" not in database.tables():
                return []
            with database.reading() as conn:
                numbers = {name: n for n, name in registry.names(conn).items()}
                number = numbers.get(site.name)
                return [] if number is None else sources.list_sources(conn, number)
        except DBAPIError as away:
            self.say(f"the database cannot be reached: {str(away.orig).strip()}", EXIT_OK)
            return []
        finally:
            database.close()


def _only(option: str, given: Words | None) -> str | None:
    """The value of an option that may be given once. Raises UsageError for more."""
    if given and len(given) > 1:
        ids = " and ".join(given)
        raise UsageError(f"{option} takes one id, not {ids}; type the command once for each")
    return given[0] if given else None


def _start(address: str) -> str:
    """The address as a start URL; https where it names no scheme. Raises UsageError."""
    from models.urls import host_of, request_url

    try:
        start = request_url(address if "://" in address else f"https://{address}")
        host_of(start)
    except ValueError as wrong:
        raise UsageError(f"{wrong}; write an address as in: https://example.com") from wrong
    return start


def _nothing_found(start: str, found: "Probed") -> WinnowError:
    why = next((f for f in found.faults if f.startswith(start)), next(iter(found.faults), ""))
    if "refused_address" in why and "private = true" in why:
        return UsageError(f"{start} is a private address; if you mean it, add --private")
    return SiteUnreachable(f"{why or f'{start} names no pages'}; nothing was written")


def _show_found(found: "Probed") -> None:
    rows = [("kind", "links", "newest", "url"), *map(_row, found.sources)]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for row in rows:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]
        )
    for fault in found.faults:
        print(f"could not be read: {fault}")


def _row(source: "FoundSource") -> tuple[str, str, str, str]:
    newest = f"{source.newest:%Y-%m-%d}" if source.newest else "-"
    return source.kind, str(source.links), newest, source.url
