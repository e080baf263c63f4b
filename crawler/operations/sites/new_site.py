"""A site's file written from what a look at it found, and what is known of the sites so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from crawler.operations.probe_spider import Probed
from crawler.operations.whole_file import whole_file
from models.errors import UsageError
from models.sites.config import Scope, Site, Sources, default_hosts, load_all
from models.sites.identity import KnownSites
from models.sites.import_lists import Wanted
from models.sites.toml_template import site_name, site_toml, write_site_toml
from models.urls import bare_host, netloc_of, origin_of

NOTHING: Final = "no feed, sitemap or section names pages"


def why_nothing(found: Probed) -> str:
    """Why a look found no source that names pages; empty if it found one."""
    if any(source.links for source in found.sources):
        return ""
    own = (fault for fault in found.faults if fault.startswith(found.start))
    return next(own, next(iter(found.faults), f"{found.start}: {NOTHING}"))


def few_pages(found: Probed) -> str:
    """What to do about a site whose pages no sitemap or feed names; empty where one does."""
    if found.urls("sitemap") or found.urls("feed"):
        return ""
    links, pages = sum(source.links for source in found.sources), len(found.urls("section"))
    named = "one page names" if pages == 1 else f"{pages} pages name"
    return (
        f"no sitemap or feed: each run sees what {named},"
        f" now {links} links; add further pages that list articles to [sources] sections"
    )


@dataclass(slots=True)
class NewSites:
    """The sites of a folder, and those that are added to it."""

    folder: Path
    names: set[str]  # of all files, those too that cannot be read
    known: KnownSites
    stored: Mapping[str, str] = field(default_factory=dict)  # the database's: name -> start
    _written: dict[str, tuple[Site, str]] = field(default_factory=dict)  # here, with its title

    @classmethod
    def of(cls, folder: Path, stored: Mapping[str, str] | None = None) -> "NewSites":
        """Raises UsageError if a file has a mistake: nobody could tell which site it is."""
        made = cls(folder, set(), KnownSites([]), stored or {})
        made.read_again()
        return made

    def read_again(self) -> None:
        """The sites of the folder as it is now. Raises UsageError if a file has a mistake."""
        sites, errors = load_all(self.folder)
        if errors:
            raise UsageError(f"{errors[0]}; mend it first, so that no site is added twice")
        self.names = {path.stem for path in self.folder.glob("*.toml")}
        self.known = KnownSites(sites)

    def why_taken(self, name: str, start: str) -> str:
        """Why a site that starts there cannot have this name; empty if it can."""
        if name in self.names:
            return f"there is a site {name!r} already, another one"
        if name in self._others_of(start):
            return (
                f"the database has articles of another site {name!r}, {self.stored[name]}"
                f" (to take them out: scrapy sites remove {name} --articles)"
            )
        return ""

    def _others_of(self, start: str) -> set[str]:
        """Names under which the database has sites of other hosts."""
        host = bare_host(netloc_of(start))
        return {name for name, url in self.stored.items() if bare_host(netloc_of(url)) != host}

    def write(self, wanted: Wanted, found: Probed) -> Site:
        """Writes the file of a new site, at once and whole.

        A private address is opened only if it is the one that somebody named.
        Raises UsageError if its name is taken or the file cannot be written.
        """
        name = wanted.name or site_name(found.start, self.names | self._others_of(found.start))
        read = {source.url for source in found.sources}
        given = [feed for feed in wanted.feeds if feed in read]
        sources = Sources(
            sitemaps=tuple(found.urls("sitemap")),
            feeds=tuple(dict.fromkeys((*given, *found.urls("feed")))),
            sections=tuple(found.urls("section")),
        )
        own = origin_of(found.start) == origin_of(wanted.address)  # a feed may name any other
        scope = Scope(hosts=default_hosts(found.start), private=wanted.private and own)
        path = self.folder / f"{name}.toml"
        site = Site(name=name, path=path, start=found.start, sources=sources, scope=scope)
        if KnownSites([site]).name_of(wanted.address) is None:
            site = replace(site, aliases=(wanted.address,))
        write_site_toml(self.folder, name, _text(site, wanted.title))
        self.names.add(name)
        self.known.add(site)
        self._written[name] = site, wanted.title
        return site

    def note_alias(self, name: str, address: str) -> bool:
        """Notes another address of a site in its file; False if it names it already, or is not
        for us to change.

        It is for us if this process wrote it, and it is as it was written.
        """
        if name not in self._written or self.known.name_of(address) == name:
            return False
        site, title = self._written[name]
        if site.path.read_text(encoding="utf-8") != _text(site, title):
            return False
        site = replace(site, aliases=(*site.aliases, address))
        with whole_file(str(site.path), "remove it") as file:
            file.write(_text(site, title).encode())
        self.known.add(site)
        self._written[name] = site, title
        return True


def _text(site: Site, title: str) -> str:
    sources = site.sources
    return site_toml(
        site.name, site.start, sitemaps=sources.sitemaps, feeds=sources.feeds,
        sections=sources.sections, aliases=site.aliases, title=title, private=site.scope.private,
    )  # fmt: skip
