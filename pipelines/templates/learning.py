"""What one page, read by search, shows of its template."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from models.blocks import Block
from models.dates import possible_dates
from models.items import Extraction, Metadata
from models.templates import ClosedBox, PlaceUse, TemplatePage
from models.text import folded_words, words
from pipelines.boilerplate.classify import NONE
from pipelines.boilerplate.condense import reason_of
from pipelines.extraction.blocks import Outline, digest
from pipelines.extraction.paths import box_steps, path_of
from pipelines.page_blocks import MeasuredPage, Scored
from pipelines.templates.text_classes import text_class

_LEAST: Final = 20  # words of an article that shows where its template has its text
_TITLED: Final = frozenset({"heading", "other"})  # kinds of a headline; the first are believed
_BYLINE: Final = 16  # words of a text that names the author, at most


def body_path(paths: Sequence[str], kept: Sequence[int]) -> str:
    """The DOM path of the box that holds most of the text; `kept`: words of each piece."""
    held: Counter[str] = Counter()
    for path, count in zip(paths, kept, strict=True):
        if count:
            held[box_of(path)] += count
    return max(held, key=lambda path: (held[path], path), default="")


def box_of(path: str) -> str:
    """The DOM path of the box around a text."""
    return path.rpartition(">")[0]


def template_key(body: str, outline: Outline) -> int:
    """63 bits by which pages of one template are known; of a page without text, its skeleton."""
    return digest(body or "|".join(sorted({box.step for box in outline.containers})))


def template_page(
    page: MeasuredPage,
    found: Scored,
    blocks: Sequence[Block],
    condensed: Extraction,
    metadata: Metadata,
) -> TemplatePage | None:
    """What a page shows of its template; None where it has too little text to show any.

    `blocks`: all of the page; `condensed`: it without those that nothing can keep.
    """
    kept = [
        len(piece.tokens) * block.kept
        for piece, block in zip(page.outline.pieces, blocks, strict=True)
    ]
    if sum(kept) < _LEAST:
        return None
    heads = _heads(page, blocks, metadata)
    positions = {block.position for block in condensed.blocks}
    opened = _opened(page.outline, positions | set(_story(page.dom_paths, kept, heads)))
    paths = list(map(path_of, box_steps(page.outline.containers)))
    return TemplatePage(
        body=body_path(page.dom_paths, kept),
        words=sum(kept),
        uses=_uses(page, found, blocks),
        closed=_closed(page.outline, blocks, opened, paths),
        open=frozenset(path for path, is_open in zip(paths, opened, strict=True) if is_open),
        heads=heads,
    )


def _story(paths: Sequence[str], kept: Sequence[int], heads: Mapping[str, str]) -> range:
    """All that stands from the headline, byline or date to the end of the article's text.

    Where a site may put a standfirst, or one more box of its story, no box is closed.
    """
    told = [i for i, words in enumerate(kept) if words]
    first = next((i for i, path in enumerate(paths) if path in heads.values()), told[0])
    return range(min(first, told[0]), told[-1] + 1)


def _opened(outline: Outline, positions: Collection[int]) -> list[bool]:
    """Which containers hold a text that something may still decide about."""
    opened = [False] * len(outline.containers)
    for i in positions:
        number = outline.pieces[i].container
        while number >= 0 and not opened[number]:
            opened[number] = True
            number = outline.containers[number].parent
    return opened


def _uses(
    page: MeasuredPage, found: Scored, blocks: Sequence[Block]
) -> dict[str, dict[int, PlaceUse]]:
    """By DOM path and class, what is there.

    What a rule, a list or a table, or the words of a text decide is decided so on any page, and
    says nothing of its place.
    """
    uses: dict[str, dict[int, PlaceUse]] = {}
    for i, (piece, path, block) in enumerate(
        zip(page.outline.pieces, page.dom_paths, blocks, strict=True)
    ):
        classes = uses.setdefault(path, {})
        score = found.placed[i]
        if score != block.score or page.word_hints[i] & NONE:
            continue
        of = text_class(piece, page.word_hints[i])
        had = classes.get(of, PlaceUse(0, 0, 0.0, score, 0))
        classes[of] = PlaceUse(
            texts=had.texts + 1,
            kept=had.kept + block.kept,
            score=round(had.score + score, 2),
            nearest=min(had.nearest, round(score, 2), key=abs),
            words=had.words + len(piece.tokens),
        )
    return uses


def _closed(
    outline: Outline, blocks: Sequence[Block], opened: Sequence[bool], paths: Sequence[str]
) -> dict[str, ClosedBox]:
    """The boxes with texts, none of which anything can keep; of one path the fullest."""
    boxes: dict[int, ClosedBox] = {}
    for piece, block in zip(outline.pieces, blocks, strict=True):
        number = piece.container
        while number >= 0 and not opened[number]:
            had = boxes.get(number) or ClosedBox(0, reason_of(block) or "other")
            boxes[number] = had._replace(characters=had.characters + len(piece.text))
            number = outline.containers[number].parent
    closed: dict[str, ClosedBox] = {}
    for number, box in boxes.items():
        known = closed.get(paths[number])
        if known is None or known.characters < box.characters:
            closed[paths[number]] = box
    return closed


def _heads(page: MeasuredPage, blocks: Sequence[Block], metadata: Metadata) -> dict[str, str]:
    """Where headline, byline and date stand."""
    heads: dict[str, str] = {}
    title, is_heading = words(metadata.title or ""), False
    authors = [set(folded_words(author)) for author in metadata.authors]
    day = metadata.published_at.date() if metadata.published_at else None
    for piece, path, block in zip(page.outline.pieces, page.dom_paths, blocks, strict=True):
        if title and piece.tokens == title and block.kind in _TITLED:
            known = heads.get("headline")
            if known is None or (block.kind == "heading" and not is_heading):
                heads["headline"], is_heading = path, block.kind == "heading"
        if block.kept or len(piece.tokens) > _BYLINE:
            continue
        if authors and "byline" not in heads and block.kind != "heading":
            said = set(folded_words(piece.text))
            if any(author and author <= said for author in authors):
                heads["byline"] = path
        if day and "date" not in heads and any(map(str.isdigit, piece.text)):
            read = possible_dates(piece.text, metadata.language)
            if any(moment.at.date() == day for moment in read):
                heads["date"] = path
    return heads
