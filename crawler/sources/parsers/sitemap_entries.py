"""The entries of a sitemap's markup, however its tags are nested, spelled or left open. Pure."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from crawler.sources.parsers.links import SourceBroken
from crawler.sources.parsers.tags import tokens

ROOTS: Final = frozenset({"urlset", "sitemapindex"})
_ENTRIES: Final = {"url": "page", "sitemap": "sitemap"}
_FEEDS: Final = frozenset({"rss", "feed", "rdf"})
_DEEPEST: Final = 100  # open tags
_FURTHEST: Final = 256 * 1024  # characters before the first tag of a sitemap
_LONGEST_VALUE: Final = 10_000  # characters
_CONTROLS: Final = {n: None for n in range(32) if n not in (9, 10, 13)}


class Entry(NamedTuple):
    """One page or one further sitemap, as it is listed."""

    kind: str  # 'page' | 'sitemap'
    values: Mapping[str, str]  # by the path of tags inside the entry: 'loc', 'news.title'


class Entries:
    """Reads one document; builds no tree and keeps one entry at a time."""

    def __init__(self) -> None:
        self.named = 0  # entries and locations so far, whether or not they could be used
        self._first = ""  # the first tag of all
        self._path: list[str] = []  # local names of open tags, from the root on
        self._entry = -1  # the open entry's place in it
        self._prefix = ""  # of the open entry
        self._values: dict[str, str] = {}
        self._text: list[str] = []
        self._size = 0
        self._done: list[Entry] = []

    def read(self, pieces: Iterator[str]) -> Iterator[Entry]:
        """The entries as they come. Raises SourceBroken for no sitemap, and for a cut one."""
        before = 0
        for kind, value in tokens(pieces):
            if kind == "text":
                self._add_text(value)
            elif kind == "open":
                self._open(value)
            else:
                self._close(value)
            if self._done:
                yield from self._done
                self._done.clear()
            if not self._started:
                before += len(value)
                if before > _FURTHEST:
                    break
        if not self._started:
            raise SourceBroken(_not_a_sitemap(self._first))
        if self._path:
            raise SourceBroken(f"broken XML: it ends inside <{self._path[-1][:40]}>")

    @property
    def _started(self) -> bool:
        return bool(self._path) or self.named > 0 or self._first in ROOTS

    def _add_text(self, text: str) -> None:
        if self._path and self._size < _LONGEST_VALUE:
            self._text.append(text)
            self._size += len(text)

    def _open(self, tag: str) -> None:
        prefix, name = _split(tag)
        self._take_text()
        if not self._path and name not in ROOTS and name not in _ENTRIES:
            self._first = self._first or name
            if self._first in _FEEDS:
                raise SourceBroken("a feed, not a sitemap")
            return
        begins = name in _ENTRIES and (self._entry < 0 or prefix == self._prefix)
        if begins or name in ROOTS:
            self._end_entry()  # it was left open
        if name in ROOTS:
            self._first = name
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise SourceBroken(f"broken XML: more than {_DEEPEST} tags inside each other")
        if begins:
            self._entry, self._prefix = len(self._path) - 1, prefix
            self.named += 1

    def _close(self, tag: str) -> None:
        _, name = _split(tag)
        self._take_text()
        if name not in self._path:
            return
        at = len(self._path) - 1 - self._path[::-1].index(name)
        if at <= self._entry:
            self._end_entry()
        del self._path[at:]

    def _take_text(self) -> None:
        """The text so far is the value of the innermost open tag."""
        if not self._text:
            return
        text = "".join(self._text).translate(_CONTROLS).strip()
        self._text.clear()
        self._size = 0
        if not text:
            return
        if self._entry >= 0:
            self._values.setdefault(".".join(self._path[self._entry + 1 :]), text)
        elif self._path[-1:] == ["loc"]:  # listed without a tag around it, or by another's name
            self.named += 1
            kind = "sitemap" if "sitemapindex" in self._path else "page"
            self._done.append(Entry(kind, {"loc": text}))

    def _end_entry(self) -> None:
        if self._entry >= 0:
            self._done.append(Entry(_ENTRIES[self._path[self._entry]], self._values))
            del self._path[self._entry :]
        self._entry, self._values = -1, {}


@lru_cache(maxsize=256)
def _split(tag: str) -> tuple[str, str]:
    prefix, _, name = tag.rpartition(":")
    return prefix, name.lower()


def _not_a_sitemap(first: str) -> str:
    if first == "html":
        return "an HTML page, not a sitemap"
    return f"not a sitemap: its first tag is <{first[:40]}>" if first else "not a sitemap"
