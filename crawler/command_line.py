"""`winnow VERB`: the verbs of `scrapy`, without Scrapy's for starting projects, from any folder."""

import argparse
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules
from typing import Final, cast

from scrapy.cmdline import ScrapyArgumentParser
from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

import crawler.commands
from crawler.home import as_typed, require_own_packages
from models.text import nearest

_SETTINGS: Final = "crawler.settings"
_SCRAPYS: Final = ("list", "settings")  # verbs of Scrapy that need nothing of ours
_VERSION: Final = ("--version", "version")
_HELP: Final = ("-h", "--help", "help")


def run(argv: list[str]) -> None:
    """Runs the verb that `argv` names after the program; ends the process with its exit code."""
    require_own_packages()
    os.environ["SCRAPY_SETTINGS_MODULE"] = _SETTINGS
    modules, words = _modules(), argv[1:]
    if not words or words[0] in _HELP:
        _show_verbs(modules)
        sys.exit(0)
    if words[0] in _VERSION:
        print(f"winnow {version('winnow')}")
        sys.exit(0)
    name = words[0]
    if name not in modules:
        near = nearest(name, modules)
        hint = f"did you mean {near!r}? " if near else ""
        print(f"winnow: no verb {name!r}; {hint}`winnow` lists all", file=sys.stderr)
        sys.exit(2)
    _run(_command(modules[name]), name, words[1:])


def _modules() -> Mapping[str, str]:
    """The module of each verb, by its name in alphabetical order."""
    ours = [module.name for module in iter_modules(crawler.commands.__path__)]
    found = {name: f"scrapy.commands.{name}" for name in _SCRAPYS}
    found |= {name: f"crawler.commands.{name}" for name in ours}
    return dict(sorted(found.items()))


def _command(module: str) -> ScrapyCommand:
    return cast("ScrapyCommand", import_module(module).Command())


def _show_verbs(modules: Mapping[str, str]) -> None:
    print("Usage: winnow VERB [options] [words]\n")
    for name, module in modules.items():
        print(f"  {name:<9} {_command(module).short_desc()}")
    print("\nwinnow VERB --help says more; winnow --version names the version.")


def _run(command: ScrapyCommand, name: str, words: list[str]) -> None:
    """As Scrapy's own `execute` runs a command of a project."""
    settings = Settings()
    settings.setmodule(_SETTINGS, priority="project")
    settings.setdict(command.default_settings, priority="command")
    command.settings = settings
    parser = ScrapyArgumentParser(
        prog=f"winnow {name}",
        usage=f"winnow {name} {command.syntax()}",
        formatter_class=ScrapyHelpFormatter,
        conflict_handler="resolve",
        description=as_typed(command.long_desc()),
    )
    command.add_options(parser)
    parser.epilog = as_typed(parser.epilog or "")
    opts, args = parser.parse_known_args(words)
    try:
        command.process_options(args, opts)
        _profiled(command, args, opts) if opts.profile else command.run(args, opts)
    except UsageError as wrong:
        parser.error(str(wrong) or parser.format_usage())
    sys.exit(command.exitcode)


def _profiled(command: ScrapyCommand, args: list[str], opts: argparse.Namespace) -> None:
    from cProfile import Profile  # noqa: PLC0415  # few ask for it

    profile = Profile()
    profile.runcall(command.run, args, opts)
    profile.dump_stats(opts.profile)
