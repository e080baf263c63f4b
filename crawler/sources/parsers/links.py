"""What reading a source brings: links to pages, further sources, and where reading broke off."""

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
    """A place where a site names its pages, not yet read."""

    url: str
    kind: str  # sitemap | feed | section
    modified_at: datetime | None = None  # aware, UTC, as the index that names it says
    guessed: bool = False  # a well-known place: nobody said that it is there
    depth: int = 0  # indexes above it
    named_in: str | None = None  # the URL of what names it


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """All that a source held, for sources that are read in one go (feeds, sections)."""

    kind: str  # what it turned out to be
    links: tuple[Link, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    title: str | None = None
    error: str | None = None  # where reading broke off; what was read until there counts
    ttl: int | None = None  # seconds until it is worth asking again, as the feed says


class SourceBroken(ValueError):
    """A source cannot be read, or not further; what was read before counts."""


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
    """Sitemaps of an index, the lately changed first; undated ones by the numbers in their names.

    Names count upwards, by date or by number: the largest is the newest on most sites.
    """

    def key(child: SourceLink) -> tuple[datetime, tuple[int, ...]]:
        numbers = tuple(int(n[:18]) for n in re.findall(r"\d+", child.url))
        return child.modified_at or _EARLIEST, numbers

    return sorted(children, key=key, reverse=True)
