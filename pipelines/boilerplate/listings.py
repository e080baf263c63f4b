"""Pages that list others: front pages, sections, archives."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from models.blocks import Block
from models.text import count_words
from models.urls import is_home_path, normalise
from pipelines.extraction.blocks import Outline

_HOME_PROSE: Final = 300  # words of prose that make even a front page an article
TEASER_LINK: Final = 0.8  # share of characters in links of a heading that links elsewhere
_TEASER_SHARE: Final = 0.6  # of the words of the texts that are kept
_TEASER_TEXTS: Final = 3  # under one linked heading: its summary, who wrote it, when
_HEADLINE: Final = 3  # words of a link that may be a headline; those of menus have fewer
MANY: Final = 4  # teasers that no article has under it
_LIST_LINKS: Final = 0.5  # share of a listing's words that stand in links


def is_article(page: Outline, blocks: Sequence[Block], url: str, declared: bool) -> bool:
    """Whether the page is one story: prose of its own, not a list of links to others.

    `declared`: the page declares itself an article. That excuses teasers but not a list of
    links, since many sites declare every page. Short articles stay articles.
    """
    links = [piece.linked / len(piece.text) for piece in page.pieces]
    kept = [i for i, block in enumerate(blocks) if block.kept]
    total = sum(len(page.pieces[i].tokens) for i in kept)
    if not total:
        return False
    teasers = _teasers(page, blocks, links, kept)
    if _is_home(url):
        return total >= _HOME_PROSE and not teasers
    linked = sum(len(page.pieces[i].tokens) * links[i] for i in kept) / total
    if linked >= _LIST_LINKS or all(blocks[i].kind == "heading" for i in kept):
        return False
    return not teasers or (declared and not is_home_path(url))


def _is_home(url: str) -> bool:
    """Whether a URL is a front page's: what a query names, as in `/?p=4410`, is a page."""
    return is_home_path(url) and not urlsplit(normalise(url)).query


def _teasers(
    page: Outline, blocks: Sequence[Block], links: Sequence[float], kept: Sequence[int]
) -> bool:
    """Whether the kept texts are teasers: a few texts each under headings that link elsewhere."""
    under: set[int] = set()
    heads = 0
    for i, block in enumerate(blocks):
        if links[i] > TEASER_LINK and _is_head(block):
            texts = _below(blocks, links, i)
            under.update(texts)
            heads += any(blocks[j].kept for j in texts)
    texts = [i for i in kept if blocks[i].kind != "heading" and links[i] < _LIST_LINKS]
    counts = {i: len(page.pieces[i].tokens) for i in texts}
    most = _TEASER_SHARE * sum(counts.values())
    return heads >= MANY and sum(counts[i] for i in texts if i in under) >= most


def _below(blocks: Sequence[Block], links: Sequence[float], head: int) -> list[int]:
    """The first texts between a linked heading and the next heading."""
    found = []
    for i in range(head + 1, min(head + 1 + _TEASER_TEXTS, len(blocks))):
        if blocks[i].kind == "heading" or links[i] > TEASER_LINK:
            break
        found.append(i)
    return found


def _is_head(block: Block) -> bool:
    return block.kind == "heading" or count_words(block.text) >= _HEADLINE
