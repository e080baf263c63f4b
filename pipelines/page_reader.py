"""A page's bytes into its Extraction, and an Extraction with its Classification into text."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.items import Block, Classification, Extraction, Hint, Metadata
from models.sites.config import ExtractionRules
from pipelines.boilerplate import classify, features, interstitials, vocabulary
from pipelines.boilerplate.reasons import hint_of
from pipelines.extraction import selectors
from pipelines.extraction.blocks import Outline, digest, dom_path, kind, learned_path, outline
from pipelines.extraction.declared_text import declared_text
from pipelines.extraction.extractor_votes import ExtractorVotes, agreement, extractor_votes
from pipelines.extraction.keys import keys
from pipelines.extraction.main_content import NAME
from pipelines.extraction.surroundings import candidates
from pipelines.extraction.tree import parse, strip_unread
from pipelines.metadata.page_metadata import read_metadata

EXTRACTOR: Final = f"winnow/1 {NAME}"
_CARRIED: Final = [features.NAMES.index(name) for name in classify.CARRIED]
_TITLE_SAME: Final = features.NAMES.index("title_same")
_SKELETON: Final = frozenset({"main", "article", "header", "footer", "nav", "aside", "h1"})


class MeasuredPage(NamedTuple):
    """A page measured: all that its own verdict needs."""

    outline: Outline
    places: list[str]
    kinds: list[str]
    votes: ExtractorVotes
    word_hints: list[int]  # mask of hints, by each candidate's own words
    rows: list[list[float] | None]  # measures, in the order of features.NAMES
    declared: bool  # the page says that it is an article


def extract(
    body: bytes,
    charset: str | None,
    url: str,
    hint: Hint,
    site_rules: ExtractionRules | None,
    fetched_at: datetime | None = None,
) -> Extraction:
    """All that the page alone says: its blocks with the page's own verdict, and its metadata.

    `charset` is the Content-Type header's label; `fetched_at` bounds what dates are believed.
    Raises ExtractionFailed where the body is empty or not HTML.
    """
    tree = parse(body, charset)
    metadata = read_metadata(tree, url, hint, newest=fetched_at)
    ruled = selectors.mark(tree, site_rules) if site_rules else False
    reading = measure(tree, url)
    blocks = blocks_of(reading, ruled)
    return Extraction(
        blocks=blocks,
        metadata=metadata,
        extractor=EXTRACTOR,
        template_key=_template_key(reading.outline),
        agreement=_agreement(reading, blocks),
        is_article=interstitials.is_article(reading.outline, blocks, url, reading.declared),
        interstitial=_interstitial(blocks, metadata)
        or interstitials.no_text(reading.outline, blocks),
        basis=basis_of(site_rules),
    )


def basis_of(site_rules: ExtractionRules | None) -> str:
    """This extractor and these rules, in a word: what is read by the same reads the same."""
    told = blake2b(repr(site_rules).encode(), digest_size=8).hexdigest() if site_rules else "-"
    return f"{EXTRACTOR} {told}"


def measure(tree: HtmlElement, url: str) -> MeasuredPage:
    """Measures the page's pieces. What holds no text is taken out of the tree."""
    claimed = declared_text(tree)
    strip_unread(tree)
    page = outline(tree)
    opinion = extractor_votes(tree, url, page)
    paths: dict[int, str] = {}
    kinds: dict[int, str] = {}
    for piece in page.pieces:
        if piece.container not in paths:
            paths[piece.container] = dom_path(page.containers, piece.container)
            kinds[piece.container] = kind(page.containers, piece.container)
    places = [paths[piece.container] for piece in page.pieces]
    sorts = [kinds[piece.container] for piece in page.pieces]
    wanted = candidates(page, opinion.kept)
    asked = zip(page.pieces, wanted, strict=True)
    says = [vocabulary.of_words(piece.text) if wants else 0 for piece, wants in asked]
    rows = list(features.rows(page, places, sorts, says, opinion, claimed, wanted))
    return MeasuredPage(page, places, sorts, opinion, says, rows, claimed.story)


def text_of(extraction: Extraction, classification: Classification) -> str:
    """The article's text: the blocks that were kept, parted by one blank line."""
    kept = (
        block.text
        for block, said in zip(extraction.blocks, classification.blocks, strict=True)
        if said.keep
    )
    return "\n\n".join(kept)


def blocks_of(reading: MeasuredPage, ruled: bool) -> tuple[Block, ...]:
    """The page's blocks with its own verdict; `ruled`: what no rule marked is to be removed."""
    shared = {path: learned_path(path) for path in set(reading.places)}
    dom_path_keys = {path: digest(path) for path in set(shared.values())}
    scores = classify.page_scores(reading.rows, reading.word_hints, reading.kinds, reading.places)
    near = _near_masks(reading.outline)
    blocks = []
    for i, (piece, place_, row, score) in enumerate(
        zip(reading.outline.pieces, reading.places, reading.rows, scores, strict=True)
    ):
        key, loose_key = keys(piece.text, piece.tokens)
        blocks.append(
            Block(
                position=i,
                text=piece.text,
                kind=reading.kinds[i],
                dom_path=shared[place_],
                key=key,
                loose_key=loose_key,
                dom_path_key=dom_path_keys[shared[place_]],
                kept=score > 0,
                score=score,
                features=tuple([round(row[k], 3) for k in _CARRIED]) if row else (),
                hint=_hint(reading, i, near[piece.container], ruled),
            )
        )
    return tuple(blocks)


def _near_masks(page: Outline) -> dict[int, int]:
    """What the names around each container that holds a text say."""
    numbers = {piece.container for piece in page.pieces}
    return {number: features.near_mask(page.containers, number) for number in numbers}


def _hint(reading: MeasuredPage, i: int, near: int, ruled: bool) -> str:
    piece, row = reading.outline.pieces[i], reading.rows[i]
    container = reading.outline.containers[piece.container]
    if container.rule:
        return container.rule
    if ruled:
        return selectors.REMOVE
    titled = row is not None and row[_TITLE_SAME] > 0.8
    return hint_of(
        near,
        reading.word_hints[i],
        reading.kinds[i],
        container.areas,
        titled and len(piece.tokens) > 2,
        piece.linked / len(piece.text),
    )


def _agreement(reading: MeasuredPage, blocks: Sequence[Block]) -> float | None:
    """How far trafilatura and density each agree with the verdict, on the mean; None of nothing."""
    if not blocks:
        return None
    page, opinion = reading.outline, reading.votes
    said = [block.kept for block in blocks]
    first = agreement(page, said, [share > 0.5 for share in opinion.first])
    second = agreement(page, said, opinion.dense)
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


def _interstitial(blocks: Sequence[Block], metadata: Metadata) -> str | None:
    counts = [block.text.count(" ") + 1 for block in blocks]
    kept = sum(n for n, block in zip(counts, blocks, strict=True) if block.kept)
    return interstitials.interstitial(
        metadata.title or "", [b.text for b in blocks], kept, sum(counts)
    )
