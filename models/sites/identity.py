"""Which site an address belongs to, under whatever spelling it comes."""

from collections.abc import Iterable

from models.sites.config import Site
from models.urls import bare_host, netloc_of, url_key


class KnownSites:
    """The sites that have a file, by their hosts and by each address that a file names.

    http and https, `www.`, a trailing slash and the scheme's own port make no other site. Two
    sites never share a host: a page belongs to the first that names it.
    """

    def __init__(self, sites: Iterable[Site]) -> None:
        self._by_host: dict[str, str] = {}
        self._by_page: dict[bytes, str] = {}
        for site in sites:
            self.add(site)

    def add(self, site: Site) -> None:
        """One more site; what an earlier one has stays that one's."""
        sources = site.sources
        for host in sorted(site.scope.hosts):
            self._by_host.setdefault(bare_host(host), site.name)
        for url in (
            site.start, *site.aliases, *sources.feeds, *sources.sitemaps, *sources.sections
        ):  # fmt: skip
            self._by_page.setdefault(url_key(url), site.name)

    def name_of(self, *urls: str) -> str | None:
        """The site that one of the addresses is of; None for a site that is new.

        Raises ValueError for what is no web address.
        """
        for url in urls:
            name = self._by_page.get(url_key(url)) or self._by_host.get(bare_host(netloc_of(url)))
            if name is not None:
                return name
        return None
