"""The usual URLs of sitemaps and feeds, for sites that name none."""

from typing import Final
from urllib.parse import urljoin

from crawler.sources.parsers.links import SourceLink

# by frequency; each costs a request to a site that does not have it
_PATHS: Final = {
    "sitemap": ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml"),
    "feed": ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml"),
}


def well_known(kind: str, home: str) -> list[SourceLink]:
    """The URLs where a 'sitemap' or 'feed' often is, the likeliest first."""
    return [SourceLink(urljoin(home, path), kind, guessed=True) for path in _PATHS[kind]]
