"""A page opened for `scrapy why`: with what finds selectors for its texts."""

from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from crawler.inspection.inspection import Inspection, PageReader
from models.archive.places import ArchivePlaces
from models.sites.config import load_all
from pipelines.extraction.tree import parse
from pipelines.inspection.selector_suggestions import SelectorFinder


class OpenedPage(NamedTuple):
    """A page, with what finds selectors for its texts if its archived copy can be read."""

    inspection: Inspection
    finder: SelectorFinder | None


def opened_page(
    conn: Connection, history: dict[str, Any], archive: ArchivePlaces, sites: Path
) -> OpenedPage:
    """The page of a history, as of `reports.why`."""
    known, _ = load_all(sites)
    reader = PageReader(archive, {site.name: site for site in known})
    inspection = reader.inspect(conn, history)
    return OpenedPage(inspection, _finder(conn, reader, inspection))


def _finder(conn: Connection, reader: PageReader, inspection: Inspection) -> SelectorFinder | None:
    if inspection.capture_id is None or all(one.element is None for one in inspection.fates):
        return None  # its copy cannot be read, as `fault` says
    copy = reader.copy(conn, inspection.capture_id)
    return SelectorFinder(parse(copy.body, copy.charset), inspection.fates)
