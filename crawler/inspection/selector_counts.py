"""On how many archived pages of a site a selector finds something."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.archive import captures
from models.archive.reader import load
from models.articles import rows
from models.errors import ArchiveError, ExtractionFailed
from pipelines.extraction.selectors import select
from pipelines.extraction.tree import parse

PAGES: Final = 100  # pages that are looked at: the newest articles


class SelectorCounts(NamedTuple):
    """How many of the pages each selector matches."""

    pages: int  # that could be read
    matches: Mapping[str, int]  # by selector


def selector_counts(
    conn: Connection, site_id: int, archive: Path, selectors: Sequence[str], most: int = PAGES
) -> SelectorCounts:
    """Counts over the archived copies of a site's newest articles.

    Copies that are gone or damaged are left out. Raises ExtractionFailed for what is no selector.
    """
    wanted = rows.newest_captures(conn, site_id, most)
    refs = captures.refs(conn, wanted)
    matches = dict.fromkeys(selectors, 0)
    pages = 0
    for capture_id in wanted:
        try:
            copy = load(refs[capture_id], archive)
            tree = parse(copy.body, copy.charset)
        except (ArchiveError, ExtractionFailed):  # its own inspector says so
            continue
        pages += 1
        for selector in selectors:
            matches[selector] += bool(select(tree, selector))
    return SelectorCounts(pages, matches)
