"""What a sub-command of `scrapy sites` is: its words, its options, what it does."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.home import as_typed
from crawler.operations.command import WinnowCommand
from crawler.reports.text_tables import as_json

Words = list[str]


def _no_options(_command: WinnowCommand, _parser: argparse.ArgumentParser) -> None:
    """Most sub-commands have none."""


@dataclass(frozen=True, slots=True)
class Subcommand:
    """`run` gets the words after the sub-command's own; returns an exit code, as a command does."""

    usage: str  # from the sub-command's word on
    run: Callable[[WinnowCommand, Words, argparse.Namespace], int]
    add_options: Callable[[WinnowCommand, argparse.ArgumentParser], None] = _no_options
    has_json: bool = False  # it takes --json, as `opts.json`
    has_quiet: bool = False  # and --quiet, as `WinnowCommand.is_quiet`

    @property
    def word(self) -> str:
        """What is typed after `scrapy sites`."""
        return self.usage.partition(" ")[0]


def tell(
    command: WinnowCommand, opts: argparse.Namespace, sentences: str, document: Mapping[str, Any]
) -> None:
    """Prints sentences for people, or with --json the document; nothing with --quiet."""
    command.inform(as_json(document) if opts.json else as_typed(sentences))


def sites_folder(command: WinnowCommand) -> Path:
    """Where the sites' TOML files are."""
    return Path(command.setting("WINNOW_SITES_DIR"))


def stored_sites(command: WinnowCommand) -> dict[str, str]:
    """The start of each site that the database has, by name; none where there is no database yet.

    One that is not at head has no say: no run writes to it, and no new site could mix with its own.
    """
    from models.errors import DatabaseNotReady
    from models.sites import registry

    database = command.database()
    is_missing = database.is_missing
    database.close()
    if is_missing:
        return {}
    try:
        with command.ready_database() as there, there.reading() as conn:
            return {site.name: site.start_url for site in registry.known_sites(conn)}
    except DatabaseNotReady:
        return {}
