"""On which archived pages of a site a selector finds something."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement
from sqlalchemy import Connection

from models.archive import captures
from models.archive.places import ArchivePlaces
from models.archive.reader import load
from models.articles import rows
from models.errors import ArchiveError, ExtractionFailed, StoreFault
from pipelines.extraction.selectors import select
from pipelines.extraction.tree import parse

PAGES: Final = 100  # pages that are looked at: the newest articles
_KEPT: Final = 500  # selectors of which it is remembered what they found


class SelectorMatches(NamedTuple):
    """The archived copies in which each selector finds something."""

    pages: int  # copies that could be read
    copies: Mapping[str, Sequence[int]]  # capture_ids, by selector


class SelectorMatcher:
    """Looks at the archived copies of sites' newest articles, at each once for a selector.

    Thread-safe.
    """

    def __init__(self, archive: ArchivePlaces, most: int | None = None) -> None:
        self.most = PAGES if most is None else most  # articles of a site
        self._archive, self._lock = archive, threading.Lock()
        self._known: dict[tuple[int, str], tuple[list[int], int, Sequence[int]]] = {}

    def matches(self, conn: Connection, site_id: int, selectors: Sequence[str]) -> SelectorMatches:
        """What each selector finds. Copies that are gone or damaged are left out.

        What was found before counts as long as the newest articles have the same copies. Raises
        ExtractionFailed for what is no selector, StoreFault if object storage gives no copies.
        """
        newest = rows.newest_captures(conn, site_id, self.most)
        known = {one: self._known.get((site_id, one)) for one in selectors}
        wanted = [one for one, found in known.items() if found is None or found[0] != newest]
        if wanted:
            copies: dict[str, list[int]] = {selector: [] for selector in wanted}
            pages = 0
            for capture_id, tree in self._trees(conn, newest):
                pages += 1
                for selector in wanted:
                    if select(tree, selector):
                        copies[selector].append(capture_id)
            fresh = {selector: (newest, pages, copies[selector]) for selector in wanted}
            known |= fresh
            with self._lock:
                self._known |= {(site_id, selector): one for selector, one in fresh.items()}
                while len(self._known) > _KEPT:
                    self._known.pop(next(iter(self._known)))
        found = {selector: one for selector, one in known.items() if one is not None}
        pages = max((one[1] for one in found.values()), default=0)
        return SelectorMatches(pages, {selector: one[2] for selector, one in found.items()})

    def _trees(
        self, conn: Connection, capture_ids: Sequence[int]
    ) -> Iterator[tuple[int, HtmlElement]]:
        refs = captures.refs(conn, capture_ids)
        for capture_id in capture_ids:
            try:
                copy = load(refs[capture_id], self._archive)
                tree = parse(copy.body, copy.charset)
            except StoreFault:
                raise  # it would meet all the others too
            except (ArchiveError, ExtractionFailed):  # the page's own inspector says so
                continue
            yield capture_id, tree
