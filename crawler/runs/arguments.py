"""The arguments of the spiders (`-a NAME=VALUE`): a typed model each, read in one place."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from models.errors import UsageError
from models.text import nearest

_MOST: Final = 10**9  # URLs: no limit


def _text(text: str) -> str:
    return text


def _switch(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("write 1 or 0")
    return text == "1"


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < _MOST):
        raise ValueError("not a number of URLs")
    return int(text)


def _day(text: str) -> datetime:
    try:
        day = datetime.fromisoformat(text)
        return day.astimezone(UTC) if day.tzinfo else day.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:
        raise ValueError("not a date; write 2026-05-24") from wrong


def _pattern(text: str) -> re.Pattern[str]:
    if not text:
        raise ValueError("empty; leave it out for all pages")
    try:
        return re.compile(text)
    except re.error as wrong:
        raise ValueError(f"not a pattern: {wrong}") from wrong


def _read_by(parse: Callable[[str], Any], description: str) -> Mapping[str, Any]:
    return {"parse": parse, "help": description}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpiderArguments:
    """What every spider takes."""

    site: str = field(default="", metadata=_read_by(_text, "the site's name, as in NAME.toml"))
    limit: int = field(default=_MOST, metadata=_read_by(_count, "the most URLs of the run"))
    accept: bool = field(
        default=False,
        metadata=_read_by(_switch, "1: copies that look worse replace the stored ones"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitArguments(SpiderArguments):
    """The arguments of visit."""

    now: bool = field(
        default=False, metadata=_read_by(_switch, "1: the sources are read, due or not")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionArguments(SpiderArguments):
    """What spiders take that choose among known pages."""

    since: datetime | None = field(
        default=None, metadata=_read_by(_day, "pages dated this day or later")
    )
    until: datetime | None = field(
        default=None, metadata=_read_by(_day, "pages dated before this day")
    )
    match: re.Pattern[str] | None = field(
        default=None, metadata=_read_by(_pattern, "pages whose URL has this pattern")
    )

    def __post_init__(self) -> None:
        """Raises UsageError if no day lies between `since` and `until`."""
        if self.since is not None and self.until is not None and self.since >= self.until:
            raise UsageError(f"no day lies from since={self.since:%F} until {self.until:%F}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArguments(SelectionArguments):
    """What spiders take that may be given their pages in a file."""

    urls: str | None = field(default=None, metadata=_read_by(_text, "a file with one URL a line"))

    def __post_init__(self) -> None:
        """Raises UsageError if a file and a choice among known pages are both given."""
        SelectionArguments.__post_init__(self)  # super() does not know a slotted dataclass
        for name in ("since", "until", "match"):
            if self.urls is not None and getattr(self, name) is not None:
                raise UsageError(f"-a urls names the pages itself; leave out -a {name}=…")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecrawlArguments(ListedArguments):
    """The arguments of recrawl."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReextractArguments(ListedArguments):
    """The arguments of reextract."""

    dry_run: bool = field(
        default=False, metadata=_read_by(_switch, "1: print what would change, write nothing")
    )


A = TypeVar("A", bound=SpiderArguments)


def parse_arguments(model: type[A], words: Mapping[str, str]) -> A:
    """The model filled with what was typed; raises UsageError with the nearest right name."""
    parsers = {known.name: known.metadata["parse"] for known in fields(model)}
    values = {}
    for name, text in words.items():
        if name not in parsers:
            near = nearest(name, parsers)
            hint = f"did you mean {near!r}?" if near else f"known: {', '.join(parsers)}"
            raise UsageError(f"unknown argument -a {name}=…; {hint}")
        try:
            values[name] = parsers[name](text)
        except ValueError as wrong:
            raise UsageError(f"-a {name}={text}: {wrong}") from wrong
    return model(**values)


def describe(model: type[SpiderArguments], known: type[SpiderArguments] | None = None) -> str:
    """'NAME (what it is), …' of the model's arguments, less those that `known` has."""
    seen = {argument.name for argument in fields(known)} if known else set()
    new = (argument for argument in fields(model) if argument.name not in seen)
    return ", ".join(f"{argument.name} ({argument.metadata['help']})" for argument in new)
