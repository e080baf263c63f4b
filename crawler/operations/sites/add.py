"""`scrapy sites add`: a site is looked at, and its TOML file written."""

import argparse
from typing import TYPE_CHECKING, Final

from crawler.home import as_typed
from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder
from models.errors import UsageError, WinnowError

if TYPE_CHECKING:
    from crawler.operations.probe import FoundSource, Probed

EXAMPLE: Final = "scrapy sites add https://example.com --name example"


class SiteUnreachable(WinnowError):
    """The site could not be looked at, so no file was written."""


def _add_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--name", of=["add"], metavar="NAME", help="the file's name, without .toml"
    )
    command.add_option(
        parser, "--private", of=["add"], action="store_true",
        help="the site's own address may be a private or loopback one",
    )  # fmt: skip


def _run(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from crawler.operations.probe import probe
    from models.sites.toml_template import site_name, write_site_toml

    if len(args) != 1:
        raise UsageError(f"which address? type: {EXAMPLE}")
    start = _start(args[0])
    folder = sites_folder(command)
    taken = {path.stem for path in folder.glob("*.toml")}
    name = opts.name or site_name(start, taken)
    if name in taken:
        raise UsageError(f"there is a site {name!r} already; give another --name")
    found = probe(command.project, start, private=bool(opts.private))
    if not found.sources:
        raise _nothing_found(start, found)
    useful = [source for source in found.sources if source.links]
    path = write_site_toml(
        folder, name, start,
        sitemaps=[source.url for source in useful if source.kind == "sitemap"],
        feeds=[source.url for source in useful if source.kind == "feed"],
        sections=[start],
        private=bool(opts.private),
    )  # fmt: skip
    _show_found(found)
    print(as_typed(f"wrote {path}; next, type: scrapy crawl discover -a site={name}"))
    return EXIT_OK


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


ADD: Final = Subcommand("add URL [--name NAME] [--private]", _run, _add_options)
