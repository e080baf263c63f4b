"""`winnow VERB`: the verbs of `scrapy`, without Scrapy's for starting projects, from any folder."""

import argparse
import os
import sys
from collections.abc import Mapping
from cProfile import Profile
from importlib.metadata import version
from typing import Final

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.home import require_own_packages
from crawler.operations.command import drop_output
from crawler.operations.verbs import command_of, modules, parser_of
from crawler.reports.colors import fault_in_color
from models.text import nearest

_SETTINGS: Final = "crawler.settings"
_VERSION: Final = ("--version", "version")
_HELP: Final = ("-h", "--help", "help")


def run(argv: list[str]) -> None:
    """Runs the verb that `argv` names after the program; ends the process with its exit code."""
    require_own_packages()
    os.environ["SCRAPY_SETTINGS_MODULE"] = _SETTINGS
    known, words = modules(), argv[1:]
    if not words or words[0] in _HELP:
        _show(_verbs(known))
        sys.exit(0)
    if words[0] in _VERSION:
        _show(f"winnow {version('winnow')}")
        sys.exit(0)
    name = words[0]
    if name not in known:
        near = nearest(name, known)
        hint = f"did you mean {near!r}? " if near else ""
        line = f"winnow: no verb {name!r}; {hint}`winnow` lists all"
        print(fault_in_color(line, sys.stderr), file=sys.stderr)
        sys.exit(2)
    _run(command_of(known[name]), name, words[1:])


def _show(text: str) -> None:
    """Prints it; a reader that has gone, as `head` does, is no fault."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        drop_output()


def _verbs(known: Mapping[str, str]) -> str:
    width = max(map(len, known))
    lines = (
        f"  {name:<{width}} {command_of(module).short_desc()}" for name, module in known.items()
    )
    last = "winnow VERB --help says more; winnow --version names the version."
    return "\n".join(["Usage: winnow VERB [options] [words]\n", *lines, f"\n{last}"])


def _run(command: ScrapyCommand, name: str, words: list[str]) -> None:
    """As Scrapy's own `execute` runs a command of a project."""
    settings = Settings()
    settings.setmodule(_SETTINGS, priority="project")
    settings.setdict(command.default_settings, priority="command")
    command.settings = settings
    parser = parser_of(command, name)
    opts, args = parser.parse_known_args(words)
    try:
        command.process_options(args, opts)
        _profiled(command, args, opts) if opts.profile else command.run(args, opts)
    except UsageError as wrong:
        parser.error(str(wrong) or parser.format_usage())
    sys.exit(command.exitcode)


def _profiled(command: ScrapyCommand, args: list[str], opts: argparse.Namespace) -> None:
    profile = Profile()
    profile.runcall(command.run, args, opts)
    profile.dump_stats(opts.profile)
