"""Which sites a file of ftr-site-config is for, by the host that it is named after. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from models.sites.config import Site
from models.sites.ftr.rules import host_of_file
from models.urls import host_of


class SiteHosts:
    """The sites by their hosts, without `www.` and ports, as Full-Text RSS looks for its files.

    As everywhere, a host is that of the first site that names it; an alias's host is nobody's
    whose own host it is not already.
    """

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = list(sites)
        self._by_host: dict[str, Site] = {}
        for site in self._sites:
            for host in site.scope.hosts:
                self._by_host.setdefault(_bare(f"https://{host}/"), site)
        for site in self._sites:
            for url in (site.start, *site.aliases):
                self._by_host.setdefault(_bare(url), site)
        self._below: dict[str, dict[str, Site]] = defaultdict(dict)
        for host, site in self._by_host.items():
            self._below[f".{host.partition('.')[2]}"][site.name] = site

    def sites_of(self, name: str) -> list[tuple[int, Site]]:
        """The sites that a file is for, each with how far away: 0 for the host of its start.

        1: another host of the site; 2: a file for all hosts one level below its own. Raises
        RulesBroken for a file's name without a host.
        """
        host = host_of_file(name)
        if host.startswith("."):
            return [(2, site) for site in self._below.get(host, {}).values()]
        found = self._by_host.get(host.removeprefix("www."))
        if found is None:
            return []
        return [(int(_bare(found.start) != host.removeprefix("www.")), found)]

    def other_hosts(self, name: str, site: Site) -> list[str]:
        """The site's hosts that a file is not for, though its rules then hold there, too."""
        host = host_of_file(name)
        own = (one for one, owner in self._by_host.items() if owner is site)
        if host.startswith("."):
            return sorted(one for one in own if f".{one.partition('.')[2]}" != host)
        return sorted(one for one in own if one != host.removeprefix("www."))


def nearest_files(found: Iterable[tuple[str, int, str]]) -> dict[str, str]:
    """For each site the file that is nearest to it, of (file, how far away, site)."""
    nearest: dict[str, tuple[int, str]] = {}
    for file, distance, site in found:
        if site not in nearest or distance < nearest[site][0]:
            nearest[site] = distance, file
    return {site: file for site, (_, file) in nearest.items()}


def _bare(url: str) -> str:
    return host_of(url).removeprefix("www.")
