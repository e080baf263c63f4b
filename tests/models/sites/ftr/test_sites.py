"""A file finds its site by host, as Full-Text RSS finds its file."""

from pathlib import Path

import pytest

from models.sites.config import Scope, Site, default_hosts
from models.sites.ftr.rules import RulesBroken
from models.sites.ftr.sites import SiteHosts, nearest_files


def site(name: str, start: str, *hosts: str, aliases: tuple[str, ...] = ()) -> Site:
    scope = Scope(hosts=frozenset(hosts) or default_hosts(start))
    return Site(name, Path(f"{name}.toml"), start, scope=scope, aliases=aliases)


PAPER = site("paper", "https://www.paper.example/", aliases=("https://old.example/front",))
MANY = site("many", "https://many.example/", "many.example", "sport.many.example:8443")
SUB = site("sub", "https://news.paper.example/")
HOSTS = SiteHosts([PAPER, MANY, SUB])


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("paper.example.txt", [(0, "paper")]),
        ("WWW.paper.example.txt", [(0, "paper")]),
        ("old.example.txt", [(1, "paper")]),
        ("sport.many.example.txt", [(1, "many")]),
        ("news.paper.example.txt", [(0, "sub")]),
        (".paper.example.txt", [(2, "sub")]),
        (".many.example.txt", [(2, "many")]),
        (".example.txt", None),
        ("amp.paper.example.txt", []),
        ("other.example.txt", []),
    ],
)
def test_which_sites_a_file_is_for(file: str, found: list[tuple[int, str]] | None) -> None:
    if found is None:
        with pytest.raises(RulesBroken):
            HOSTS.sites_of(file)
    else:
        assert [(far, one.name) for far, one in HOSTS.sites_of(file)] == found


def test_a_site_takes_the_nearest_file() -> None:
    files = [("b", 2, "x"), ("a", 0, "x"), ("c", 1, "x"), ("c", 1, "y"), ("d", 1, "y")]
    assert nearest_files(files) == {"x": "a", "y": "c"}


def test_hosts_that_a_file_does_not_speak_of() -> None:
    assert HOSTS.other_hosts("many.example.txt", MANY) == ["sport.many.example"]
    assert HOSTS.other_hosts(".many.example.txt", MANY) == ["many.example"]
    assert HOSTS.other_hosts("www.paper.example.txt", PAPER) == ["old.example"]
    assert HOSTS.other_hosts("news.paper.example.txt", SUB) == []


def test_a_host_is_of_the_first_site_that_names_it() -> None:
    late = site("late", "https://paper.example/")
    assert [one.name for _, one in SiteHosts([PAPER, late]).sites_of("paper.example.txt")] == [
        "paper"
    ]
