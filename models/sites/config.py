"""A site as its `NAME.toml` describes it: where it starts, what is in scope, how to fetch it."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from models.durations import duration
from models.errors import SiteConfigError, SiteDisabled, UnknownSite, UsageError
from models.sites import toml_values as values
from models.text import nearest
from models.urls import host_of, netloc_of, origin_of, path_and_query

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")  # a file's name everywhere, and a column's

Url = Annotated[str, values.web_url]
Host = Annotated[str, values.host]
Pattern = Annotated[re.Pattern[str], values.pattern]
Selector = Annotated[str, values.selector]
Rights = Annotated[tuple[str, ...] | None, values.rights]
Duration = Annotated[timedelta | None, duration]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the site names its pages; all empty: they are probed."""

    sitemaps: tuple[Url, ...] = ()
    feeds: tuple[Url, ...] = ()
    sections: tuple[Url, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sitemaps or self.feeds or self.sections)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which URLs are the site's pages."""

    hosts: frozenset[Host] = frozenset()  # lower case, punycode; a port if not the scheme's own
    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    max_age: Duration = None
    private: Annotated[bool, values.flag] = (
        False  # the start's own host and port may be a private address
    )

    def admits(self, url: str, dated: datetime | None, now: datetime) -> str | None:
        """Why a URL is out of scope, or None where it is in.

        `dated` is what the source says: the publication, or where it names none the change.
        """
        try:
            host, rest = netloc_of(url), path_and_query(url)
        except ValueError as wrong:
            return str(wrong)
        if host not in self.hosts:
            return f"host {host} is not in [scope] hosts"
        if self.include and not any(pattern.search(rest) for pattern in self.include):
            return "matches no pattern of [scope] include"
        for pattern in self.exclude:
            if pattern.search(rest):
                return f"matches {pattern.pattern!r} of [scope] exclude"
        if self.max_age is not None and dated is not None and now - dated > self.max_age:
            return f"of {dated:%Y-%m-%d}, older than [scope] max_age"
        return None

    def owns(self, url: str) -> bool:
        """Whether the URL is on one of the site's hosts. Raises ValueError where it is none."""
        return netloc_of(url) in self.hosts


@dataclass(frozen=True, slots=True)
class Fetch:
    """How politely, and how much."""

    # seconds between requests; a larger crawl-delay of robots.txt wins
    delay: Annotated[float, values.number(0, 3600)] = 1.0
    concurrency: Annotated[int, values.number(1, 64, whole=True)] = 1  # requests at once
    max_bytes: Annotated[int, values.size] = 10_000_000  # of one body, decoded
    browser: Annotated[bool, values.flag] = False  # pages are what their scripts make of them
    # each host is sent what it set, for one run; else only where it redirects in a loop without
    cookies: Annotated[bool, values.flag] = False
    # workers of a fleet that were given this label visit the site; empty: those without one
    label: Annotated[str, values.label] = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often `visit` looks at the sources; None: learned."""

    every: Duration = None


@dataclass(frozen=True, slots=True)
class SiteRights:
    """What the publisher reserves and is obeyed; None: as WINNOW_OBEY_RIGHTS says."""

    obey: Rights = None


@dataclass(frozen=True, slots=True)
class ExtractionRules:
    """A site's own CSS selectors, for where the learned way fails."""

    body: tuple[Selector, ...] = ()  # the article is in the first that matches
    keep: tuple[Selector, ...] = ()  # never taken for boilerplate
    remove: tuple[Selector, ...] = ()  # always boilerplate
    # "trafilatura": no page is read off a learned template. It says nothing of how a page that was
    # searched reads, so it is no part of what tells two ways of reading apart.
    always: Annotated[str, values.extractor] = field(default="", repr=False)

    def __bool__(self) -> bool:
        return bool(self.body or self.keep or self.remove)


