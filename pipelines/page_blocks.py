"""A page's pieces measured, scored and made into blocks, by the page alone."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.blocks import Block
from models.items import Metadata
from pipelines.boilerplate import (
    carried,
    classify,
    data_tables,
    features,
    link_lists,
    page_model,
)
from pipelines.boilerplate.reasons import hint_of
from pipelines.boilerplate.story_edges import with_edges
from pipelines.extraction import selectors, vocabulary
from pipelines.extraction.blocks import Outline, digest
from pipelines.extraction.counters import counters
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.extractor_votes import ExtractorVotes
from pipelines.extraction.foreign import foreign
from pipelines.extraction.keys import keys
from pipelines.extraction.kinds import kind
from pipelines.extraction.paths import dom_paths, learned_path
from pipelines.extraction.surroundings import candidates

_CARRIED: Final = [features.NAMES.index(name) for name in carried.NAMES]
_TITLE_SAME: Final = features.NAMES.index("title_same")
_TITLED: Final = 0.8  # similarity to one of the page's titles
_ROWS: Final = frozenset({"list", "table"})
_NO_METADATA: Final = Metadata()


class SeenPage(NamedTuple):
    """A page's pieces, with what its structure shows of them."""

    outline: Outline
    dom_paths: list[str]
    kinds: list[str]
    lists: list[link_lists.LinkList]
    foreign: list[int]  # masks: why a piece is no part of the story
    declared: DeclaredText


class MeasuredPage(NamedTuple):
    """A page's pieces with their features: all that classification by the page alone needs."""

    outline: Outline
    dom_paths: list[str]
    kinds: list[str]
    votes: ExtractorVotes
    word_hints: list[int]  # masks, by each candidate's own words
    rows: list[list[float] | None]  # features, in the order of features.NAMES
    lists: list[link_lists.LinkList]
    declared: DeclaredText
    known: list[float | None]  # log-odds that need no features: the site's places tell them


class Scored(NamedTuple):
    """What each piece scores, and why."""

    placed: list[float]  # before lists, tables, and a story's head and end are looked at
    scores: list[float]
    hints: list[int]
    times: frozenset[int]  # pieces that are the times of a live blog's posts


def see(
    outline: Outline, elements: Sequence[HtmlElement], declared: DeclaredText, url: str
) -> SeenPage:
    """What a page's structure shows; `elements`: of its containers, whole."""
    numbers = {piece.container for piece in outline.pieces}
    kinds = {number: kind(outline.containers, number) for number in numbers}
    return SeenPage(
        outline,
        dom_paths(outline),
        [kinds[piece.container] for piece in outline.pieces],
        link_lists.link_lists(outline, elements, url),
        foreign(outline, elements, declared),
        declared,
    )


def measure(page: SeenPage, votes: ExtractorVotes) -> MeasuredPage:
    """The features of each piece near any text, by two extractors' votes."""
    outline = page.outline
    listed, tabled = link_lists.in_lists(outline, page.lists), data_tables.tables(outline)
    scored = list(map(any, zip(candidates(outline, votes.kept), listed, tabled, strict=True)))
    hints = word_hints(page, scored)
    return measured(page, votes, hints, scored, [None] * len(scored))


def measured(
    page: SeenPage,
    votes: ExtractorVotes,
    hints: list[int],
    wanted: Sequence[bool],
    known: list[float | None],
) -> MeasuredPage:
    """The page with the features of the `wanted` pieces."""
    outline, paths, kinds, lists, _, declared = page
    rows = list(features.rows(outline, paths, kinds, hints, votes, declared, wanted))
    return MeasuredPage(outline, paths, kinds, votes, hints, rows, lists, declared, known)


