"""Whether a page has its site's template, and what that says of each of its texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from models.templates import LearnedBox, LearnedUse, Template, unpack
from pipelines.boilerplate.evidence import Support
from pipelines.boilerplate.site_scores import path_odds
from pipelines.extraction.blocks import Outline
from pipelines.extraction.open_boxes import PassedBox
from pipelines.templates.learning import box_of
from pipelines.templates.text_classes import SAYS, length_of, text_class

ENOUGH: Final = 3  # pages on which a text's class must have been treated alike
_OF_PATH: Final = 5  # the same, of all classes under a DOM path, for a class that is new there
_MARGIN: Final = 1.0  # log-odds, by which the least sure of them was kept or not
_MOSTLY: Final = 0.5  # share of a DOM path's texts that the article has
_PROSE: Final = 3  # rank of the lengths from which on a text is prose: two sentences
_LINE: Final = 2  # the same of a sentence, which is prose where no page had any text
_LINK: Final = 0.8  # share of characters in links of a text that is one
_FULLER: Final = 2.0  # times the text that a box or a DOM path without article text held at most
_ROOM: Final = 120  # characters more that a box may hold
_WORDS: Final = 20  # the same, of a DOM path
_SHORTER: Final = 0.5  # of the shortest article that the template has shown


_NOTHING: Final = LearnedBox(0, 0, "")


class Searched(StrEnum):
    """Why a page was searched."""

    ALWAYS = "always"  # the site's TOML says so
    STORED = "stored"  # it is stored: its copies are read in one way
    LEARNING = "learning"  # no template of the site is usable yet, or its own is not
    SAMPLE = "sample"  # to see that the places still hold
    OTHER_TEMPLATE = "other template"  # no text where a known one has it; nor is its own known
    NO_HEADLINE = "no headline"  # nothing where all pages of the template have it
    NEW_PLACES = "new places"  # text where no page had any, and which by itself is in doubt
    UNSURE = "unsure"  # text of which its place tells nothing, and which by itself is in doubt
    FULL_BOX = "fuller box"  # a box without article text holds much more than it ever did
    SHORT = "short"  # less text than any page of the template had
    HIDDEN = "hidden text"  # it may hold its text where it shows none
    NO_ARTICLE = "no article"  # it reads as a listing, or as what stands in an article's place
    DAMAGED = "damaged"  # what is stored of its template could not be read


class Match(NamedTuple):
    """What a template says of a page's texts."""

    template: Template
    known: list[float | None]  # log-odds, where all pages of the sample treated such a text alike
    kept: list[float]  # share of the texts at each one's DOM path that the article has
    odds: list[float]  # what the site's evidence will add to a text's own log-odds, about
    strange: list[bool]  # prose unlike all texts at a DOM path mostly without any
    new: list[bool]  # at a DOM path that no page had, in the story or the box of its text
    words: float  # of the article, about


@dataclass(frozen=True, slots=True)
class ReadTemplates:
    """A site's learned templates, as a worker uses them."""

    by_body: dict[str, Template]
    closed: dict[str, LearnedBox]  # boxes in which no template's pages had article text, by path


@lru_cache(maxsize=64)
def read_templates(packed: tuple[bytes, ...]) -> ReadTemplates:
    """The templates that SQL keeps. Raises ValueError for what cannot be read."""
    templates = [unpack(one) for one in packed]
    opened = frozenset().union(*(one.open for one in templates))
    closed: dict[str, LearnedBox] = {}
    for one in templates:
        for path, box in one.closed.items():
            if path not in opened:
                pages, most, _ = closed.get(path, _NOTHING)
                closed[path] = LearnedBox(pages + box.pages, max(most, box.characters), box.reason)
    closed = {path: box for path, box in closed.items() if box.pages >= ENOUGH}
    return ReadTemplates({one.body: one for one in templates}, closed)


def match(
    outline: Outline,
    dom_paths: Sequence[str],
    kinds: Sequence[str],
    hints: Sequence[int],
    passed: Sequence[PassedBox],
    templates: ReadTemplates,
) -> Match | Searched:
    """What the page's template says, else why it says nothing."""
    template = _template_of(outline, dom_paths, templates)
    if template is None:
        return Searched.OTHER_TEMPLATE
    headlines = {
        path: pages
        for path, pages in template.heads.get("headline", {}).items()
        if path not in templates.closed
    }
    if sum(headlines.values()) == template.pages and headlines.keys().isdisjoint(dom_paths):
        return Searched.NO_HEADLINE
    if any(_is_fuller(box, templates.closed[box.path]) for box in passed):
        return Searched.FULL_BOX
    found = _told(outline, dom_paths, kinds, hints, template)
    if _is_fuller_place(outline, dom_paths, found):
        return Searched.FULL_BOX
    return Searched.SHORT if found.words < _SHORTER * template.words[0] else found


def _template_of(
    outline: Outline, dom_paths: Sequence[str], templates: ReadTemplates
) -> Template | None:
    """The template whose body box holds most words of the page."""
    held: dict[str, int] = {}
    for piece, path in zip(outline.pieces, dom_paths, strict=True):
        body = box_of(path)
        if body in templates.by_body:
            held[body] = held.get(body, 0) + len(piece.tokens)
    best = max(held, key=lambda body: (held[body], body), default=None)
    return None if best is None else templates.by_body[best]


