"""`scrapy sites add`: a site is looked at, and its TOML file written."""

import argparse
from typing import TYPE_CHECKING, Any, Final

from crawler.home import as_typed
from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder, stored_sites
from models.errors import UsageError, WinnowError

if TYPE_CHECKING:
    from crawler.operations.probe_spider import FoundSource, Probed
    from models.sites.config import Site

EXAMPLE: Final = "scrapy sites add https://example.com --name example"


class SiteUnreachable(WinnowError):
    """The site could not be looked at, so no file was written."""


def _add_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--name", of=["add"], metavar="NAME", help="the file's name, without .toml"
    )
    command.add_option(
        parser, "--private", of=["add", "import"], action="store_true",
        help="a site's own address may be a private or loopback one",
    )  # fmt: skip


def _run(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    from crawler.operations.probe import probe
    from crawler.operations.probe_spider import Look
    from crawler.operations.sites.new_site import NewSites, few_pages, why_nothing
    from crawler.reports.text_tables import as_json
    from models.sites.import_lists import Wanted

    if len(args) != 1:
        raise UsageError(f"which address? type: {EXAMPLE}")
    address = _address(args[0])
    sites = NewSites.of(sites_folder(command), stored_sites(command))
    if opts.name in sites.names:
        raise UsageError(f"there is a site {opts.name!r} already; give another --name")
    if (known := sites.known.name_of(address)) is not None:
        raise _known(address, known)
    wanted = Wanted(1, address, name=opts.name, private=bool(opts.private))
    found = probe(command.project, Look(address, private=wanted.private), sites.known.name_of)
    if found is None:
        raise KeyboardInterrupt
    if found.known is not None:
        raise _known(address, found.known)
    why = why_nothing(found)
    if "refused_address" in why and "private = true" in why:
        raise UsageError(f"{address} is a private address; if you mean it, add --private")
    if why:
        raise SiteUnreachable(f"{why}; nothing was written")
    if opts.name is not None and (taken := sites.why_taken(opts.name, found.start)):
        raise UsageError(f"{taken}; give another --name")
    site = sites.write(wanted, found)
    if opts.json:
        print(as_json(_document(site, found)))
        return EXIT_OK
    _show_found(command, found)
    if hint := few_pages(found):
        print(f"hint: {hint}")
    command.inform(
        as_typed(f"wrote {site.path}; next, type: scrapy crawl discover -a site={site.name}")
    )
    return EXIT_OK


def _address(written: str) -> str:
    """The address as it is requested; https where it names no scheme. Raises UsageError."""
    from models.sites.import_lists import address_of

    try:
        return address_of(written)
    except ValueError as wrong:
        raise UsageError(f"{wrong}; write an address as in: https://example.com") from wrong


def _known(address: str, name: str) -> UsageError:
    return UsageError(f"{address} is there already: site {name!r}; type: scrapy sites show {name}")


def _show_found(command: WinnowCommand, found: "Probed") -> None:
    rows = [("kind", "links", "newest", "url"), *map(_row, found.sources)]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    for row in rows:
        command.inform(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            + f" {row[3]}"
        )
    for fault in found.faults:
        print(f"could not be read: {fault}")


def _document(site: "Site", found: "Probed") -> dict[str, Any]:
    sources = [
        {"kind": one.kind, "url": one.url, "links": one.links, "newest": one.newest}
        for one in found.sources
    ]
    document = {"site": site.name, "start": site.start, "file": str(site.path)}
    return {**document, "sources": sources, "faults": list(found.faults)}


def _row(source: "FoundSource") -> tuple[str, str, str, str]:
    newest = f"{source.newest:%Y-%m-%d}" if source.newest else "-"
    return source.kind, str(source.links), newest, source.url


ADD: Final = Subcommand(
    "add URL [--name NAME] [--private]", _run, _add_options, has_json=True, has_quiet=True
)