def word_hints(page: SeenPage, wanted: Sequence[bool]) -> list[int]:
    """The masks of the hints in each piece's own words; 0 for those not wanted."""
    pieces, containers = page.outline
    return [
        vocabulary.of_words(piece.text)
        | containers[piece.container].mask & vocabulary.TIP
        | vocabulary.COUNTER * counts
        | other
        if want
        else 0
        for piece, want, counts, other in zip(
            pieces, wanted, counters(pieces), page.foreign, strict=True
        )
    ]


def scored(page: MeasuredPage, metadata: Metadata = _NO_METADATA) -> Scored:
    """The log-odds that each piece is article text, by the page alone."""
    modelled = [
        known if known is not None else None if row is None else page_model.score(row)
        for row, known in zip(page.rows, page.known, strict=True)
    ]
    placed = classify.corrected(modelled, page.word_hints, page.kinds, page.dom_paths)
    scores = link_lists.with_lists(page.outline, page.lists, placed, page.word_hints)
    scores = data_tables.with_tables(page.outline, scores)
    edged = with_edges(page.outline, scores, page.word_hints, page.kinds, metadata)
    return Scored(placed, edged.scores, edged.hints, edged.times)


def blocks_of(page: MeasuredPage, found: Scored, ruled: bool) -> tuple[Block, ...]:
    """The page's blocks, classified by it alone; `ruled`: what no rule marked is removed."""
    shared = {path: learned_path(path) for path in set(page.dom_paths)}
    dom_path_keys = {path: digest(path) for path in set(shared.values())}
    near = _near_masks(page.outline)
    blocks = []
    for i, (piece, path, score) in enumerate(
        zip(page.outline.pieces, page.dom_paths, found.scores, strict=True)
    ):
        row_of_text = score > 0 and (page.kinds[i] in _ROWS or i in found.times)
        key, loose_key = keys(piece.text, piece.tokens, row=row_of_text)
        facts, titled = _facts(page, i)
        blocks.append(
            Block(
                position=i,
                text=piece.text,
                kind=page.kinds[i],
                dom_path=shared[path],
                key=key,
                loose_key=loose_key,
                dom_path_key=dom_path_keys[shared[path]],
                kept=score > 0,
                score=score,
                features=facts,
                hint=_rule(page.outline, i, ruled)
                or _reason(page, found.hints[i], i, near[piece.container], titled),
            )
        )
    return tuple(blocks)


def _facts(page: MeasuredPage, i: int) -> tuple[tuple[float, ...], bool]:
    """What a block carries, and whether it says a title; nothing of what is far from any text."""
    row = page.rows[i]
    if row is not None:
        return tuple([round(row[k], 3) for k in _CARRIED]), _titled(page, row[_TITLE_SAME], i)
    if page.known[i] is None:
        return (), False
    piece = page.outline.pieces[i]
    same, lead = features.similarity(page.outline, page.declared, i)
    facts = carried.Carried(
        link_density=round(piece.linked / len(piece.text), 3),
        strong=round(piece.strong / len(piece.text), 3),
        area_form=float("form" in page.outline.containers[piece.container].areas),
        lead_same=round(lead, 3),
    )
    return tuple(facts), _titled(page, same, i)


def _titled(page: MeasuredPage, same: float, i: int) -> bool:
    return same > _TITLED and len(page.outline.pieces[i].tokens) > 2


def _near_masks(page: Outline) -> dict[int, int]:
    """The hints in the names around each container that holds a text."""
    numbers = {piece.container for piece in page.pieces}
    return {number: features.near_mask(page.containers, number) for number in numbers}


def _rule(outline: Outline, i: int, ruled: bool) -> str:
    """What a rule of the site says."""
    rule = outline.containers[outline.pieces[i].container].rule
    return rule or (selectors.REMOVE if ruled else "")


def _reason(page: MeasuredPage, hints: int, i: int, near: int, titled: bool) -> str:
    piece = page.outline.pieces[i]
    areas = page.outline.containers[piece.container].areas
    return hint_of(near, hints, page.kinds[i], areas, titled, piece.linked / len(piece.text))
