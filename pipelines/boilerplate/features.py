"""The features of each piece of a page, from which the page model scores it."""

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from pipelines.extraction import vocabulary as v
from pipelines.extraction.blocks import Container, Outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.extractor_votes import ExtractorVotes
from pipelines.extraction.surroundings import Surroundings, surroundings

_KINDS: Final = ("paragraph", "heading", "list", "quote", "caption", "table")
_AREAS: Final = {"article": "article", "main": "main", "form": "form", "footer": "footer",
                 "list": "ul", "table": "table"}  # fmt: skip
_NEAR: Final = {
    "comment": v.COMMENT, "related": v.RELATED, "promo": v.PROMO, "advert": v.ADVERT,
    "navigation": v.NAVIGATION, "caption": v.CAPTION, "author": v.AUTHOR, "body": v.BODY,
    "side": v.SIDE, "foot": v.FOOT, "embed": v.EMBED, "lead": v.LEAD, "hidden": v.HIDDEN,
    "meta": v.META, "quote": v.QUOTE, "headline": v.HEADLINE, "cookie": v.COOKIE,
}  # fmt: skip
_FAR: Final = {
    "navigation": v.NAVIGATION, "author": v.AUTHOR, "body": v.BODY, "side": v.SIDE,
    "hidden": v.HIDDEN, "related": v.RELATED, "comment": v.COMMENT, "promo": v.PROMO,
    "cookie": v.COOKIE,
}  # fmt: skip
_SAYS: Final = {
    "related": v.RELATED, "promo": v.PROMO, "rights": v.FOOT, "credit": v.CAPTION,
    "comment": v.COMMENT, "share": v.SHARE, "advert": v.ADVERT, "date": v.META,
}  # fmt: skip
NAMES: Final = (
    "kept",  # share of the piece that trafilatura keeps
    "kept_before", "kept_before2", "kept_after", "kept_after2",  # of the neighbours
    "parent_kept", "grand_kept", "place_kept",  # share of the words around it that are kept
    "parent_words", "place_words", "place_count",  # log of how much is there
    "inside_span", "words_off_span",  # between the first and last long piece kept; words (log) off
    "density_parent", "density_grand",  # prose in its containers, as a share of the densest one's
    "place_prose", "parent_linked",  # share of words there in sentences, not links; in links
    "density_best",  # inside the densest container
    "log_words", "link_density", "strong", "ends", "commas", "upper", "twice",
    "log_before", "log_after", "short_neighbours", "link_before", "link_after",
    *(f"is_{kind}" for kind in (*_KINDS, "other")),
    "title_same", "title_in", "lead_same",  # similarity to the page's titles and description
    "has_body", "in_body",  # JSON-LD articleBody: there at all; holds the piece
    "after_h1", "relative", "page_kept", "page_share",
    *(f"area_{name}" for name in _AREAS),
    *(f"near_{name}" for name in _NEAR),
    *(f"far_{name}" for name in _FAR),
    *(f"says_{name}" for name in _SAYS),
)  # fmt: skip
_TITLE_WORDS: Final = 60  # of a piece; a longer one repeats no title
_HEAD: Final = 80  # characters looked at for capitals
_LIST_TAGS: Final = frozenset({"ul", "ol", "dl"})
_KIND_ROWS: Final = {kind: (*(float(kind == name) for name in _KINDS), 0.0) for kind in _KINDS}
_OTHER_KIND: Final = (*(0.0 for _ in _KINDS), 1.0)


def rows(
    outline: Outline,
    dom_paths: Sequence[str],
    kinds: Sequence[str],
    word_hints: Sequence[int],
    votes: ExtractorVotes,
    declared: DeclaredText,
    wanted: Sequence[bool],
) -> Iterator[list[float] | None]:
    """One row of features a piece, in the order of NAMES; None for those not wanted."""
    around = surroundings(outline, dom_paths, votes)
    for i in range(len(outline.pieces)):
        if not wanted[i]:
            yield None
            continue
        yield [
            *_kept(outline, votes, around, dom_paths[i], i),
            *_text(outline, around, i),
            *_KIND_ROWS.get(kinds[i], _OTHER_KIND),
            *_declared(outline, declared, i),
            *_position(around, i),
            *_areas(outline.containers[outline.pieces[i].container].areas),
            *_hints(outline, word_hints[i], i),
        ]


