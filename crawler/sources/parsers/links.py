"""What a parser returns: links to pages, further sources, and where parsing stopped."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from models.items import Link

_DAY_IN_PATH: Final = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])\b"
)
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD: Final = timedelta(days=2)  # clocks and zones differ; what lies further ahead is an error


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source that was found, but not read yet."""

    url: str
    kind: str  # robots | sitemap | feed | section
    modified_at: datetime | None = None  # aware, UTC, as given by the index that lists it
    guessed: bool = False  # a well-known URL that nothing points to
    depth: int = 0  # number of indexes above it
    named_in: str | None = None  # the URL of the source that lists it


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """The content of a source that is parsed as a whole (feed, section)."""

    kind: str  # detected kind
    links: tuple[Link, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    title: str | None = None
    error: str | None = None  # why parsing stopped early; the links before are valid
    ttl: int | None = None  # seconds until the feed asks to be read again


class SourceBroken(ValueError):
    """A source cannot be parsed, or only in part; what was parsed before is valid."""


def day_in_path(url: str) -> datetime | None:
    """The day that a path such as /2026/05/24/ names, at midnight UTC."""
    found = _DAY_IN_PATH.search(url)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None


def plausible(link: Link, now: datetime) -> Link:
    """The link without dates that cannot be: before 1990, or days ahead of `now`."""
    hint = link.hint
    if hint.published_at and not _EARLIEST <= hint.published_at <= now + _AHEAD:
        hint = replace(hint, published_at=None, published_precision=None)
    if hint.modified_at and not _EARLIEST <= hint.modified_at <= now + _AHEAD:
        hint = replace(hint, modified_at=None)
    return link if hint is link.hint else replace(link, hint=hint)


def newest_first(children: list[SourceLink]) -> list[SourceLink]:
    """The sitemaps of an index, newest first; those without a date by the numbers in their names.

    Names count upwards, by date or by number: on most sites, the largest is the newest.
    """

    def key(child: SourceLink) -> tuple[datetime, tuple[int, ...]]:
        numbers = tuple(int(n[:18]) for n in re.findall(r"\d+", child.url))
        return child.modified_at or _EARLIEST, numbers

    return sorted(children, key=key, reverse=True)
