"""The script that a shell reads: what can be typed, and the functions that complete it."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from shlex import quote
from textwrap import shorten
from typing import Final

from crawler.operations.completion.command_words import Argument, CommandWords, Option, Spider

SHELLS: Final = ("bash", "zsh")
_LONGEST: Final = 100  # characters of what zsh shows beside a word
_Cases = Iterable[tuple[str, str]]


def script(
    shell: str, verbs: Sequence[CommandWords], spiders: Sequence[Spider], settings: Sequence[str],
    folder: Path,
) -> str:  # fmt: skip
    """The whole script for one of SHELLS; sites are the TOML files that `folder` has later on."""
    here, common = files(__package__), _common(verbs)
    lines = [
        "#compdef winnow scrapy"
        if shell == "zsh"
        else "# Completion of winnow and scrapy, for bash.",
        f"# Made by: winnow completion {shell}",
        "",
        f"_winnow_folder={quote(str(folder))} # of the sites' files",
        "",
        *_function("verbs", "", [("*", _list((verb.name, verb.says) for verb in verbs))]),
        *_function("subcommands", "$1", _subcommands(verbs)),
        *_function("options", "$1 $2", _options(verbs, common), _more(common)),
        *_function("value", "$1 $2", _values(verbs, common)),
        *_function("place", "$1 $2", _places(verbs)),
        *_function("spiders", "", [("*", _list((one.name, one.says) for one in spiders))]),
        *_function("arguments", "$1", _arguments(spiders)),
        *_function("argument", "$1 $2", _argument_values(spiders)),
        *_function("settings", "", [("*", _list((f"{name}=", "") for name in settings))]),
    ]
    parts = [here.joinpath(name).read_text("utf-8") for name in ("common.sh", f"complete.{shell}")]
    return "\n".join([*lines, *parts])


def _function(name: str, asked: str, cases: _Cases, after: str = "") -> Iterator[str]:
    """A shell function that does the first case that fits its words, and then `after`."""
    yield f"_winnow_{name}() {{"
    yield f'  case "{asked}" in'
    yield from (f"    {pattern}) {done} ;;" for pattern, done in cases)
    yield f"  esac{after}"
    yield "}\n"


def _list(entries: Iterable[tuple[str, str]]) -> str:
    """Sets `list`; each entry is WORD:MEANING."""
    return f"list=({' '.join(_entry(word, says) for word, says in entries)})"


def _entry(word: str, says: str) -> str:
    short = shorten(says, _LONGEST, placeholder=" …")
    return quote(f"{word}:{short}" if short else word)


def _subcommands(verbs: Sequence[CommandWords]) -> Iterator[tuple[str, str]]:
    for verb in verbs:
        if known := verb.usage.subcommands:
            yield quote(verb.name), _list((word, one.rest) for word, one in known.items())
    yield "*", "list=()"


def _common(verbs: Sequence[CommandWords]) -> list[Option]:
    """The options that all verbs have."""
    return [one for one in verbs[0].options if all(one in verb.options for verb in verbs)]


def _options(verbs: Sequence[CommandWords], common: Sequence[Option]) -> Iterator[tuple[str, str]]:
    for verb in verbs:
        own = [one for one in verb.options if one not in common]
        for word in verb.usage.subcommands:
            theirs = [one for one in own if not one.subcommands or word in one.subcommands]
            yield quote(f"{verb.name} {word}"), _list(_flags(theirs))
        yield quote(f"{verb.name} "), _list(_flags(own))
    yield "*", "list=()"


def _more(common: Sequence[Option]) -> str:
    return f"\n  list+=({' '.join(_entry(*one) for one in _flags(common))})"


def _flags(options: Iterable[Option]) -> Iterator[tuple[str, str]]:
    return ((flag, option.says) for option in options for flag in option.flags)


def _values(verbs: Sequence[CommandWords], common: Sequence[Option]) -> Iterator[tuple[str, str]]:
    for verb in verbs:
        own = [one for one in verb.options if one.kind and one not in common]
        yield from ((_alternatives(f"{verb.name} ", one), _kind(one.kind)) for one in own)
    for one in common:
        if one.kind:
            yield "|".join(f"*{quote(f' {flag}')}" for flag in one.flags), _kind(one.kind)
    yield "*", _kind("")


def _alternatives(start: str, option: Option) -> str:
    return "|".join(quote(f"{start}{flag}") for flag in option.flags)


def _places(verbs: Sequence[CommandWords]) -> Iterator[tuple[str, str]]:
    for verb in verbs:
        for word in ("", *verb.usage.subcommands):
            if kinds := verb.kinds(word):
                done = f'_winnow_nth "$3" {" ".join(map(quote, kinds))}'
                yield quote(f"{verb.name} {word}"), done
    yield "*", _kind("")


def _arguments(spiders: Sequence[Spider]) -> Iterator[tuple[str, str]]:
    for spider in spiders:
        yield quote(spider.name), _list((f"{one.name}=", one.says) for one in spider.arguments)
    every = {one.name: one for spider in spiders for one in spider.arguments}
    yield "*", _list((f"{one.name}=", one.says) for one in every.values())


def _argument_values(spiders: Sequence[Spider]) -> Iterator[tuple[str, str]]:
    every: dict[str, Argument] = {}
    for spider in spiders:
        for one in spider.arguments:
            yield quote(f"{spider.name} {one.name}"), _kind(one.kind)
            every.setdefault(one.name, one)
    yield from ((f"*{quote(f' {one.name}')}", _kind(one.kind)) for one in every.values())
    yield "*", _kind("")


def _kind(kind: str) -> str:
    return f"kind={quote(kind)}"
