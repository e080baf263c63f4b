"""The section pages that a front page names: links that may lead to lists of articles. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from crawler.sources.parsers.link_shape import is_article_link, is_home, is_service
from crawler.sources.parsers.links import SourceLink
from models.text import words
from models.urls import bare_host

MOST: Final = 20  # section pages of a site: each is read by every run
_DEEPEST: Final = 3  # parts of a path: /news/world/europe
_LONGEST_LABEL: Final = 4  # words: a longer text is a headline


@dataclass(slots=True)
class PageLink:
    """All anchors of a page that lead to one URL: a picture, a headline, 'read more'."""

    text: str = ""
    title: str | None = None
    heading: bool = False
    aside: bool = True  # all of them are in menus or footers


def sections_named(url: str, links: Mapping[str, PageLink]) -> tuple[SourceLink, ...]:
    """Up to MOST pages on the host of `url` with a short path and label, those in menus first.

    Which of them lists articles shows when it is read.
    """
    host = bare_host(urlsplit(url).netloc.lower())
    found = [
        (not link.aside, _depth(address), address)
        for address, link in links.items()
        if bare_host(urlsplit(address).netloc.lower()) == host and _may_list(address, link)
    ]
    found.sort(key=lambda one: one[:2])  # the page's own order, among those alike
    return tuple(SourceLink(address, "section") for _, _, address in found[:MOST])


def _may_list(address: str, link: PageLink) -> bool:
    label = len(words(link.text))
    return (
        0 < label <= _LONGEST_LABEL
        and 0 < _depth(address) <= _DEEPEST
        and not is_home(address)
        and not is_service(address)
        and not is_article_link(address, link.text, heading=link.heading, aside=link.aside)
    )


def _depth(address: str) -> int:
    parts = urlsplit(address)
    return len([part for part in parts.path.split("/") if part]) + bool(parts.query)
