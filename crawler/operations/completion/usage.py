"""What a command's usage line says: its sub-commands, the words that follow, an option's choices.

`argparse` knows the options only. The words stand in the line that --help shows, as in
`add URL [--name NAME] | show NAME | check [NAME]`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_PARTED: Final = re.compile(r" \| (?![^\[]*\])")  # outside of brackets
_PART: Final = re.compile(r"\[[^\]]*\]|\S+")
_SUBCOMMAND: Final = re.compile(r"[a-z][a-z-]*")
_CHOICES: Final = re.compile(r"(--[a-z-]+) ([a-z]+(?:\|[a-z]+)+)")


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A word that is typed after the verb."""

    rest: str  # of its usage
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """`words` are placeholders without brackets, in order: `NAME`, `URL|ARTICLE_ID`, `NAME ...`."""

    words: tuple[str, ...]  # of a verb without sub-commands
    subcommands: Mapping[str, Subcommand]
    choices: Mapping[str, tuple[str, ...]]  # by option


def read_usage(usage: str) -> Usage:
    """Reads a usage line, without the verb; of several ways to type it, the first with words."""
    usage = usage.partition(";")[0]
    words: tuple[str, ...] = ()
    subcommands = {}
    for alternative in _PARTED.split(usage):
        first, _, rest = alternative.partition(" ")
        if _SUBCOMMAND.fullmatch(first):
            subcommands[first] = Subcommand(rest, _placeholders(rest))
        else:
            words = words or _placeholders(alternative)
    choices = {option: tuple(listed.split("|")) for option, listed in _CHOICES.findall(usage)}
    return Usage(words, subcommands, choices)


def _placeholders(text: str) -> tuple[str, ...]:
    """The words that are no option and no option's value."""
    found, is_value = [], False
    for part in _PART.findall(text):
        if not (is_value or part.startswith(("-", "[-")) or part == "[options]"):
            found.append(part.strip("[]<>"))
        is_value = part.startswith("-")
    return tuple(found)
