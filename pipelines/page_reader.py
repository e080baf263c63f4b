"""A page's bytes into an Extraction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.blocks import Block
from models.errors import LeadsElsewhere
from models.items import Extraction, Hint, Metadata
from models.sites.config import ExtractionRules
from models.text import count_words
from pipelines.boilerplate import (
    carried,
    classify,
    data_tables,
    features,
    interstitials,
    link_lists,
)
from pipelines.boilerplate.condense import condensed
from pipelines.boilerplate.listings import is_article
from pipelines.boilerplate.reasons import hint_of
from pipelines.boilerplate.story_edges import with_edges
from pipelines.extraction import selectors, vocabulary
from pipelines.extraction.blocks import Outline, digest, dom_paths, learned_path
from pipelines.extraction.counters import counters
from pipelines.extraction.declared_text import declared_text
from pipelines.extraction.extractor_votes import ExtractorVotes, agreement, extractor_votes
from pipelines.extraction.foreign import foreign
from pipelines.extraction.keys import keys
from pipelines.extraction.kinds import kind
from pipelines.extraction.main_content import NAME
from pipelines.extraction.meta_refresh import leads_to
from pipelines.extraction.narrowing import narrow
from pipelines.extraction.page_signs import own_titles, signs_of
from pipelines.extraction.story_pages import story_pages
from pipelines.extraction.surroundings import candidates
from pipelines.extraction.tree import parse
from pipelines.extraction.whole_outline import whole_outline
from pipelines.metadata.page_metadata import read_page_metadata

EXTRACTOR: Final = f"winnow/3 {NAME}"
_CARRIED: Final = [features.NAMES.index(name) for name in carried.NAMES]
_TITLE_SAME: Final = features.NAMES.index("title_same")
_FEWEST_WORDS: Final = 40  # of an article; "you are being redirected" has fewer, in any language
_NO_METADATA: Final = Metadata()
_ROWS: Final = frozenset({"list", "table"})
_SKELETON: Final = frozenset({"main", "article", "header", "footer", "nav", "aside", "h1"})


class MeasuredPage(NamedTuple):
    """A page's pieces with their features: all that classification by the page alone needs."""

    outline: Outline
    dom_paths: list[str]
    kinds: list[str]
    votes: ExtractorVotes
    word_hints: list[int]  # masks, by each candidate's own words
    rows: list[list[float] | None]  # features, in the order of features.NAMES
    lists: list[link_lists.LinkList]
    declared: bool  # the page declares itself an article


def extract(
    body: bytes,
    charset: str | None,
    url: str,
    hint: Hint,
    site_rules: ExtractionRules | None,
    fetched_at: datetime | None = None,
) -> Extraction:
    """What the page alone gives: its blocks, classified by the page alone, and its metadata.

    Blocks that no site's memory and no rule can keep are `removed` already.
    `charset` is the Content-Type header's label; dates much later than `fetched_at` are ignored.
    Raises ExtractionFailed if the body is empty or not HTML, LeadsElsewhere for a redirect.
    """
    tree = parse(body, charset)
    led = leads_to(tree, url)
    if led is not None and led.at_once:
        raise LeadsElsewhere(led.url)
    page = read_page_metadata(tree, url, hint, newest=fetched_at)
    metadata = page.metadata
    ruled = selectors.mark(tree, site_rules) if site_rules else False
    titles = own_titles(tree)
    pages = story_pages(tree, url, metadata.canonical_url)
    measured = measure(tree, page.article_body, url)
    blocks = blocks_of(measured, ruled, metadata)
    kept = [block.kept for block in blocks]
    texts = [block.text for block in blocks if block.kept]
    whole = Extraction(
        blocks=blocks,
        metadata=metadata,
        extractor=EXTRACTOR,
        template_key=_template_key(measured.outline),
        agreement=_agreement(measured, blocks),
        is_article=is_article(measured.outline, blocks, url, measured.declared),
        basis=basis_of(site_rules),
        signs=signs_of(titles, measured.declared, metadata, hint, texts),
        pages=pages,
    )
    shown = interstitials.instead(whole, kept) or interstitials.no_text(measured.outline, blocks)
    whole = replace(whole, interstitial=shown)
    if led is not None and not _can_be_read(whole):
        raise LeadsElsewhere(led.url)
    return condensed(whole)


def _can_be_read(page: Extraction) -> bool:
    """Whether there is an article for those who are not led away."""
    kept = sum(count_words(block.text) for block in page.blocks if block.kept)
    return page.is_article and page.interstitial is None and kept >= _FEWEST_WORDS


def basis_of(site_rules: ExtractionRules | None) -> str:
    """This extractor and these rules, as a word: the same basis reads a page the same way."""
    rules = blake2b(repr(site_rules).encode(), digest_size=8).hexdigest() if site_rules else "-"
    return f"{EXTRACTOR} {rules}"


