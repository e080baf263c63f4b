"""What a site's memory knows of a page's texts and DOM paths, and what it learns from the page.

Occurrences are named tuples, because some thousand are made for each page.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from models.templates import Lesson

# Pages of a sample. Past 16 fingerprints no classification changes, and 16 rows bound the cost of a
# text on every page of a million; below that the sample is whole and the count exact.
SAMPLE: Final = 16


class Occurrence(NamedTuple):
    """One page that shows a text, or uses a DOM path: then with its words there.

    Pages with the same fingerprint are copies of one article.
    """

    page: int  # url_id
    fingerprint: int  # 63-bit hash of the page's own article text
    order: int = 0  # the page's hash: samples hold the smallest
    kept_words: int | None = None  # of a DOM path: those that the page keeps there by itself
    words: int | None = None  # of a DOM path: all words there


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a site's memory holds about the blocks and DOM paths of one page.

    Each tuple is a sample of other pages (the `SAMPLE - 1` smallest by page hash): complete for
    a rare text or DOM path, and always bounded. What no other page shows may be left out. The
    page itself does not count, even if a sample names it.
    """

    blocks: Mapping[int, tuple[Occurrence, ...]] = field(default_factory=dict)  # by (loose) key
    dom_paths: Mapping[int, tuple[Occurrence, ...]] = field(default_factory=dict)
    revoked: frozenset[int] = frozenset()  # block keys that a person revoked


class PageKeys(NamedTuple):
    """The keys of what one page shows: enough to look up the evidence for it."""

    page: int  # url_id
    blocks: Set[int]  # keys and loose keys
    dom_paths: Set[int]


# ---------------------------------------------------------------- what the site memory learns


@dataclass(frozen=True, slots=True)
class DomPathUse:
    """How one page used a DOM path: the words that it keeps there by itself, and all words."""

    path: str
    kept_words: int
    words: int


class Shown(NamedTuple):
    """What the memory holds of a page: the keys that it showed, and when they were noted."""

    keys: tuple[int, ...] = ()
    seen_at: datetime | None = None  # to the day; None: it never taught


@dataclass(frozen=True, slots=True)
class Observation:
    """What one page adds to its site's memory; it depends on the page alone, never on the memory.

    The exceptions are what was known when the page was classified: `classified_on` shows the memory
    whether that was less evidence than there is when the page is stored; `former` is what the
    memory held of the page.
    """

    page: int  # url_id
    page_hash: int  # 63 bits of the URL's key: the order in which samples are drawn
    fingerprint: int  # 63-bit hash of the page's own article text
    template_key: int
    fetched_at: datetime  # aware, UTC
    blocks: Mapping[int, str] = field(repr=False)  # key or loose key -> first 200 characters
    dom_paths: Mapping[int, DomPathUse] = field(repr=False)  # by dom_path_key
    classified_on: Mapping[int, int] = field(default_factory=dict, repr=False)  # key -> other pages
    former: Shown | None = field(default=None, repr=False)  # None: not asked
    lesson: Lesson | None = field(default=None, repr=False)  # of its template; None: none

    @property
    def digest(self) -> str:
        """32 hex digits: the same for the same entries, paths and uses, whatever the texts."""
        uses = sorted((key, use.kept_words, use.words) for key, use in self.dom_paths.items())
        shown = (self.fingerprint, self.template_key, sorted(self.blocks), uses)
        return blake2b(repr(shown).encode(), digest_size=16).hexdigest()
