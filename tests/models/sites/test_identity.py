"""Which site an address belongs to, however it is written."""

from pathlib import Path

import pytest

from models.sites.config import Scope, Site, Sources, default_hosts
from models.sites.identity import KnownSites

START = "https://www.example.com/"
FEED = "https://feeds.example.net/example?format=xml"


def known() -> KnownSites:
    hosts = default_hosts(START) | {"news.example.org", "example.com:8080"}
    sources = Sources(feeds=(FEED,))
    aliases = ("http://old.example/paper",)
    scope = Scope(hosts=frozenset(hosts))
    return KnownSites([Site("example", Path(), START, sources, scope, aliases=aliases)])


@pytest.mark.parametrize(
    "spelled",
    [
        "http://example.com", "https://EXAMPLE.com:443/", "http://www.example.com:80/index.html",
        "https://example.com./sport/?utm_source=x", "https://amp.example.com/",
        "https://news.example.org/rss", "http://example.com:8080/", FEED,
        "https://old.example/paper/", "http://www.old.example/paper",
    ],
)  # fmt: skip
def test_a_site_is_known_under_each_spelling(spelled: str) -> None:
    assert known().name_of(spelled) == "example"


@pytest.mark.parametrize(
    "other",
    [
        "https://example.net/", "https://feeds.example.net/another", "https://old.example/other",
        "https://sport.example.com/", "https://example.com:9090/",
    ],
)  # fmt: skip
def test_another_address_is_another_site(other: str) -> None:
    assert known().name_of(other) is None


def test_the_first_site_of_a_host_keeps_it_and_one_address_of_several_is_enough() -> None:
    sites = known()
    scope = Scope(hosts=frozenset({"example.com", "second.example"}))
    sites.add(Site("second", Path(), "https://second.example/", scope=scope))
    assert sites.name_of("https://example.com/") == "example"
    assert sites.name_of("https://third.example/", "https://second.example/x") == "second"
    with pytest.raises(ValueError, match="not an http or https URL"):
        sites.name_of("ftp://example.com/")
