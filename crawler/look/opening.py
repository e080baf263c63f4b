"""Where `scrapy look` opens: the page of a site or of a URL, in the machine's browser."""

import threading
import webbrowser
from urllib.parse import quote

from sqlalchemy import Connection

from crawler.reports import why
from models.articles import rows
from models.crawl import frontier
from models.db.database import Database
from models.errors import UnknownSite, UsageError
from models.sites import registry
from models.text import nearest


def path_of(database: Database, word: str) -> str:
    """The path of the page of a site, of a URL in any spelling, or of an article by its number.

    Raises UsageError for what is no URL or is not known, UnknownSite for a site.
    """
    with database.reading() as conn:
        if word.isdecimal() and registry.number_of(conn, word) is None:
            if why.of_article(conn, int(word)) is None:
                raise UsageError(f"no article has the number {word}")
            return f"/article/{word}"
        if "/" not in word and ":" not in word:
            return site_path(_known_site(conn, word))
        url_id = url_id_of(conn, word)
    if url_id is None:
        raise UsageError(f"no run has seen the URL {word}; scrapy why {word} says more")
    return f"/page/{url_id}"


def site_path(name: str) -> str:
    """The path of the page of a site."""
    return f"/site/{quote(name, safe='')}"


def url_id_of(conn: Connection, url: str) -> int | None:
    """The number of a URL in any spelling, or of the page that was found at it or claims it.

    Raises UsageError for what is no URL.
    """
    try:
        row = frontier.find(conn, url)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from wrong
    return rows.named(conn, url) if row is None else int(row.url_id)


def open_browser(address: str) -> None:
    """Opens the address, without waiting for the browser.

    Where there is none, or only one that would take the terminal, the printed address has to do.
    """
    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return
    if type(found) is webbrowser.GenericBrowser:  # of a terminal; its subclasses have windows
        return
    threading.Thread(target=found.open, args=(address,), daemon=True).start()


def _known_site(conn: Connection, name: str) -> str:
    if registry.number_of(conn, name) is not None:
        return name
    names = sorted(registry.names(conn).values())
    near = nearest(name.lower(), names)
    hint = f"did you mean {near!r}?" if near else "scrapy look without a name lists all"
    raise UnknownSite(f"no run of a site {name!r} yet; {hint}")
