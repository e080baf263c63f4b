"""`scrapy sites memory` and `forget`: what a site taught, shown and revoked."""

import argparse
from typing import Final

from crawler.operations.command import WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder
from models.errors import UsageError

SHOWN: Final = 50  # templates, texts and DOM paths that `memory` lists, of each


def _memory_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--limit", of=["memory"], type=int, metavar="N",
        help=f"templates, texts and DOM paths shown, of each ({SHOWN})",
    )  # fmt: skip


def _memory(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UsageError("which site? type: scrapy sites memory NAME")
    from crawler.operations import site_memory
    from models.sites.config import load_site

    limit = SHOWN if opts.limit is None else opts.limit
    if limit < 1:
        raise UsageError(f"--limit {limit}: write 1 or more")
    with command.ready_database() as database:
        site = load_site(sites_folder(command), args[0])
        return site_memory.show(database, site, limit, as_document=bool(opts.json))


def _forget_options(command: WinnowCommand, parser: argparse.ArgumentParser) -> None:
    command.add_option(
        parser, "--block", of=["forget"], action="append", metavar="ID",
        help="this text only; all without it",
    )  # fmt: skip
    command.add_option(
        parser, "--like", of=["forget"], action="append", metavar="ID",
        help="this text and all of its form, as in: scrapy sites forget example --like 17",
    )  # fmt: skip
    command.add_option(
        parser, "--all-headings", of=["forget"], action="store_true",
        help="all texts that are headings on a page",
    )  # fmt: skip
    command.add_option(
        parser, "--template", of=["forget"], action="append", metavar="ID",
        help="where this template has headline, text and boilerplate; it is learned anew",
    )  # fmt: skip


def _forget(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if len(args) != 1:
        raise UsageError("which site? type: scrapy sites forget NAME")
    from crawler.operations import site_memory
    from models.sites.config import load_site

    block, like = _only("--block", opts.block), _only("--like", opts.like)
    template = _only("--template", opts.template)
    wanted = site_memory.Wanted(block, like, bool(opts.all_headings), template)
    with command.ready_database(writes=True) as database:
        site = load_site(sites_folder(command), args[0])
        return site_memory.forget(
            database, site, wanted, as_document=bool(opts.json), tell=command.inform
        )


def _only(option: str, given: Words | None) -> str | None:
    """The value of an option that may be given once. Raises UsageError for more."""
    if given and len(given) > 1:
        ids = " and ".join(given)
        raise UsageError(f"{option} takes one id, not {ids}; type the command once for each")
    return given[0] if given else None


MEMORY: Final = Subcommand("memory NAME [--limit N]", _memory, _memory_options, has_json=True)
FORGET: Final = Subcommand(
    "forget NAME [--block ID | --like ID | --all-headings | --template ID]",
    _forget,
    _forget_options,
    has_json=True,
    has_quiet=True,
)
