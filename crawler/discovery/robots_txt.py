"""The sitemaps that a robots.txt names."""

from typing import Final
from urllib.parse import urljoin

from crawler.discovery.links import SourceLink

_MAX_BYTES: Final = 500 * 1024  # what RFC 9309 asks a reader to read
_MAX_SITEMAPS: Final = 200


def read_robots_txt(body: bytes, url: str) -> tuple[SourceLink, ...]:
    """The `Sitemap:` lines, wherever they stand, each once."""
    text = body[:_MAX_BYTES].decode("utf-8-sig", "replace")
    found: dict[str, SourceLink] = {}
    for line in text.splitlines():
        name, _, value = line.partition(":")
        address = value.partition(" #")[0].strip()
        if name.strip().lower() == "sitemap" and address and len(found) < _MAX_SITEMAPS:
            place = urljoin(url, address)
            found.setdefault(place, SourceLink(place, "sitemap", named_in=url))
    return tuple(found.values())
