"""A site's occurrences as support: what its other pages show of the blocks of one page."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, NamedTuple

from models.blocks import Block
from models.evidence import SAMPLE, Evidence, Occurrence
from models.items import Extraction
from models.text import count_words
from pipelines.extraction.blocks import digest

_COPY: Final = 0.8  # share of a page's kept words that a copy of it shares
_COPY_TITLED: Final = 0.5  # the same if both show the headline


class Support(NamedTuple):
    """What independent other pages of the site show of one block."""

    pages: int = 0  # that show its text
    loose_pages: int = 0  # that show it with other names, numbers or dates
    rate: float = 0.0  # share of the pages with its DOM path, else of all, that show it
    path_pages: int = 0  # that have its DOM path
    path_rate: float = -1.0  # share of the words there that those pages keep; -1: unknown
    path_most: int = 0  # the most words that one of those pages has there
    site_pages: int = 0  # independent pages in the sample
    seen_on: tuple[int, ...] = ()  # url_ids, for the record
    loose_rate: float = 0.0  # as `rate`, of those with other names, numbers or dates
    site_rate: float = 0.0  # share of all the site's pages, of any template, that show either


_NONE: Final = Support()
_Pages = Mapping[int, Occurrence]  # one independent page for each fingerprint


@dataclass(frozen=True, slots=True)
class PageOccurrences:
    """What a page shows its site's memory: it depends on the page alone."""

    blocks: frozenset[int]  # keys and loose keys
    dom_paths: dict[int, tuple[int, int]]  # by dom_path_key: words kept there, all words
    fingerprint: int  # pages with the same are copies of one article


def occurrences_of(extraction: Extraction) -> PageOccurrences:
    """What the page shows, by its own classification."""
    paths: dict[int, tuple[int, int]] = {}
    keys: set[int] = set()
    for block in extraction.blocks:
        keys.update((block.key, block.loose_key))
        count = count_words(block.text)
        kept, total = paths.get(block.dom_path_key, (0, 0))
        paths[block.dom_path_key] = (kept + count * block.kept, total + count)
    return PageOccurrences(frozenset(keys - {0}), paths, fingerprint_of(extraction))


def fingerprint_of(extraction: Extraction) -> int:
    """A hash of the article text, in any order of blocks; of all text if none is kept."""
    kept = sorted({block.key for block in extraction.blocks if block.kept})
    return digest(" ".join(map(str, kept or sorted({block.key for block in extraction.blocks}))))


def supports(extraction: Extraction, evidence: Evidence, url_id: int) -> list[Support]:
    """For each block what independent pages show: without the page itself and its copies."""
    if not evidence.blocks and not evidence.dom_paths:
        return [_NONE] * len(extraction.blocks)
    own = fingerprint_of(extraction)
    excluded = _copies(extraction.blocks, evidence, url_id) | {url_id}
    shown = _independent(evidence.blocks, excluded, own)
    used = _independent(evidence.dom_paths, excluded, own)
    pages = max((len(seen) for seen in (*used.values(), *shown.values())), default=0)
    # for each DOM path what blocks of it share, which is all there is if no page shows their text
    alone = {key: _path_support(found, pages) for key, found in used.items()}
    no_path = Support(site_pages=pages)
    rates = _Rates(evidence, url_id, shown, used, pages)
    found = []
    for block in extraction.blocks:
        support = alone.get(block.dom_path_key, no_path)
        here, loose = shown.get(block.key), shown.get(block.loose_key)
        if here or loose:
            support = _with_text(support, here or {}, loose or {}, rates, block)
        found.append(support)
    return found


def _independent(
    samples: Mapping[int, Sequence[Occurrence]], excluded: Set[int], own: int
) -> dict[int, _Pages]:
    """For each key with any: of each fingerprint but the page's own, the page with the least id."""
    found: dict[int, _Pages] = {}
    for key, sample in samples.items():
        pages: dict[int, Occurrence] = {}
        for one in sample:
            if one.page not in excluded and one.fingerprint != own:
                known = pages.setdefault(one.fingerprint, one)
                if one.page < known.page:
                    pages[one.fingerprint] = one
        if pages:
            found[key] = pages
    return found


