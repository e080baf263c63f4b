"""Common URLs of sitemaps and feeds, for sites that name none."""

from typing import Final
from urllib.parse import urljoin

from crawler.sources.parsers.links import SourceLink

# the most frequent first; each costs a request if the site does not have it
_PLACES: Final = {
    "sitemap": ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml"),
    "feed": ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml"),
}


def well_known(kind: str, home: str) -> list[SourceLink]:
    """The usual URLs of a 'sitemap' or 'feed', the most likely first."""
    return [SourceLink(urljoin(home, place), kind, guessed=True) for place in _PLACES[kind]]
