"""A new site's name, and its TOML as `sites add` writes it: what was found, and every option."""

import json
import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from models.errors import UsageError
from models.sites.config import NAME, default_hosts
from models.text import one_line
from models.urls import bare_host, host_of, netloc_of, request_url, site_of


class NameTaken(UsageError):
    """A site's file of that name is there already."""


_FILE: Final = """\
# {name}: {start}{title}
# Only `start` is needed. A line that begins with # is not in force.
# After an edit: winnow sites check {name}

start = {start_text}
{aliases}
[sources]
# Where the site names its pages. With none of these, robots.txt, the well-known places and
# <link rel="alternate"> are probed at every run.
{sitemaps}
{feeds}
{sections}

[scope]
# Hosts of the site's pages; left out: the start's host, with and without www.
# hosts = {hosts}
# Regular expressions on path and query, e.g. "^/\\\\d{{4}}/"; left out: all pages.
# include = []
# exclude = ["/tag/", "/author/"]
# Pages that a source says are older than this are left alone, e.g. "30d"; left out: none are.
# max_age = "30d"
# true: this start's own host and port may be a private or loopback address, and no other.
{private}

[fetch]
# Seconds between two requests; a larger crawl-delay in robots.txt holds.
# delay = 1.0
# Requests at once.
# concurrency = 1
# A page with a larger body is left.
# max_bytes = "10MB"
# true: pages are shown in Chromium first, for sites whose text comes by JavaScript; many times
# slower, and needs the extra winnow[browser].
# browser = false
# true: each host is sent the cookies that it set in the same run.
# cookies = false
# On several machines: the site is visited by workers with this label (winnow worker --label).
# label = "de"

[schedule]
# How often `winnow visit` looks at the sources, e.g. "1h"; left out: learned from the site.
# every = "1h"

[extraction]
# CSS selectors, only where the learned way fails: what holds the article, what is always kept
# in it, what is always removed from it.
# body = ["article .content"]
# keep = []
# remove = [".partner-box"]
# always = "trafilatura"   # read no page off a learned template

[rights]
# What the publisher reserves and is obeyed; left out: WINNOW_OBEY_RIGHTS.
# obey = ["noarchive", "tdm"]
"""


def site_name(start: str, taken: Collection[str]) -> str:
    """A name for a site, from its host, that is not `taken`: 'example', else 'news-example-com'.

    Raises ValueError where `start` is no web address.
    """
    host = bare_host(host_of(start))
    label = site_of(start).partition(".")[0] if "." in site_of(start) else host
    word = label if not host.replace(".", "").isdigit() and ":" not in host else netloc_of(start)
    names = [_safe(name) for name in (word, host, netloc_of(start))]
    numbered = (f"{names[-1][:90]}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (*names, *numbered) if name not in taken)


def site_toml(
    name: str,
    start: str,
    *,
    sitemaps: Sequence[str] = (),
    feeds: Sequence[str] = (),
    sections: Sequence[str] = (),
    aliases: Sequence[str] = (),
    title: str = "",
    private: bool = False,
) -> str:
    """The text of `NAME.toml`, with every option explained. Raises UsageError for a bad name."""
    if not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no site name; write lower-case letters, digits, - and _")
    start = request_url(start)
    other = "# Other addresses of the site: `sites add` and `sites import` know it by them.\n"
    return _FILE.format(
        name=name,
        start=start,
        start_text=_toml(start),
        title=f"\n# {one_line(title)}" if title else "",
        aliases=f"{other}{_line('aliases', aliases, '')}\n" if aliases else "",
        sitemaps=_line("sitemaps", sitemaps, "https://example.com/news-sitemap.xml"),
        feeds=_line("feeds", feeds, "https://example.com/rss"),
        sections=_line("sections", sections, "https://example.com/politics/"),
        hosts=_toml(sorted(default_hosts(start))),
        private="private = true" if private else "# private = false",
    )


def write_site_toml(sites_dir: Path, name: str, text: str) -> Path:
    """Writes `NAME.toml`, which appears when it is whole; returns its path.

    Raises NameTaken if it is there already, UsageError if it cannot be written: nothing is written
    over.
    """
    path = sites_dir / f"{name}.toml"
    part = sites_dir / f".{name}.{os.getpid()}.part"
    try:
        sites_dir.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        try:
            os.link(part, path)  # unlike a rename, it fails if the file is there
        except FileExistsError as there:
            raise NameTaken(f"{path} is there already; give another --name, or edit it") from there
        finally:
            part.unlink()
    except OSError as fault:
        raise UsageError(f"{path} cannot be written: {fault.strerror}") from fault
    return path


def _line(key: str, urls: Sequence[str], example: str) -> str:
    if not urls:
        return f"# {key} = {_toml([example])}"
    return f"{key} = [\n" + "".join(f"    {_toml(request_url(url))},\n" for url in urls) + "]"


def _toml(value: str | Sequence[str]) -> str:
    # JSON's strings and lists of strings are TOML's too, for the ASCII that URLs are
    return json.dumps(value)


def _safe(word: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", word.lower()).strip("-_")[:100] or "site"