def _kept(
    outline: Outline, votes: ExtractorVotes, around: Surroundings, dom_path: str, i: int
) -> tuple[float, ...]:
    containers, kept, here = outline.containers, votes.kept, around.dom_paths[dom_path]
    words, keep, linked = around.holds
    container = outline.pieces[i].container
    parent = max(0, containers[container].parent)
    grand = max(0, containers[parent].parent)
    end = len(kept)
    off = 0
    if i < around.first < end:
        off = around.before[around.first] - around.before[i]
    elif i > around.last >= 0:
        off = around.before[i] - around.before[around.last]
    return (
        kept[i],
        kept[i - 1] if i else 0.0,
        kept[i - 2] if i > 1 else 0.0,
        kept[i + 1] if i + 1 < end else 0.0,
        kept[i + 2] if i + 2 < end else 0.0,
        keep[parent] / (words[parent] or 1.0),
        keep[grand] / (words[grand] or 1.0),
        here.kept / here.words,
        math.log1p(words[parent]),
        math.log1p(here.words),
        math.log1p(here.pieces),
        float(around.first <= i <= around.last),
        math.log1p(off),
        votes.densities[parent] / around.top,
        votes.densities[grand] / around.top,
        here.prose / here.words,
        linked[parent] / (words[parent] or 1.0),
        float(votes.densest[container]),
    )


def _text(outline: Outline, around: Surroundings, i: int) -> tuple[float, ...]:
    piece = outline.pieces[i]
    text, logs, links = piece.text, around.logs, around.links
    end = len(logs)
    before = logs[i - 1] if i else 0.0
    after = logs[i + 1] if i + 1 < end else 0.0
    further = (logs[i - 2] if i > 1 else 0.0) + (logs[i + 2] if i + 2 < end else 0.0)
    head = text[:_HEAD]
    return (
        logs[i],
        links[i],
        piece.strong / len(text),
        float(around.ends[i]),
        text.count(",") / around.counts[i],
        sum(map(str.isupper, head)) / len(head),
        float(around.seen[text] > 1),
        before,
        after,
        before + after + further,
        links[i - 1] if i else 1.0,
        links[i + 1] if i + 1 < end else 1.0,
    )


def _declared(outline: Outline, declared: DeclaredText, i: int) -> tuple[float, ...]:
    piece = outline.pieces[i]
    own = set(piece.tokens)
    count = len(own)
    same = within = lead = 0.0
    if len(piece.tokens) <= _TITLE_WORDS:
        for title in declared.titles:
            both = len(own & title)
            if both:
                same = max(same, both / (count + len(title) - both))
                within = max(within, both / count)
    if declared.lead:
        both = len(own & declared.lead)
        lead = both / (count + len(declared.lead) - both)
    held = bool(declared.body) and "".join(piece.text.split()).casefold() in declared.body
    return same, within, lead, float(bool(declared.body)), float(held)


def similarity(outline: Outline, declared: DeclaredText, i: int) -> tuple[float, float]:
    """How much a piece says what the page's titles say, and what its description does: 0 to 1."""
    same, _, lead, *_ = _declared(outline, declared, i)
    return same, lead


def _position(around: Surroundings, i: int) -> tuple[float, ...]:
    whole = around.before[-1] + around.counts[-1]
    return float(i > around.h1 >= 0), around.before[i] / whole, *around.page


def _hints(outline: Outline, word_hints: int, i: int) -> tuple[float, ...]:
    number = outline.pieces[i].container
    near = near_mask(outline.containers, number)
    return _bits(near, outline.containers[number].mask & ~near, word_hints)


@lru_cache(maxsize=4096)
def _bits(near: int, far: int, words: int) -> tuple[float, ...]:
    return (
        *(float(near & bit > 0) for bit in _NEAR.values()),
        *(float(far & bit > 0) for bit in _FAR.values()),
        *(float(words & bit > 0) for bit in _SAYS.values()),
    )


def near_mask(containers: Sequence[Container], number: int) -> int:
    """The name hints of a container, its parent and its grandparent."""
    own = containers[number]
    parent = containers[max(0, own.parent)]
    return own.own | parent.own | containers[max(0, parent.parent)].own


@cache
def _areas(tags: frozenset[str]) -> tuple[float, ...]:
    folded = {"ul" if tag in _LIST_TAGS else tag for tag in tags}
    return tuple(float(area in folded) for area in _AREAS.values())
