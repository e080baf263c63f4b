"""The result of reading a source: links to pages, further sources, and where reading broke off."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from models.dates import EARLIEST, believable
from models.items import Link


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A source, not yet read."""

    url: str
    kind: str  # robots | sitemap | feed | section
    modified_at: datetime | None = None  # aware, UTC, by the index that names it
    guessed: bool = False  # a well-known URL, which nothing names
    depth: int = 0  # indexes above it
    page: Link | None = None  # as which it was listed, if it only has a sitemap's name


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """The content of a source that is read in one go (feeds, sections)."""

    kind: str  # what it turned out to be
    links: tuple[Link, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    title: str | None = None
    error: str | None = None  # where reading broke off; what was read before counts
    ttl: int | None = None  # seconds until it should be read again, by the feed
    seen: int = 0  # links of a section page to other pages of its host, menus left out
    home: str | None = None  # page of the site that a feed says it is of
    sections: tuple[SourceLink, ...] = ()  # pages that may list articles, which the page names


class SourceBroken(ValueError):
    """A source cannot be read, or not further; what was read before counts."""


def joined(base: str, address: str) -> str | None:
    """The address of a link on the page `base`; None where it is none, such as `http://[`."""
    try:
        return urljoin(base, address)
    except ValueError:
        return None


def plausible(link: Link, now: datetime) -> Link:
    """The link without dates that cannot be: before the web, or days ahead of `now`."""
    hint = link.hint
    if hint.published_at and not believable(hint.published_at, now):
        hint = replace(hint, published_at=None, published_precision=None)
    if hint.modified_at and not believable(hint.modified_at, now):
        hint = replace(hint, modified_at=None)
    return link if hint is link.hint else replace(link, hint=hint)


def newest_first(children: list[SourceLink]) -> list[SourceLink]:
    """Sitemaps of an index, the last changed first; undated ones by the numbers in their names.

    Names count upwards, by date or by number: the largest is the newest on most sites.
    """

    def key(child: SourceLink) -> tuple[datetime, tuple[int, ...]]:
        numbers = tuple(int(n[:18]) for n in re.findall(r"\d+", child.url))
        return child.modified_at or EARLIEST, numbers

    return sorted(children, key=key, reverse=True)
