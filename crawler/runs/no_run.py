"""Looks at a page without a run: for Scrapy's own commands, which record nothing."""

from pathlib import Path
from typing import Final

from models.crawl.run import Run
from models.sites.config import Scope, Site, default_hosts, load_all, load_site

NO_RUN: Final = "WINNOW_NO_RUN"  # a setting: the URL that is looked at, or ''; else None


def unrecorded_run(kind: str, sites_dir: Path, name: str, url: str) -> Run:
    """A run that no database knows, on the site of that name; without one, on the URL's."""
    site = load_site(sites_dir, name) if name else site_of_url(sites_dir, url)
    return Run(run_id=0, kind=kind, site=site, site_id=0, owner="")


def site_of_url(sites_dir: Path, url: str) -> Site:
    """The site whose scope owns the URL; a public site of its own if none does.

    Raises ValueError for what is no URL.
    """
    for site in load_all(sites_dir)[0]:
        if site.scope.owns(url):
            return site
    return Site("unknown", Path(), url, scope=Scope(hosts=default_hosts(url)))