def measure(tree: HtmlElement, article_body: str = "", url: str = "") -> MeasuredPage:
    """The features of the page's pieces. The tree is used up: most elements are removed from it.

    `article_body`: the JSON-LD's, of a page whose text is free to read; `url`: the page's own.
    """
    declared = declared_text(tree)
    page, elements = whole_outline(tree, article_body)
    lists = link_lists.link_lists(page, elements, url)
    others = foreign(page, elements, declared)
    narrow(page, elements)
    votes = extractor_votes(tree, page)
    paths = dom_paths(page)
    numbers = {piece.container for piece in page.pieces}
    kinds = {number: kind(page.containers, number) for number in numbers}
    piece_kinds = [kinds[piece.container] for piece in page.pieces]
    listed, tabled = link_lists.in_lists(page, lists), data_tables.tables(page)
    scored = list(map(any, zip(candidates(page, votes.kept), listed, tabled, strict=True)))
    hints = [
        vocabulary.of_words(piece.text)
        | page.containers[piece.container].mask & vocabulary.TIP
        | vocabulary.COUNTER * counts
        | other
        if wanted
        else 0
        for piece, wanted, counts, other in zip(
            page.pieces, scored, counters(page.pieces), others, strict=True
        )
    ]
    rows = list(features.rows(page, paths, piece_kinds, hints, votes, declared, scored))
    return MeasuredPage(page, paths, piece_kinds, votes, hints, rows, lists, declared.story)


def blocks_of(
    measured: MeasuredPage, ruled: bool, metadata: Metadata = _NO_METADATA
) -> tuple[Block, ...]:
    """The page's blocks, classified by it alone; `ruled`: what no rule marked is removed."""
    shared = {path: learned_path(path) for path in set(measured.dom_paths)}
    dom_path_keys = {path: digest(path) for path in set(shared.values())}
    scores = classify.page_scores(
        measured.rows, measured.word_hints, measured.kinds, measured.dom_paths
    )
    scores = link_lists.with_lists(measured.outline, measured.lists, scores, measured.word_hints)
    scores = data_tables.with_tables(measured.outline, scores)
    edged = with_edges(measured.outline, scores, measured.word_hints, measured.kinds, metadata)
    measured = measured._replace(word_hints=edged.hints)
    near = _near_masks(measured.outline)
    blocks = []
    for i, (piece, path, row, score) in enumerate(
        zip(measured.outline.pieces, measured.dom_paths, measured.rows, edged.scores, strict=True)
    ):
        row_of_text = score > 0 and (measured.kinds[i] in _ROWS or i in edged.times)
        key, loose_key = keys(piece.text, piece.tokens, row=row_of_text)
        blocks.append(
            Block(
                position=i,
                text=piece.text,
                kind=measured.kinds[i],
                dom_path=shared[path],
                key=key,
                loose_key=loose_key,
                dom_path_key=dom_path_keys[shared[path]],
                kept=score > 0,
                score=score,
                features=tuple([round(row[k], 3) for k in _CARRIED]) if row else (),
                hint=_hint(measured, i, near[piece.container], ruled),
            )
        )
    return tuple(blocks)


def _near_masks(page: Outline) -> dict[int, int]:
    """The hints in the names around each container that holds a text."""
    numbers = {piece.container for piece in page.pieces}
    return {number: features.near_mask(page.containers, number) for number in numbers}


def _hint(measured: MeasuredPage, i: int, near: int, ruled: bool) -> str:
    piece, row = measured.outline.pieces[i], measured.rows[i]
    container = measured.outline.containers[piece.container]
    if container.rule:
        return container.rule
    if ruled:
        return selectors.REMOVE
    titled = row is not None and row[_TITLE_SAME] > 0.8
    return hint_of(
        near,
        measured.word_hints[i],
        measured.kinds[i],
        container.areas,
        titled and len(piece.tokens) > 2,
        piece.linked / len(piece.text),
    )


def _agreement(measured: MeasuredPage, blocks: Sequence[Block]) -> float | None:
    """The mean agreement of both votes with the blocks kept; None without blocks."""
    if not blocks:
        return None
    page, votes = measured.outline, measured.votes
    kept = [block.kept for block in blocks]
    first = agreement(page, kept, [share > 0.5 for share in votes.kept])
    second = agreement(page, kept, votes.dense)
    return round((first + second) / 2, 3)


def _template_key(page: Outline) -> int:
    """The page's skeleton: the named containers that hold others, near the root, each once."""
    steps: dict[int, int] = {}
    found: set[str] = set()
    for number, container in enumerate(page.containers):
        depth = steps[number] = steps.get(container.parent, -1) + 1
        if depth <= 4 or container.tag in _SKELETON:
            found.add(container.step)
    return digest("|".join(sorted(found)))
