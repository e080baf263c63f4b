"""scrapy sites: the sites' TOML files, added, listed, shown, checked, renamed; what they taught."""

import argparse
from typing import ClassVar, Final

from crawler.operations.command import WinnowCommand
from crawler.operations.quiet import add_quiet
from crawler.operations.sites.add import ADD, EXAMPLE
from crawler.operations.sites.disable import DISABLE, ENABLE
from crawler.operations.sites.exporting import EXPORT
from crawler.operations.sites.import_rules import IMPORT_RULES
from crawler.operations.sites.importing import IMPORT
from crawler.operations.sites.listing import CHECK, LIST, SHOW
from crawler.operations.sites.memory import FORGET, MEMORY
from crawler.operations.sites.remove import REMOVE
from crawler.operations.sites.rename import RENAME
from models.errors import UsageError

SUBCOMMANDS: Final = (
    ADD, IMPORT, EXPORT, IMPORT_RULES, LIST, SHOW, CHECK, DISABLE, ENABLE, RENAME, REMOVE, MEMORY,
    FORGET,
)  # fmt: skip


class Command(WinnowCommand):
    """Sites: one TOML file each."""

    usage: ClassVar[str] = " | ".join(subcommand.usage for subcommand in SUBCOMMANDS)
    summary: ClassVar[str] = (
        "Add, list, check, disable, rename and remove sites; show and revoke what they taught"
    )
    example: ClassVar[str] = EXAMPLE

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The options of every sub-command."""
        super().add_options(parser)
        for subcommand in SUBCOMMANDS:
            subcommand.add_options(self, parser)
        self.add_option(
            parser, "--json", of=[one.word for one in SUBCOMMANDS if one.has_json],
            action="store_true", help="JSON lines, or one JSON document",
        )  # fmt: skip
        add_quiet(self, parser, of=[one.word for one in SUBCOMMANDS if one.has_quiet])

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Hands over to the sub-command that is named first."""
        named = [subcommand for subcommand in SUBCOMMANDS if args[:1] == [subcommand.word]]
        if not named:
            what = f"unknown: {args[0]!r}; " if args else ""
            raise UsageError(f"{what}type: scrapy sites {self.usage}")
        return named[0].run(self, args[1:], opts)
