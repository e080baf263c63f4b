"""`--quiet`: a command prints nothing but faults, and warnings that need a person."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from models.errors import UsageError

if TYPE_CHECKING:
    from crawler.operations.command import WinnowCommand

_FLAGS: Final = ("-q", "--quiet")


def add_quiet(
    command: "WinnowCommand", parser: argparse.ArgumentParser, of: Sequence[str] = ()
) -> None:
    """Adds --quiet, for the sub-commands `of` or, without any, for the command."""
    how: dict[str, Any] = {"action": "store_true", "help": "print nothing but what is wrong"}
    if of:
        command.add_option(parser, *_FLAGS, of=of, **how)
    else:
        parser.add_argument(*_FLAGS, **how)


def require_one_form(opts: argparse.Namespace) -> None:
    """Raises UsageError for --quiet together with what is there to print."""
    if not getattr(opts, "quiet", False):
        return
    if getattr(opts, "json", False):
        raise UsageError("--quiet prints nothing and --json prints data: give one of them")
    if getattr(opts, "dry_run", False):
        raise UsageError("a dry run does nothing but print; leave out --quiet")