@dataclass(frozen=True, slots=True)
class Site:
    """One site, named as its file is; the fields from `start` on are the file's keys."""

    name: str
    path: Path
    start: Url
    sources: Sources = field(default_factory=Sources)
    scope: Scope = field(default_factory=Scope)
    fetch: Fetch = field(default_factory=Fetch)
    schedule: Schedule = field(default_factory=Schedule)
    extraction: ExtractionRules = field(default_factory=ExtractionRules)
    rights: SiteRights = field(default_factory=SiteRights)
    aliases: tuple[Url, ...] = ()  # further addresses that lead to it, by which it is known
    enabled: Annotated[bool, values.flag] = True  # false: nothing is fetched

    def obeying(self, default: str) -> "Site":
        """The site, with what is obeyed filled in by the setting; raises UsageError for that."""
        try:
            obeyed = values.rights(default.replace(",", " ").split())
        except ValueError as wrong:
            raise UsageError(f"WINNOW_OBEY_RIGHTS: {wrong}") from wrong
        if self.rights.obey is not None:
            return self
        return replace(self, rights=SiteRights(obeyed))

    @property
    def private_origin(self) -> tuple[str, int] | None:
        """The one host and port that may be a private or loopback address, if any may."""
        return origin_of(self.start) if self.scope.private else None


def load_site(sites_dir: Path, name: str) -> Site:
    """The site of that name.

    Raises UnknownSite, which names the nearest, and SiteConfigError with the first mistake.
    """
    path = sites_dir / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise UnknownSite(_unknown(sites_dir, name))
    site, mistakes = read_site(path)
    if site is None:
        more = f" (and {len(mistakes) - 1} more)" if mistakes[1:] else ""
        raise SiteConfigError(f"{mistakes[0]}{more}")
    return site


def require_enabled(site: Site, kind: str) -> None:
    """Raises SiteDisabled for a site that is not to be fetched; a re-extraction fetches nothing."""
    if not site.enabled and kind != "reextract":
        raise SiteDisabled(
            f"{site.name} is disabled in {site.path}; type: scrapy sites enable {site.name}"
        )


def load_all(sites_dir: Path) -> tuple[list[Site], list[SiteConfigError]]:
    """Every site of the folder by name, and every mistake in its files."""
    sites, errors = [], []
    for path in sorted(sites_dir.glob("*.toml")):
        site, mistakes = read_site(path)
        errors += [SiteConfigError(mistake) for mistake in mistakes]
        if site is not None:
            sites.append(site)
    return sites, errors


def read_site(path: Path) -> tuple[Site | None, list[str]]:
    """The site of one file, or None and every mistake in it, each with file and line."""
    from models.sites.toml_reader import read_toml  # noqa: PLC0415 - few commands read a file

    site, mistakes = read_toml(path, Site, {"name": path.stem, "path": path})
    if not NAME.fullmatch(path.stem):
        rule = "a site's name is lower-case letters, digits, - and _; rename the file"
        return None, [f"{path}: {rule}", *mistakes]
    return site and replace(site, scope=replace(site.scope, hosts=_hosts(site))), mistakes


def default_hosts(start: str) -> frozenset[str]:
    """The start's host with and without www, each with its port if it is not the scheme's own."""
    host, netloc = host_of(start), netloc_of(start)
    if "." not in host or ":" in host or host.replace(".", "").isdigit():  # a name alone, or an IP
        return frozenset({netloc})
    return frozenset({netloc.removeprefix("www."), f"www.{netloc.removeprefix('www.')}"})


def _hosts(site: Site) -> frozenset[str]:
    """The hosts of the file, or the default ones.

    A host without a port is that host at the scheme's own ports, and at the start's port.
    """
    named, start = site.scope.hosts, site.start
    _, colon, port = netloc_of(start).removeprefix(f"[{host_of(start)}]").partition(":")
    bare = [host for host in named if ":" not in host.rpartition("]")[2]]
    return named | {f"{host}:{port}" for host in bare if colon} if named else default_hosts(start)


def _unknown(sites_dir: Path, name: str) -> str:
    names = [path.stem for path in sorted(sites_dir.glob("*.toml"))]
    if near := nearest(name, names):
        return f"no site {name!r} in {sites_dir}; did you mean {near!r}?"
    return f"no site {name!r} in {sites_dir}; type: scrapy sites add URL --name NAME"
