"""Where news sites keep their sitemaps and feeds when nothing says where."""

from typing import Final
from urllib.parse import urljoin

from crawler.sources.parsers.links import SourceLink

# by how often they are met; each costs a request to a site that does not have it
_PLACES: Final = {
    "sitemap": ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml"),
    "feed": ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml"),
}


def well_known(kind: str, home: str) -> list[SourceLink]:
    """The places where a 'sitemap' or 'feed' often is, the likeliest first."""
    return [SourceLink(urljoin(home, place), kind, guessed=True) for place in _PLACES[kind]]
