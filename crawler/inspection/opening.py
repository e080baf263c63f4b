"""A page by the name that a person gives: opened for `scrapy why`, with selectors for its texts."""

from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from crawler.inspection.inspection import Inspection, PageReader
from crawler.reports import why
from models.sites.config import load_all
from pipelines.extraction.tree import parse
from pipelines.inspection.selector_suggestions import SelectorFinder


class OpenedPage(NamedTuple):
    """A page, with what finds selectors for its texts if its archived copy can be read."""

    history: dict[str, Any]
    inspection: Inspection
    finder: SelectorFinder | None


def history_of(conn: Connection, name: str) -> dict[str, Any] | None:
    """The history of a page by its URL in any spelling, or its article's number; None: unknown.

    Raises ValueError for what is neither.
    """
    return why.of_article(conn, int(name)) if name.isdecimal() else why.known(conn, name)


def opened_page(conn: Connection, name: str, archive: Path, sites: Path) -> OpenedPage | None:
    """The page that `name` names; None if the database does not know it."""
    history = history_of(conn, name)
    if history is None:
        return None
    known, _ = load_all(sites)
    reader = PageReader(archive, {site.name: site for site in known})
    inspection = reader.inspect(conn, history)
    return OpenedPage(history, inspection, _finder(conn, reader, inspection))


def _finder(conn: Connection, reader: PageReader, inspection: Inspection) -> SelectorFinder | None:
    if inspection.capture_id is None or all(one.element is None for one in inspection.fates):
        return None  # its copy cannot be read, as `fault` says
    copy = reader.copy(conn, inspection.capture_id)
    return SelectorFinder(parse(copy.body, copy.charset), inspection.fates)
