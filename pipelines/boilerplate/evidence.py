"""A site's occurrences as support: what its other pages show of the blocks of one page."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from models.blocks import Block
from models.evidence import SAMPLE, DomPathOccurrence, Evidence, Occurrence
from models.items import Extraction
from models.text import count_words
from pipelines.extraction.blocks import digest

_COPY: Final = 0.8  # share of a page's kept words that a copy of it shares
_COPY_TITLED: Final = 0.5  # the same if both show the headline


@dataclass(frozen=True, slots=True)
class Support:
    """What independent other pages of the site show of one block."""

    pages: int = 0  # that show its text
    loose_pages: int = 0  # that show it with other names, numbers or dates
    rate: float = 0.0  # share of the pages with its DOM path, else of all, that show it
    path_pages: int = 0  # that have its DOM path
    path_rate: float = -1.0  # share of the words there that those pages keep; -1: unknown
    path_most: int = 0  # the most words that one of those pages has there
    site_pages: int = 0  # independent pages in the sample
    seen_on: tuple[int, ...] = ()  # url_ids, for the record


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
        return [Support()] * len(extraction.blocks)
    fingerprint = fingerprint_of(extraction)
    excluded = _copies(extraction, evidence, url_id) | {url_id}

    def independent(occurrences: Iterable[Occurrence | DomPathOccurrence]) -> dict[int, int]:
        """One page for each fingerprint: its url_id."""
        found: dict[int, int] = {}
        for occurrence in occurrences:
            if occurrence.page not in excluded and occurrence.fingerprint != fingerprint:
                known = found.get(occurrence.fingerprint, occurrence.page)
                found[occurrence.fingerprint] = min(known, occurrence.page)
        return found

    shown = {key: independent(seen) for key, seen in evidence.blocks.items()}
    used = {key: independent(seen) for key, seen in evidence.dom_paths.items()}
    pages = max((len(seen) for seen in (*used.values(), *shown.values())), default=0)
    there = {key: _path_use(seen, used[key]) for key, seen in evidence.dom_paths.items()}
    span = _Span(evidence, url_id)
    rates = [_rate(block, shown, used, pages, span) for block in extraction.blocks]
    return [
        Support(
            pages=len(shown.get(block.key, ())),
            loose_pages=len(shown.get(block.loose_key, ())),
            rate=rates[i],
            path_pages=len(used.get(block.dom_path_key, ())),
            **there.get(block.dom_path_key, {}),
            site_pages=pages,
            seen_on=tuple(sorted(shown.get(block.key, {}).values())),
        )
        for i, block in enumerate(extraction.blocks)
    ]


def _copies(extraction: Extraction, evidence: Evidence, url_id: int) -> set[int]:
    """Pages that show most of what this page keeps: the same article under another URL."""
    shared: dict[int, int] = {}
    titled: set[int] = set()
    total = 0
    for key, (count, headline) in _kept(extraction.blocks).items():
        total += count
        for occurrence in evidence.blocks.get(key, ()):
            shared[occurrence.page] = shared.get(occurrence.page, 0) + count
            if headline:
                titled.add(occurrence.page)
    return {
        page
        for page, count in shared.items()
        if page != url_id and count >= total * (_COPY_TITLED if page in titled else _COPY)
    }


def _kept(blocks: Collection[Block]) -> dict[int, tuple[int, bool]]:
    kept: dict[int, tuple[int, bool]] = {}
    for block in blocks:
        if block.kept:
            headline = block.kind == "heading" and block.hint == "headline"
            kept.setdefault(block.key, (count_words(block.text), headline))
    return kept


class _Span:
    """How far down the pages' common order two samples can be compared.

    Both are drawn in one order. A full one tells nothing of pages past its last: without this,
    a text on every page of a site would seem rare under a path that only later pages have.
    """

    def __init__(self, evidence: Evidence, url_id: int) -> None:
        samples: dict[int, Sequence[Occurrence | DomPathOccurrence]] = {
            **evidence.blocks,
            **evidence.dom_paths,
        }
        self._order = {seen.page: seen.order for found in samples.values() for seen in found}
        self._ends = {
            key: max(seen.order for seen in sample if seen.page != url_id)
            for key, sample in samples.items()
            if len(sample) >= SAMPLE
        }

    def within(self, found: Mapping[int, int], *keys: int) -> Set[int]:
        """The fingerprints of pages that no full sample of these keys leaves out."""
        ends = [self._ends[key] for key in keys if key in self._ends] if self._ends else []
        if not ends:
            return found.keys()
        return {
            fingerprint for fingerprint, page in found.items() if self._order[page] <= min(ends)
        }


def _rate(
    block: Block,
    shown: Mapping[int, dict[int, int]],
    used: Mapping[int, dict[int, int]],
    pages: int,
    span: _Span,
) -> float:
    """The share of the pages with the block's DOM path, else of all, that show its text."""
    here = shown.get(block.key, {})
    keys = block.key, block.dom_path_key
    among = span.within(used.get(block.dom_path_key, {}), *keys)
    if among:
        return len(span.within(here, *keys) & among) / len(among)
    return min(len(here) / pages, 1.0) if pages else 0.0


def _path_use(occurrences: Iterable[DomPathOccurrence], used: Mapping[int, int]) -> dict[str, Any]:
    pages = set(used.values())
    there = [s for s in occurrences if s.page in pages and s.words > 0]
    if not there:
        return {}
    rate = sum(s.kept_words for s in there) / sum(s.words for s in there)
    return {"path_rate": rate, "path_most": max(s.words for s in there)}