def _copies(blocks: Collection[Block], evidence: Evidence, url_id: int) -> Set[int]:
    """Pages that show most of what this page keeps: the same article under another URL.

    Most pages have none, which a few of their texts tell: the others' words are not counted.
    """
    kept: dict[int, Block] = {}
    for block in blocks:
        if block.kept:
            kept.setdefault(block.key, block)
    total = 0
    shared: dict[int, int] = {}
    share: dict[int, float] = {}  # of the words, that makes the page a copy
    for key, block in kept.items():
        occurrences = evidence.blocks.get(key)
        if not occurrences:
            continue
        count = count_words(block.text)
        total += count
        headline = block.kind == "heading" and block.hint == "headline"
        for occurrence in occurrences:
            shared[occurrence.page] = shared.get(occurrence.page, 0) + count
            if headline:
                share[occurrence.page] = _COPY_TITLED
    shared.pop(url_id, None)
    rest = [block.text for key, block in kept.items() if not evidence.blocks.get(key)]
    rest.sort(key=len)
    while True:
        shared = {
            page: count for page, count in shared.items() if count >= total * share.get(page, _COPY)
        }
        if not shared or not rest:
            return shared.keys()
        total += count_words(rest.pop())


class _Rates:
    """The shares of pages that show a text: of those with its DOM path, and of the site's.

    The samples that are compared are drawn in one order. A full one tells nothing of pages past its
    last: if they were counted, a text on every page of a site would seem rare under a path that
    only later pages have.
    """

    def __init__(
        self,
        evidence: Evidence,
        url_id: int,
        shown: Mapping[int, _Pages],
        used: Mapping[int, _Pages],
        pages: int,
    ) -> None:
        self._used, self._pages = used, pages
        self._within: dict[tuple[int, int | None], Mapping[int, int]] = {}
        self._ends: dict[int, int] = {}  # order of the last page of each full sample
        for key, sample in (*evidence.blocks.items(), *evidence.dom_paths.items()):
            if len(sample) >= SAMPLE - 1:
                orders = [one.order for one in sample if one.page != url_id]
                if len(orders) >= SAMPLE - 1:
                    self._ends[key] = max(orders)
        # What most of the site's pages have in common ends first; up to there all are known.
        self._end = min(self._ends.values(), default=None)
        site: dict[int, int] = {}
        for found in (*shown.values(), *used.values()):
            for fingerprint, seen in found.items():
                if self._end is None or seen.order <= self._end:
                    known = site.setdefault(fingerprint, seen.page)
                    if seen.page < known:
                        site[fingerprint] = seen.page
        self._site = len({*site.values()})

    def of(self, key: int, path: int, here: _Pages) -> float:
        """The share, of the pages with a DOM path, that show a text: these pages show it."""
        if not here:
            return 0.0
        ends = [self._ends[one] for one in (key, path) if one in self._ends]
        end = min(ends) if ends else None
        among = self._within.get((path, end))
        if among is None:  # blocks of one path mostly end alike
            among = self._within[path, end] = _up_to(end, self._used.get(path, {}))
        if among:
            these = _up_to(end, here)
            pages = {*these.values()}  # one that came anew has two fingerprints meanwhile
            both = sum(one in these or page in pages for one, page in among.items())
            return both / len(among)
        return min(len(here) / self._pages, 1.0)

    def of_site(self, here: _Pages) -> float:
        """The share of the site's pages that are these; of those that its samples name."""
        return len({*_up_to(self._end, here).values()}) / self._site if self._site else 0.0


def _up_to(end: int | None, found: _Pages) -> dict[int, int]:
    """The pages that no full sample leaves out: their url_ids, by fingerprint."""
    return {one: seen.page for one, seen in found.items() if end is None or seen.order <= end}


def _with_text(path: Support, here: _Pages, loose: _Pages, rates: _Rates, block: Block) -> Support:
    """What is known of a DOM path, with what is known of a text there."""
    return path._replace(
        pages=len(here),
        loose_pages=len(loose),
        rate=rates.of(block.key, block.dom_path_key, here),
        loose_rate=rates.of(block.loose_key, block.dom_path_key, loose),
        site_rate=max(rates.of_site(here), rates.of_site(loose)),
        seen_on=tuple(sorted([page.page for page in here.values()])),
    )


def _path_support(used: _Pages, pages: int) -> Support:
    """What is known of a DOM path."""
    there = [(page.kept_words or 0, page.words) for page in used.values() if page.words]
    if not there:
        return Support(path_pages=len(used), site_pages=pages)
    rate = sum(kept for kept, _ in there) / sum(words for _, words in there)
    most = max(words for _, words in there)
    return Support(path_pages=len(used), path_rate=rate, path_most=most, site_pages=pages)
