"""Sites that share hosts: they are visited one after another, by one worker."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from models.sites.config import Site, default_hosts


def host_groups(sites: Sequence[Site]) -> list[tuple[Site, ...]]:
    """The sites in groups: two that share a host are in one, and so are two that share one with a
    third. Groups stand in the order of their first sites, and sites in theirs.
    """
    group_of: dict[str, int] = {}  # by host: the place of the group's first site
    members: dict[int, list[int]] = {}
    for place, site in enumerate(sites):
        hosts = hosts_of(site)
        joined = sorted({group_of[host] for host in hosts if host in group_of} | {place})
        first = joined[0]
        together = sorted(n for group in joined for n in members.pop(group, [place]))
        members[first] = together
        for n in together:
            group_of |= dict.fromkeys(hosts_of(sites[n]), first)
    return [tuple(sites[n] for n in members[first]) for first in sorted(members)]


def shared_hosts(sites: Sequence[Site]) -> Mapping[str, frozenset[str]]:
    """Of each site that shares hosts with another of these: its name, and these hosts."""
    owners = Counter(host for site in sites for host in hosts_of(site))
    shared: dict[str, frozenset[str]] = defaultdict(frozenset)
    for site in sites:
        common = frozenset(host for host in hosts_of(site) if owners[host] > 1)
        if common:
            shared[site.name] = common
    return dict(shared)


def hosts_of(site: Site) -> frozenset[str]:
    """Hosts that a visit of the site asks, each with its port if that is not the scheme's own.

    Where its file names none, those of its start. A source on a further host, as of a service that
    makes feeds, is one request, and does not tie its sites together.
    """
    return site.scope.hosts | (default_hosts(site.start) if not site.scope.hosts else frozenset())