def _is_fuller(box: PassedBox, known: LearnedBox) -> bool:
    """Whether a closed box holds much more text than it ever did."""
    return box.exceeds(int(_FULLER * known.characters) + _ROOM)


def _is_fuller_place(outline: Outline, dom_paths: Sequence[str], found: Match) -> bool:
    """Whether a DOM path has many more words that its texts' like would lose than any page had."""
    lost: dict[str, int] = {}
    for piece, path, score in zip(outline.pieces, dom_paths, found.known, strict=True):
        if score is not None and score <= 0 and piece.linked * 2 < len(piece.text):
            lost[path] = lost.get(path, 0) + len(piece.tokens)
    for path, words in lost.items():
        most = sum(use.most for use in found.template.uses.get(path, {}).values())
        if words > _FULLER * most + _WORDS:
            return True
    return False


def _told(
    outline: Outline,
    dom_paths: Sequence[str],
    kinds: Sequence[str],
    hints: Sequence[int],
    template: Template,
) -> Match:
    pooled = {path: _pooled(list(template.uses.get(path, {}).values())) for path in set(dom_paths)}
    known: list[float | None] = []
    kept: list[float] = []
    odds: list[float] = []
    unseen: list[int] = []  # rank of the length, of a text unlike all at a path mostly without any
    total = 0.0
    for piece, path, kind, says in zip(outline.pieces, dom_paths, kinds, hints, strict=True):
        here = pooled[path]
        share = here.kept / here.texts if here.texts else 0.0
        is_link = piece.linked > _LINK * len(piece.text)
        more = _added(here, share, kind, plain=not says and not is_link)
        of = text_class(piece, says)
        use = template.uses.get(path, {}).get(of)
        score = None if use is None else _alike(use, ENOUGH, more)
        alone = use is None or use.pages < ENOUGH
        if score is None and alone and not of & SAYS and not is_link:
            longest = max(map(length_of, template.uses.get(path, ())), default=-1)
            score = _alike(here, _OF_PATH, more)
            if score is not None and score <= 0 and length_of(of) > longest:
                score = None  # a paragraph where only short texts were removed is something else
        total += len(piece.tokens) * (share if score is None else float(score > 0))
        known.append(score)
        kept.append(share)
        odds.append(more)
        unseen.append(length_of(of) if use is None and share <= _MOSTLY else -1)
    new = _new(outline, dom_paths, known, template)
    strange = [
        rank >= (_LINE if is_new and piece.linked <= _LINK * len(piece.text) else _PROSE)
        for rank, is_new, piece in zip(unseen, new, outline.pieces, strict=True)
    ]
    return Match(template, known, kept, odds, strange, new, total)


def _new(
    outline: Outline, dom_paths: Sequence[str], known: Sequence[float | None], template: Template
) -> list[bool]:
    """Which texts stand where no page had any, from the headline on, or in the body box."""
    heads = template.heads.get("headline", {})
    story = [
        i
        for i, (path, score) in enumerate(zip(dom_paths, known, strict=True))
        if path in heads or (score is not None and score > 0)
    ]
    inside = _inside(outline, dom_paths, template.body)
    first, last = (story[0], story[-1]) if story else (0, -1)
    return [
        path not in template.uses and (first <= i <= last or inside[piece.container])
        for i, (piece, path) in enumerate(zip(outline.pieces, dom_paths, strict=True))
    ]


def _inside(outline: Outline, dom_paths: Sequence[str], body: str) -> list[bool]:
    """Which containers are in a box with the DOM path `body`."""
    containers = outline.containers
    boxes = {
        containers[piece.container].parent
        for piece, path in zip(outline.pieces, dom_paths, strict=True)
        if box_of(path) == body
    }
    inside: list[bool] = []  # parents come before children
    for number, one in enumerate(containers):
        inside.append(number in boxes or (one.parent >= 0 and inside[one.parent]))
    return inside


def _added(use: LearnedUse, share: float, kind: str, *, plain: bool) -> float:
    """About what the site's evidence will add, as `site_scores` does for a DOM path."""
    usual = path_odds(Support(path_pages=use.pages, path_rate=share))
    if usual > 0:
        return usual if plain else 0.0
    return 0.0 if kind == "heading" else usual / 2


def _alike(use: LearnedUse, pages: int, odds: float) -> float | None:
    """The mean log-odds, if on so many pages all such texts were kept, or none was.

    None too if a text that is as unsure as the least sure of them might become the other.
    """
    if use.pages < pages or 0 < use.kept < use.texts:
        return None
    least, mean = use.nearest + odds, use.score + odds
    return use.score if least * mean > 0 and abs(least) >= _MARGIN else None


def _pooled(uses: Sequence[LearnedUse]) -> LearnedUse:
    """All classes under a DOM path as one."""
    texts, kept = sum(use.texts for use in uses), sum(use.kept for use in uses)
    words = sum(use.words for use in uses)
    score = sum(use.score * use.texts for use in uses) / (texts or 1)
    nearest = min((use.nearest for use in uses), key=abs, default=0.0)
    pages = max((use.pages for use in uses), default=0)
    most = sum(use.most for use in uses)
    return LearnedUse(pages, texts, kept, score, nearest, words, most)
