"""On which archived pages of a site a selector finds something."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from lxml.html import HtmlElement
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
    matches = dict.fromkeys(selectors, 0)
    pages = 0
    for _, tree in _trees(conn, site_id, archive, most):
        pages += 1
        for selector in selectors:
            matches[selector] += bool(select(tree, selector))
    return SelectorCounts(pages, matches)


def matching_captures(
    conn: Connection, site_id: int, archive: Path, selector: str, most: int = PAGES
) -> tuple[list[int], int]:
    """The copies, of a site's newest articles, in which a selector finds something; and of how
    many.

    Raises ExtractionFailed for what is no selector.
    """
    found: list[int] = []
    pages = 0
    for capture_id, tree in _trees(conn, site_id, archive, most):
        pages += 1
        if select(tree, selector):
            found.append(capture_id)
    return found, pages


def _trees(
    conn: Connection, site_id: int, archive: Path, most: int
) -> Iterator[tuple[int, HtmlElement]]:
    """The newest articles' copies as trees; those that are gone or damaged are left out."""
    wanted = rows.newest_captures(conn, site_id, most)
    refs = captures.refs(conn, wanted)
    for capture_id in wanted:
        try:
            copy = load(refs[capture_id], archive)
            tree = parse(copy.body, copy.charset)
        except (ArchiveError, ExtractionFailed):  # the page's own inspector says so
            continue
        yield capture_id, tree
