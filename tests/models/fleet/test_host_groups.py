"""Sites that share a host, directly or through others, are in one group; the rest are alone."""

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from models.fleet.host_groups import host_groups, hosts_of, shared_hosts
from models.sites.config import Scope, Site
from tests.factories import make_site

HOSTS = st.frozensets(st.sampled_from([f"h{n}.test" for n in range(9)] + ["h1.test:8080"]))
SITES = st.lists(HOSTS, max_size=12).map(
    lambda listed: [on(f"s{n}", *hosts) for n, hosts in enumerate(listed)]
)


def on(name: str, *hosts: str, start: str = "") -> Site:
    return make_site(
        name, start=start or f"https://{name}.example/", scope=Scope(hosts=frozenset(hosts))
    )


def names(groups: Sequence[Sequence[Site]]) -> list[list[str]]:
    return [[site.name for site in group] for group in groups]


def reachable(sites: Sequence[Site]) -> dict[str, set[str]]:
    """Of each site those that it is tied to, found the slow way."""
    tied = {site.name: {site.name} for site in sites}
    for _ in sites:
        for one, other in combinations(sites, 2):
            if hosts_of(one) & hosts_of(other) or tied[one.name] & tied[other.name]:
                together = tied[one.name] | tied[other.name]
                for name in together:
                    tied[name] = together
    return tied


@given(SITES)
def test_groups_are_the_sites_that_hosts_tie_together_in_order(sites: list[Site]) -> None:
    groups = host_groups(sites)
    order = [site.name for site in sites]
    assert sorted(site.name for group in groups for site in group) == sorted(order)
    tied = reachable(sites)
    for group in names(groups):
        assert set(group) == tied[group[0]]
        assert group == sorted(group, key=order.index)
    firsts = [group[0] for group in names(groups)]
    assert firsts == sorted(firsts, key=order.index)


@given(SITES)
def test_no_two_groups_share_a_host_and_shared_hosts_are_all_that_sites_share(
    sites: list[Site],
) -> None:
    groups = host_groups(sites)
    for one, other in combinations(groups, 2):
        hosts = [frozenset().union(*map(hosts_of, group)) for group in (one, other)]
        assert not hosts[0] & hosts[1]
    shared = shared_hosts(sites)
    assert all(shared.values())
    for site in sites:
        others = frozenset().union(*(hosts_of(o) for o in sites if o.name != site.name))
        assert shared.get(site.name, frozenset()) == hosts_of(site) & others


def test_sites_are_tied_through_a_third_that_comes_last() -> None:
    sites = [on("a", "x.test"), on("b", "y.test"), on("c", "z.test"), on("d", "y.test", "x.test")]
    assert names(host_groups(sites)) == [["a", "b", "d"], ["c"]]
    mixed = [on("a", "x.test"), on("b", "y.test"), on("c", "x.test"), on("d", "x.test", "y.test")]
    assert names(host_groups(mixed)) == [["a", "b", "c", "d"]]
    assert shared_hosts(sites) == {
        "a": {"x.test"}, "b": {"y.test"}, "d": {"x.test", "y.test"},
    }  # fmt: skip


def test_a_port_is_part_of_a_host() -> None:
    sites = [on("a", "x.test"), on("b", "x.test:8080"), on("c", "x.test:8080")]
    assert names(host_groups(sites)) == [["a"], ["b", "c"]]


def test_a_site_without_hosts_of_its_own_has_those_of_its_start() -> None:
    sites = [on("a", start="https://www.x.test/a/"), on("b", "x.test"), on("c")]
    assert names(host_groups(sites)) == [["a", "b"], ["c"]]
    assert hosts_of(sites[0]) == {"x.test", "www.x.test"}
