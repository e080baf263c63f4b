"""`scrapy sites export`: all sites as OPML, for a feed reader or another Winnow."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from crawler.operations.command import EXIT_OK, EXIT_USAGE, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder
from models.errors import UsageError

if TYPE_CHECKING:
    from models.sites.config import Site

_SHOWN: Final = 5  # names of sites


def _add_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--opml", of=["export"], action="store_true", help="as OPML 2.0, as always"
    )


def _run(command: WinnowCommand, args: Words, _opts: argparse.Namespace) -> int:
    from crawler.operations.whole_file import whole_file
    from models.sites.config import load_all
    from models.sites.opml import opml_of

    if len(args) > 1:
        raise UsageError("export takes one file, or none to print: scrapy sites export [FILE]")
    sites, errors = load_all(sites_folder(command))
    if errors:
        for error in errors:
            command.say(str(error), EXIT_USAGE)
        return command.say("nothing was written; mend these files first", EXIT_USAGE)
    if not args or args[0] == "-":
        sys.stdout.writelines(opml_of(sites))
        return _say_what_is_lost(command, sites)
    with whole_file(args[0], "leave FILE out to print") as file:
        file.writelines(line.encode() for line in opml_of(sites))
    command.inform(f"wrote {len(sites)} site{'' if len(sites) == 1 else 's'} to {args[0]}")
    return _say_what_is_lost(command, sites)


def _say_what_is_lost(command: WinnowCommand, sites: Sequence["Site"]) -> int:
    """A list may come from a stranger, so none can open an address of one's own network."""
    private = [site.name for site in sites if site.scope.private]
    if private and not command.is_quiet:
        few = ", ".join(private[:_SHOWN]) + (", ..." if private[_SHOWN:] else "")
        command.say(
            f"`private = true` of {few} is not exported; import with --private, or copy the files",
            EXIT_OK,
        )
    return EXIT_OK


EXPORT: Final = Subcommand("export [--opml] [FILE]", _run, _add_options, has_quiet=True)
