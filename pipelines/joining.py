"""The pages of one story, read one by one and joined to one article. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from models.blocks import Block, RemovedRun
from models.folding import folded
from models.items import Extraction, Metadata, StoryPages
from models.text import count_words, words
from pipelines.metadata.rights import strictest

_MOST_AGAIN: Final = 0.5  # of the first page's text; a page of comments or pictures has it all
_WHOLE: Final = 0.9  # share of the first page's text that a view of the whole story has
_NUMBER: Final = re.compile(r"\d+")
_EDGE: Final = 3  # kept blocks at either end of a page, where it leads on to others
_FEW: Final = 3  # words before a link to another page: "Continue reading:"
_LINE: Final = 8  # words of a line such as "Page 1 of 3"
_EXCERPT: Final = 200  # characters of a removed text that readers see
_DATED: Final = frozenset({"jsonld", "meta", "time"})  # sources of a date that a page declares


def is_page_of(first: Extraction, page: Extraction) -> bool:
    """Whether a page goes on with the story of the first: its title, its day, another text.

    A listing, the next article and a page of comments do not.
    """
    if page.interstitial is not None or not _same_headline(first, page):
        return False
    if not _same_day(first, page):
        return False
    had = {block.text for block in first.blocks}
    kept = [block.text for block in page.blocks if block.kept]
    again = sum(count_words(text) for text in kept if text in had)
    return any(text not in had for text in kept) and again <= _MOST_AGAIN * _kept_words(first)


def is_whole(first: Extraction, view: Extraction) -> bool:
    """Whether a view of the story has the first page's text, and more."""
    if view.interstitial is not None or _kept_words(view) <= _kept_words(first):
        return False
    shown = {block.text for block in view.blocks if block.kept}
    texts = [block.text for block in first.blocks if block.kept]
    same = sum(count_words(text) for text in texts if text in shown)
    return same >= _WHOLE * _kept_words(first)


def joined(first: Extraction, pages: Sequence[Extraction], *, partial: bool) -> Extraction:
    """The first page with the text of those that follow it; `partial`: some are missing.

    What stands around the text on each page, such as its title and byline, stays once.
    """
    metadata = strictest(first.metadata, (page.metadata for page in pages))
    first, *pages = _without_guides([first, *pages])
    blocks, removed = list(first.blocks), list(first.removed)
    had, keys = {block.text for block in blocks}, {block.key for block in blocks}
    runs = {run.text for run in removed}
    for page in pages:
        end = 1 + max([0, *(b.position for b in blocks), *(r.position + r.blocks for r in removed)])
        fresh = list(_fresh(page.blocks, had, keys))
        blocks += [replace(block, position=block.position + end) for block in fresh]
        removed += [
            run._replace(position=run.position + end)
            for run in page.removed
            if run.text not in runs
        ]
        had |= {block.text for block in fresh}
        keys |= {block.key for block in fresh if not block.kept}
        runs |= {run.text for run in page.removed}
    return _with(metadata, replace(first, blocks=tuple(blocks), removed=tuple(removed)), partial)


def shown_whole(first: Extraction, view: Extraction) -> Extraction:
    """The first page with the text of a view of the whole story."""
    whole = replace(
        first, blocks=view.blocks, removed=view.removed, template_key=view.template_key,
        agreement=view.agreement,
    )  # fmt: skip
    return _with(strictest(first.metadata, [view.metadata]), whole, partial=False)


def _without_guides(pages: Sequence[Extraction]) -> Iterator[Extraction]:
    """The pages without lines that lead from one to the next, such as "Page 1 of 3"."""
    for number, page in enumerate(pages, 1):
        others = [one for one in pages if one is not page]
        kept = [block for block in page.blocks if block.kept]
        edges = [*kept[:_EDGE], *kept[-_EDGE:]]
        guides = {
            block.position
            for block in edges
            if _leads_on(block, page.pages.texts) or _counts(block, number, others)
        }
        runs = [
            RemovedRun(block.position, 1, "navigation", block.score, block.text[:_EXCERPT])
            for block in page.blocks
            if block.position in guides
        ]
        blocks = tuple(block for block in page.blocks if block.position not in guides)
        yield replace(page, blocks=blocks, removed=tuple(sorted([*page.removed, *runs])))


def _leads_on(block: Block, texts: Sequence[str]) -> bool:
    """Whether a line is a link to another page of the story, after few words of its own."""
    if block.kind == "heading":
        return False
    before = (block.text.removesuffix(text) for text in texts if block.text.endswith(text))
    return any(count_words(words) <= _FEW for words in before)


def _counts(block: Block, number: int, others: Sequence[Extraction]) -> bool:
    """Whether a line has the page's number, and is another page's line but for its numbers."""
    if block.kind == "heading" or count_words(block.text) > _LINE:
        return False
    if str(number) not in _NUMBER.findall(folded(block.text)):
        return False
    alike = (one for page in others for one in page.blocks if one.key == block.key)
    return any(one.text != block.text for one in alike)


def _with(metadata: Metadata, whole: Extraction, partial: bool) -> Extraction:
    metadata = replace(metadata, partial=True if partial else None)
    return replace(whole, metadata=metadata, pages=StoryPages())


def _fresh(blocks: Sequence[Block], had: set[str], keys: set[int]) -> Iterator[Block]:
    """A page's blocks without what earlier ones have too, before and behind its own text.

    A refrain between new paragraphs is the story's.
    """
    own = [i for i, block in enumerate(blocks) if block.kept and block.text not in had]
    for i, block in enumerate(blocks):
        between = bool(own) and own[0] < i < own[-1]
        new = block.text not in had and (block.kept or block.key not in keys)
        if new or (between and block.kept):
            yield block


def _kept_words(page: Extraction) -> int:
    return sum(count_words(block.text) for block in page.blocks if block.kept)


def _same_headline(first: Extraction, page: Extraction) -> bool:
    """Whether one page's headline is in a title of the other, numbers aside."""
    ours, theirs = _headline(first), _headline(page)
    if not ours:
        return True
    return any(_contains(title, ours) for title in _titles(page)) or (
        len(theirs) > 1 and any(_contains(title, theirs) for title in _titles(first))
    )


def _headline(page: Extraction) -> list[str]:
    return _words(page.metadata.title or "")


def _titles(page: Extraction) -> Iterator[list[str]]:
    yield from map(_words, (page.metadata.title or "", *page.signs.titles))


def _words(title: str) -> list[str]:
    return words(_NUMBER.sub(" ", folded(title)))


def _contains(title: list[str], part: list[str]) -> bool:
    size = len(part)
    return any(title[at : at + size] == part for at in range(len(title) - size + 1))


def _same_day(first: Extraction, page: Extraction) -> bool:
    """Whether both declare one day, or one of them none."""
    one, two = first.metadata, page.metadata
    declared = {one.sources.get("published_at"), two.sources.get("published_at")} <= _DATED
    if one.published_at is None or two.published_at is None or not declared:
        return True
    return one.published_at.date() == two.published_at.date()
