"""The verbs that can be typed: the module, the command and the parser of each."""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final, NoReturn, cast

from scrapy.cmdline import ScrapyArgumentParser
from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter

from crawler.home import as_typed
from crawler.reports.colors import fault_in_color

_COMMANDS: Final = Path(__file__).resolve().parents[1] / "commands"
_SCRAPYS: Final = ("list", "settings")  # verbs of Scrapy that need nothing of ours


def modules() -> Mapping[str, str]:
    """The module of each verb, by its name in alphabetical order."""
    ours = [module.name for module in iter_modules([str(_COMMANDS)])]
    found = {name: f"scrapy.commands.{name}" for name in _SCRAPYS}
    found |= {name: f"crawler.commands.{name}" for name in ours}
    return dict(sorted(found.items()))


def command_of(module: str) -> ScrapyCommand:
    """A new command of that module, without settings."""
    return cast("ScrapyCommand", import_module(module).Command())


class _Parser(ScrapyArgumentParser):
    """Scrapy's, with faults in colour."""

    def error(self, message: str) -> NoReturn:
        """As argparse has it: the usage line, then what is wrong, and exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, fault_in_color(f"{self.prog}: error: {message}\n", sys.stderr))


def parser_of(command: ScrapyCommand, name: str) -> ScrapyArgumentParser:
    """The parser that reads what is typed after `winnow NAME`; the command has its settings."""
    parser = _Parser(
        prog=f"winnow {name}",
        usage=f"winnow {name} {command.syntax()}",
        formatter_class=ScrapyHelpFormatter,
        conflict_handler="resolve",
        description=as_typed(command.long_desc()),
    )
    command.add_options(parser)
    parser.epilog = as_typed(parser.epilog or "")
    return parser
