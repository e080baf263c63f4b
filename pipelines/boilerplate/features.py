"""What is measured of each piece of a page, for the verdict that the page alone allows."""

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from pipelines.boilerplate import vocabulary
from pipelines.extraction.blocks import Container, Outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.extractor_votes import ExtractorVotes
from pipelines.extraction.surroundings import Surroundings, surroundings

NAMES: Final = (
    "first_kept",  # share of the piece that trafilatura keeps, by its fast way
    "kept",  # the same by the thorough way, where it was asked
    "kept_before",
    "kept_before2",
    "kept_after",
    "kept_after2",  # the same of its neighbours
    "parent_kept",
    "grand_kept",
    "place_kept",  # share of the words around it that are kept
    "parent_words",
    "place_words",
    "place_count",  # how much stands there (log)
    "inside_span",  # between the first and the last long piece that trafilatura keeps
    "words_off_span",  # words (log) from that span
    "density_parent",
    "density_grand",  # prose in its containers, as share of the densest one's
    "place_prose",  # share of the words at its place that stand in sentences, not links
    "parent_linked",  # share of its parent's words that stand in links
    "density_best",  # inside the densest container
    "log_words",
    "link_density",
    "strong",
    "ends",
    "commas",
    "upper",
    "twice",
    "log_before",
    "log_after",
    "short_neighbours",
    "link_before",
    "link_after",
    "is_paragraph",
    "is_heading",
    "is_list",
    "is_quote",
    "is_caption",
    "is_table",
    "is_other",
    "title_same",
    "title_in",
    "lead_same",  # likeness to the page's titles and description
    "has_body",
    "in_body",  # JSON-LD articleBody: there at all; holds the piece
    "after_h1",
    "relative",
    "page_kept",
    "page_share",
    "area_article",
    "area_main",
    "area_form",
    "area_footer",
    "area_list",
    "area_table",
    "near_comment",
    "near_related",
    "near_promo",
    "near_advert",
    "near_navigation",
    "near_caption",
    "near_author",
    "near_body",
    "near_side",
    "near_foot",
    "near_embed",
    "near_lead",
    "near_hidden",
    "near_meta",
    "near_quote",
    "near_headline",
    "near_cookie",
    "far_navigation",
    "far_author",
    "far_body",
    "far_side",
    "far_hidden",
    "far_related",
    "far_comment",
    "far_promo",
    "far_cookie",
    "says_related",
    "says_promo",
    "says_rights",
    "says_credit",
    "says_comment",
    "says_share",
    "says_advert",
    "says_date",
)
_KINDS: Final = ("paragraph", "heading", "list", "quote", "caption", "table")
_AREAS: Final = ("article", "main", "form", "footer", "ul", "table")
_NEAR: Final = (
    vocabulary.COMMENT,
    vocabulary.RELATED,
    vocabulary.PROMO,
    vocabulary.ADVERT,
    vocabulary.NAVIGATION,
    vocabulary.CAPTION,
    vocabulary.AUTHOR,
    vocabulary.BODY,
    vocabulary.SIDE,
    vocabulary.FOOT,
    vocabulary.EMBED,
    vocabulary.LEAD,
    vocabulary.HIDDEN,
    vocabulary.META,
    vocabulary.QUOTE,
    vocabulary.HEADLINE,
    vocabulary.COOKIE,
)
_FAR: Final = (
    vocabulary.NAVIGATION,
    vocabulary.AUTHOR,
    vocabulary.BODY,
    vocabulary.SIDE,
    vocabulary.HIDDEN,
    vocabulary.RELATED,
    vocabulary.COMMENT,
    vocabulary.PROMO,
    vocabulary.COOKIE,
)
_SAYS: Final = (
    vocabulary.RELATED,
    vocabulary.PROMO,
    vocabulary.FOOT,
    vocabulary.CAPTION,
    vocabulary.COMMENT,
    vocabulary.SHARE,
    vocabulary.ADVERT,
    vocabulary.META,
)
_HEAD: Final = 80  # characters looked at for capitals
_LIST_TAGS: Final = frozenset({"ul", "ol", "dl"})
_KIND_ROWS: Final = {kind: (*(float(kind == name) for name in _KINDS), 0.0) for kind in _KINDS}
_OTHER_KIND: Final = (*(0.0 for _ in _KINDS), 1.0)


def rows(
    outline: Outline,
    places: Sequence[str],
    kinds: Sequence[str],
    says: Sequence[int],
    opinion: ExtractorVotes,
    claims: DeclaredText,
    wanted: Sequence[bool],
) -> Iterator[list[float] | None]:
    """One row of measures a piece, in the order of NAMES; None for those not wanted."""
    around = surroundings(outline, places, opinion)
    for i in range(len(outline.pieces)):
        if not wanted[i]:
            yield None
            continue
        yield [
            opinion.first[i],
            *_kept(outline, opinion, around, places[i], i),
            *_text(outline, around, i),
            *_KIND_ROWS.get(kinds[i], _OTHER_KIND),
            *_claims(outline, claims, i),
            *_position(around, i),
            *_areas(outline.containers[outline.pieces[i].container].areas),
            *_names(outline, says[i], i),
        ]


def _kept(
    outline: Outline, opinion: ExtractorVotes, around: Surroundings, place: str, i: int
) -> tuple[float, ...]:
    containers, kept, here = outline.containers, opinion.kept, around.places[place]
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
        opinion.densities[parent] / around.top,
        opinion.densities[grand] / around.top,
        here.prose / here.words,
        linked[parent] / (words[parent] or 1.0),
        float(opinion.densest[container]),
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


def _claims(outline: Outline, claims: DeclaredText, i: int) -> tuple[float, ...]:
    piece = outline.pieces[i]
    said = set(piece.tokens)
    same = within = 0.0
    if len(piece.tokens) <= 60:
        for title in claims.titles:
            both = len(said & title)
            same = max(same, both / len(said | title))
            within = max(within, both / len(said))
    lead = len(said & claims.lead) / len(said | claims.lead) if claims.lead else 0.0
    held = bool(claims.body) and "".join(piece.text.split()).casefold() in claims.body
    return same, within, lead, float(bool(claims.body)), float(held)


def _position(around: Surroundings, i: int) -> tuple[float, ...]:
    whole = around.before[-1] + around.counts[-1]
    return float(i > around.h1 >= 0), around.before[i] / whole, *around.page


def _names(outline: Outline, says: int, i: int) -> tuple[float, ...]:
    number = outline.pieces[i].container
    near = near_mask(outline.containers, number)
    return _bits(near, outline.containers[number].mask & ~near, says)


@lru_cache(maxsize=4096)
def _bits(near: int, far: int, says: int) -> tuple[float, ...]:
    return (
        *(float(near & bit > 0) for bit in _NEAR),
        *(float(far & bit > 0) for bit in _FAR),
        *(float(says & bit > 0) for bit in _SAYS),
    )


def near_mask(containers: Sequence[Container], number: int) -> int:
    """What the names of a container, its parent and its grandparent say."""
    own = containers[number]
    parent = containers[max(0, own.parent)]
    return own.own | parent.own | containers[max(0, parent.parent)].own


@cache
def _areas(tags: frozenset[str]) -> tuple[float, ...]:
    folded = {"ul" if tag in _LIST_TAGS else tag for tag in tags}
    return tuple(float(area in folded) for area in _AREAS)
