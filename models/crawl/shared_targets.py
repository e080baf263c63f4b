"""Pages that many of a site's URLs redirect to: a consent page, a login, the front of a section.

Whatever such a page is called, in whatever language: it is no article of any of them.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from models.addresses import other_pages
from models.crawl.url_rows import UrlLease

MANY: Final = 3  # pages that lead to one: none of them has moved there
MANY_TO_STORY: Final = 10  # the same, where the address is like an article's: a live blog's is
MOST: Final = 5_000  # targets that are remembered; a site that moved as a whole has one a page
_MOST_URLS: Final = 1_000  # of one target
# a number, or five words and more, as names of articles have
_STORY: Final = re.compile(r"\d{5,}|(?:[^\W_]+[-_]){4,}[^\W_]+")


class _Target(NamedTuple):
    name: str  # as reasons give it
    asked: dict[str, int | None]  # url_id by URL; None: it is an article's, or blocked already
    reached: set[str]  # its addresses


class Redirect(NamedTuple):
    """Where a URL led in a run before."""

    asked: str
    url: str
    url_id: int | None  # of what was asked; None: it is an article's, or blocked already


class Shared(NamedTuple):
    """A page that many others of a site redirect to."""

    urls: Sequence[str]  # its addresses, each with its own way back
    pages: int  # that lead there
    early: Sequence[int]  # url_ids that led there before that was known, but for articles'
    reason: str  # why they are blocked


class SharedTargets:
    """Where the URLs of a run were redirected to."""

    def __init__(self) -> None:
        self._targets: OrderedDict[str, _Target] = OrderedDict()
        self.knows_before = False  # where URLs led in the runs before

    def know_before(self, led: Iterable[Redirect]) -> None:
        """Notes where the URLs of the last runs led: few a run may lead to one consent page."""
        self.knows_before = True
        for one in led:
            self._note(one.asked, one.url, one.url_id)

    def add(self, asked: UrlLease, url: str) -> str | None:
        """Notes a redirect; why the asked URL is blocked if other pages led to `url` before."""
        found = self._note(asked.url, url, None if asked.article else asked.url_id)
        others = other_pages(asked.url, found.asked)
        if others + 1 < _enough(found.name):
            return None
        found.asked[asked.url] = None
        return _reason(found, others)

    def _note(self, asked: str, url: str, url_id: int | None) -> _Target:
        bare = without_way_back(url, asked)
        found = self._targets.setdefault(bare, _Target(bare, {}, set()))
        self._targets.move_to_end(bare)
        if len(self._targets) > MOST:
            self._targets.popitem(last=False)
        if len(found.asked) < _MOST_URLS:
            found.asked[asked] = url_id
            found.reached.add(url)
        return found

    def found(self) -> Iterator[Shared]:
        """The targets that many pages led to."""
        for target in self._targets.values():
            others = other_pages(next(iter(target.asked)), target.asked)
            if others + 1 >= _enough(target.name):
                early = [url_id for url_id in target.asked.values() if url_id is not None]
                yield Shared(sorted(target.reached), others + 1, early, _reason(target, others))


def without_way_back(url: str, asked: str) -> str:
    """The URL without what its query says of the page that was asked for: `?next=/news/1`."""
    parts = urlsplit(url)
    path = unquote(urlsplit(asked).path).rstrip("/")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not path or path not in unquote(value)]
    if kept == pairs:
        return parts._replace(fragment="").geturl()
    return parts._replace(query=urlencode(kept), fragment="").geturl()


def _enough(url: str) -> int:
    segments = [part for part in unquote(urlsplit(url).path).split("/") if part]
    return MANY_TO_STORY if segments and _STORY.search(segments[-1]) else MANY


def _reason(target: _Target, others: int) -> str:
    return f"redirects to {target.name}, as {others} other pages do"
