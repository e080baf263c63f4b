"""What can be typed after each verb, read from its parser and its usage line.

What can follow is given as kinds, parted by spaces: a word stands for itself, `@site` for every
site. In front, `?` says that nothing needs to follow.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from crawler.operations.command import WinnowCommand, prefix_of
from crawler.operations.completion.usage import Usage, read_usage
from crawler.operations.verbs import command_of, modules, parser_of

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from crawler.spiders.base import ArticleSpider

NOTHING: Final = "@nothing"  # that a shell could know
PLACES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("NAME", "SITE", "OLD"), "@site"),
    **dict.fromkeys(("FILE", "OUT.html", "file"), "@file"),
    "SPIDER": "@spider",
    **dict.fromkeys(
        ("URL", "url", "ARTICLE_ID", "RUN_ID", "REVISION", "WORDS", "NEW", "-"), NOTHING
    ),
}
_BY_OPTION: Final = {
    "--site": "@site", "--spider": "@spider", "-a": "@argument", "-s": "@setting",
}  # fmt: skip
_BY_METAVAR: Final = {"FILE": "@file", "DIR": "@folder"}
_BY_ARGUMENT: Final = {"site": "@site", "urls": "@file"}


@dataclass(frozen=True, slots=True)
class Option:
    """An option; `kind` is what follows it, empty for one that takes no value."""

    flags: tuple[str, ...]
    says: str
    kind: str
    subcommands: tuple[str, ...]  # that take it; empty for all


@dataclass(frozen=True, slots=True)
class CommandWords:
    """A verb, its options and what else follows; `usage` has the words."""

    name: str
    says: str
    options: tuple[Option, ...]
    usage: Usage

    def kinds(self, subcommand: str = "") -> tuple[str, ...]:
        """What the words are that follow, in order; at the end of the last, `...` if it recurs."""
        chosen = self.usage.subcommands[subcommand] if subcommand else self.usage
        return tuple(map(_kind_of_place, chosen.words))


@dataclass(frozen=True, slots=True)
class Argument:
    """What `-a NAME=` takes."""

    name: str
    says: str
    kind: str


@dataclass(frozen=True, slots=True)
class Spider:
    """A spider and its arguments."""

    name: str
    says: str
    arguments: tuple[Argument, ...]


def verbs(settings: "Settings") -> tuple[CommandWords, ...]:
    """Every verb that can be typed."""
    return tuple(_verb(name, module, settings) for name, module in modules().items())


def spiders(settings: "Settings") -> tuple[Spider, ...]:
    """Every spider of the project."""
    from scrapy.spiderloader import get_spider_loader

    from crawler.spiders.base import ArticleSpider

    loader = get_spider_loader(settings)
    loaded = [(name, loader.load(name)) for name in sorted(loader.list())]
    return tuple(
        Spider(name, _first_line(spider.__doc__), tuple(_arguments(spider)))
        for name, spider in loaded
        if issubclass(spider, ArticleSpider)
    )


def setting_names(settings: "Settings") -> list[str]:
    """What `-s NAME=` takes of ours."""
    return sorted(
        name
        for name in settings
        if isinstance(name, str)
        and name.startswith("WINNOW_")
        and name != "WINNOW_HOME"  # which is taken from the environment only
    )


class _Reader(argparse.HelpFormatter):
    """Is shown every option that --help shows, with its help."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self.shown: list[tuple[argparse.Action, str]] = []

    def add_argument(self, action: argparse.Action) -> None:
        if action.option_strings and action.help is not argparse.SUPPRESS:
            self.shown.append((action, self._expand_help(action) if action.help else ""))


def _verb(name: str, module: str, settings: "Settings") -> CommandWords:
    command = command_of(module)
    command.settings = settings
    parser = parser_of(command, name)
    reader = _Reader(parser.prog)
    parser.formatter_class = lambda **_prog: reader
    parser.format_help()
    usage = read_usage(command.syntax())
    options = []
    for action, says in reader.shown:
        of = command.subcommands_of(action.dest) if isinstance(command, WinnowCommand) else ()
        said = says.removeprefix(prefix_of(of))
        kind = _kind_of_option(action, usage)
        options.append(Option(tuple(action.option_strings), said, kind, of))
    return CommandWords(name, command.short_desc(), tuple(options), usage)


def _kind_of_option(action: argparse.Action, usage: Usage) -> str:
    if action.nargs == 0:
        return ""
    kind = NOTHING
    if isinstance(action.metavar, str):
        kind = _BY_METAVAR.get(action.metavar, kind)
    for flag in action.option_strings:
        kind = " ".join(usage.choices.get(flag, ())) or _BY_OPTION.get(flag, kind)
    if action.choices is not None:
        kind = " ".join(map(str, action.choices))
    return f"?{kind}" if action.nargs == "?" else kind


def _kind_of_place(placeholder: str) -> str:
    name, _, more = placeholder.partition(" ")
    kinds: Sequence[str] = [PLACES[one] for one in name.split("|") if one in PLACES]
    kind = next((one for one in kinds if one != NOTHING), NOTHING)
    return f"{kind}..." if more else kind


def _arguments(spider: "type[ArticleSpider]") -> Iterator[Argument]:
    for known in fields(spider.takes):
        kind = "0 1" if known.type is bool else _BY_ARGUMENT.get(known.name, NOTHING)
        if known.name == "site" and spider.all_sites:
            kind += " all"
        yield Argument(known.name, known.metadata["help"], kind)


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]
