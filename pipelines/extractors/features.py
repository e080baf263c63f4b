"""What is measured of each piece of a page, for the verdict that the page alone allows."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipelines.extractors import hints
from pipelines.extractors.blocks import Outline
from pipelines.extractors.opinion import density, inside
from pipelines.extractors.second_opinion import Opinion

NAMES: Final = (
    "first_kept",  # share of the piece that trafilatura keeps, by its fast way
    "kept",  # the same by the thorough way, where it was asked
    "kept_before", "kept_before2", "kept_after", "kept_after2",  # the same of its neighbours
    "parent_kept", "grand_kept", "place_kept",  # share of the words around it that are kept
    "parent_words", "place_words", "place_count",  # how much stands there (log)
    "inside_span",  # between the first and the last long piece that trafilatura keeps
    "words_off_span",  # words (log) from that span
    "density_parent", "density_grand",  # prose in its containers, as share of the densest one's
    "place_prose",  # share of the words at its place that stand in sentences, not links
    "parent_linked",  # share of its parent's words that stand in links
    "density_best",  # inside the densest container
    "log_words", "link_density", "strong", "ends", "commas", "upper", "twice",
    "log_before", "log_after", "short_neighbours", "link_before", "link_after",
    "is_paragraph", "is_heading", "is_list", "is_quote", "is_caption", "is_table", "is_other",
    "title_same", "title_in", "lead_same",  # likeness to the page's titles and description
    "has_body", "in_body",  # JSON-LD articleBody: there at all; holds the piece
    "after_h1", "relative", "page_kept", "page_share",
    "area_article", "area_main", "area_form", "area_footer", "area_list", "area_table",
    "near_comment", "near_related", "near_promo", "near_advert", "near_navigation",
    "near_caption", "near_author", "near_body", "near_side", "near_foot", "near_embed",
    "near_lead", "near_hidden", "near_meta", "near_quote", "near_headline", "near_cookie",
    "far_navigation", "far_author", "far_body", "far_side", "far_hidden", "far_related",
    "far_comment", "far_promo", "far_cookie",
    "says_related", "says_promo", "says_rights", "says_credit", "says_comment", "says_share",
    "says_advert", "says_date",
)  # fmt: skip
_KINDS: Final = ("paragraph", "heading", "list", "quote", "caption", "table")
_AREAS: Final = ("article", "main", "form", "footer", "ul", "table")
_NEAR: Final = (
    hints.COMMENT, hints.RELATED, hints.PROMO, hints.ADVERT, hints.NAVIGATION, hints.CAPTION,
    hints.AUTHOR, hints.BODY, hints.SIDE, hints.FOOT, hints.EMBED, hints.LEAD, hints.HIDDEN,
    hints.META, hints.QUOTE, hints.HEADLINE, hints.COOKIE,
)  # fmt: skip
_FAR: Final = (
    hints.NAVIGATION, hints.AUTHOR, hints.BODY, hints.SIDE, hints.HIDDEN, hints.RELATED,
    hints.COMMENT, hints.PROMO, hints.COOKIE,
)  # fmt: skip
_SAYS: Final = (
    hints.RELATED, hints.PROMO, hints.FOOT, hints.CAPTION, hints.COMMENT, hints.SHARE,
    hints.ADVERT, hints.META,
)  # fmt: skip
_END: Final = re.compile(r"[.!?…。！？।:;؟][\"'»”’)\]]*$")
_LONG: Final = 8  # words of a piece that marks where the main content begins and ends
_HEAD: Final = 80  # characters looked at for capitals
_LIST_TAGS: Final = frozenset({"ul", "ol", "dl"})


class Claims(NamedTuple):
    """What the page says of its own text, folded: words of titles, of the description, the body."""

    titles: tuple[frozenset[str], ...] = ()
    lead: frozenset[str] = frozenset()
    body: str = ""  # JSON-LD articleBody without spaces, case folded
    story: bool = False  # it says that it is an article: og:type, JSON-LD @type


@dataclass(frozen=True, slots=True)
class Around:
    """Sums over the page that every row looks at."""

    counts: list[int]
    logs: list[float]
    links: list[float]
    total: list[float]  # words by container, with all inside
    keep: list[float]  # of these, kept
    place_total: dict[str, int]
    place_keep: dict[str, float]
    place_count: dict[str, int]
    place_prose: dict[str, int]
    linked: list[float]  # words in links by container, with all inside
    seen: dict[str, int]
    before: list[int]  # words before each piece
    first: int  # the span of main content, by pieces
    last: int
    h1: int
    scores: list[float]
    top: float
    dense: list[bool]
    page: tuple[float, float]


def candidates(outline: Outline, kept: Sequence[float]) -> list[bool]:
    """Pieces that a verdict is asked for; the rest are menus and the like, far from any text."""
    found = [share > 0 for share in kept]
    worth = [
        len(piece.tokens) >= 4 and piece.linked <= 0.8 * len(piece.text) for piece in outline.pieces
    ]
    near = [one or other for one, other in zip(found, worth, strict=True)]
    return [any(near[max(0, i - 1) : i + 2]) for i in range(len(near))]


def rows(
    outline: Outline,
    places: Sequence[str],
    kinds: Sequence[str],
    says: Sequence[int],
    opinion: Opinion,
    claims: Claims,
    wanted: Sequence[bool],
) -> Iterator[list[float] | None]:
    """One row of measures a piece, in the order of NAMES; None for those not wanted."""
    kept = opinion.kept
    around = _around(outline, places, kept)
    for i in range(len(outline.pieces)):
        if not wanted[i]:
            yield None
            continue
        yield [
            opinion.first[i],
            *_kept(outline, around, places[i], kept, i),
            *_text(outline, around, i),
            *_kind(kinds[i]),
            *_claims(outline, claims, i),
            *_position(around, i),
            *_areas(outline.containers[outline.pieces[i].container].areas),
            *_names(outline, says[i], i),
        ]


def _around(outline: Outline, places: Sequence[str], kept: Sequence[float]) -> Around:
    pieces, containers = outline
    counts = [len(piece.tokens) for piece in pieces]
    total, keep, linked = ([0.0] * len(containers) for _ in range(3))
    place_prose: dict[str, int] = {}
    place_total: dict[str, int] = {}
    place_keep: dict[str, float] = {}
    place_count: dict[str, int] = {}
    seen: dict[str, int] = {}
    before, words = [], 0
    for piece, count, place, share in zip(pieces, counts, places, kept, strict=True):
        before.append(words)
        words += count
        total[piece.container] += count
        keep[piece.container] += count * share
        linked[piece.container] += count * piece.linked / len(piece.text)
        prose = piece.linked * 2 < len(piece.text) and _END.search(piece.text[-4:]) is not None
        place_prose[place] = place_prose.get(place, 0) + count * prose
        place_total[place] = place_total.get(place, 0) + count
        place_keep[place] = place_keep.get(place, 0.0) + count * share
        place_count[place] = place_count.get(place, 0) + 1
        seen[piece.text] = seen.get(piece.text, 0) + 1
    for number in range(len(containers) - 1, 0, -1):
        total[containers[number].parent] += total[number]
        keep[containers[number].parent] += keep[number]
        linked[containers[number].parent] += linked[number]
    span = [i for i, share in enumerate(kept) if share > 0.5 and counts[i] >= _LONG]
    scores, best = density(outline)
    kept_words = sum(count * share for count, share in zip(counts, kept, strict=True))
    tags = (containers[piece.container].tag for piece in pieces)
    return Around(
        counts=counts,
        logs=[math.log1p(count) for count in counts],
        links=[piece.linked / len(piece.text) for piece in pieces],
        total=total,
        keep=keep,
        place_total=place_total,
        place_keep=place_keep,
        place_count=place_count,
        place_prose=place_prose,
        linked=linked,
        seen=seen,
        before=before,
        first=span[0] if span else len(pieces),
        last=span[-1] if span else -1,
        h1=next((i for i, tag in enumerate(tags) if tag == "h1"), -1),
        scores=scores,
        top=max(scores, default=0.0) or 1.0,
        dense=inside(containers, best),
        page=(math.log1p(kept_words), kept_words / max(1, words)),
    )


def _kept(
    outline: Outline, around: Around, place: str, kept: Sequence[float], i: int
) -> tuple[float, ...]:
    containers = outline.containers
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
        around.keep[parent] / (around.total[parent] or 1.0),
        around.keep[grand] / (around.total[grand] or 1.0),
        around.place_keep[place] / around.place_total[place],
        math.log1p(around.total[parent]),
        math.log1p(around.place_total[place]),
        math.log1p(around.place_count[place]),
        float(around.first <= i <= around.last),
        math.log1p(off),
        around.scores[parent] / around.top,
        around.scores[grand] / around.top,
        around.place_prose[place] / around.place_total[place],
        around.linked[parent] / (around.total[parent] or 1.0),
        float(around.dense[container]),
    )


def _text(outline: Outline, around: Around, i: int) -> tuple[float, ...]:
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
        float(_END.search(text[-4:]) is not None),
        text.count(",") / around.counts[i],
        sum(map(str.isupper, head)) / len(head),
        float(around.seen[text] > 1),
        before,
        after,
        before + after + further,
        links[i - 1] if i else 1.0,
        links[i + 1] if i + 1 < end else 1.0,
    )


def _kind(kind: str) -> tuple[float, ...]:
    return (*(float(kind == name) for name in _KINDS), float(kind not in _KINDS))


def _claims(outline: Outline, claims: Claims, i: int) -> tuple[float, ...]:
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


def _position(around: Around, i: int) -> tuple[float, ...]:
    whole = around.before[-1] + around.counts[-1]
    return float(i > around.h1 >= 0), around.before[i] / whole, *around.page


def _names(outline: Outline, says: int, i: int) -> Iterator[float]:
    containers = outline.containers
    own = containers[outline.pieces[i].container]
    near = near_mask(outline, i)
    far = own.mask & ~near
    yield from (float(near & bit > 0) for bit in _NEAR)
    yield from (float(far & bit > 0) for bit in _FAR)
    yield from (float(says & bit > 0) for bit in _SAYS)


def near_mask(outline: Outline, i: int) -> int:
    """What the names of a piece's container, its parent and grandparent say."""
    containers = outline.containers
    own = containers[outline.pieces[i].container]
    parent = containers[max(0, own.parent)]
    return own.own | parent.own | containers[max(0, parent.parent)].own


@cache
def _areas(tags: frozenset[str]) -> tuple[float, ...]:
    folded = {"ul" if tag in _LIST_TAGS else tag for tag in tags}
    return tuple(float(area in folded) for area in _AREAS)
