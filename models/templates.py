"""Learned templates: where the pages of a site that are alike put headline, text and boilerplate.

A template is told from others by the DOM path of the box that holds most of its articles' text.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from models import template_form

OFF_TEMPLATE: Final = "template"  # last word of the extractor of a page that was read off one
# Bytes of JSON. Of 1,440 pages of 60 sites of `benchmarks.sibling_sites` one in two takes 18 KB,
# and none more than 70 KB; nor does a template. A page gets nearly four times that. A template of
# a sample's 16 pages is never longer than they are, twice.
PAGE_BYTES: Final = 256 << 10
TEMPLATE_BYTES: Final = 2 * 16 * PAGE_BYTES
_LEAST_RATE: Final = 1 / 20  # of a template's pages that are searched all the same
_HALVES: Final = 1  # agreements in a row after which half of the pages are


class PlaceUse(NamedTuple):
    """The texts of one page under one DOM path, of one class."""

    texts: int
    kept: int  # of them
    score: float  # sum of the log-odds by which the page model kept them or not
    nearest: float  # of these the one nearest to 0, where all were kept, or none was
    words: int


class ClosedBox(NamedTuple):
    """A box of which nothing can be the article's."""

    characters: int  # of text
    reason: str  # why most of it is removed, as of BlockClassification


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """What one page, read by search, shows of its template; it depends on the page alone."""

    body: str  # DOM path of the box that holds most of the text
    words: int  # of the article
    uses: Mapping[str, Mapping[int, PlaceUse]]  # by DOM path, then by class of text
    closed: Mapping[str, ClosedBox]  # boxes without anything open, by DOM path
    open: frozenset[str]  # DOM paths of boxes with texts that something may still decide about
    heads: Mapping[str, str]  # DOM paths of 'headline', 'byline', 'date', where they are known


class LearnedUse(NamedTuple):
    """The texts of all sampled pages under one DOM path, of one class."""

    pages: int
    texts: int
    kept: int
    score: float  # mean
    nearest: float  # to 0, of any page, where all were kept, or none was
    words: int
    most: int  # words on one page


class LearnedBox(NamedTuple):
    """A box of which nothing was an article's on any sampled page."""

    pages: int
    characters: int  # of text, at most
    reason: str


@dataclass(frozen=True, slots=True)
class Template:
    """What the sampled pages of a template have in common."""

    key: int  # 63-bit hash of `body`
    body: str
    pages: int  # sampled
    words: tuple[int, ...]  # of their articles, ascending
    uses: Mapping[str, Mapping[int, LearnedUse]] = field(repr=False)
    closed: Mapping[str, LearnedBox] = field(repr=False)
    open: frozenset[str] = field(repr=False)
    heads: Mapping[str, Mapping[str, int]] = field(repr=False)  # on how many pages, by DOM path


class TemplateState(NamedTuple):
    """A learned template as a run holds it, for the workers."""

    key: int
    agreed: int  # comparisons in a row in which both ways of reading agreed
    last_hash: int | None  # of a full sample: pages with a larger hash do not enter it
    packed: bytes | None  # the Template; None: too few pages have taught it


class Lesson(NamedTuple):
    """What a page that was searched teaches of its template."""

    page: bytes | None  # a TemplatePage, packed; None: it would not enter the sample
    basis: str  # by which extractor and rules it was read
    agrees: bool | None  # whether the template gives the same text; None: not compared
    compared: int | None = None  # key of the template that was compared; None: the page's own

    def compared_with(self, key: int) -> int:
        """The key of the template that was compared; `key`: of the page's own."""
        return key if self.compared is None else self.compared


def search_rate(agreed: int) -> float:
    """The share of a template's new pages, 0..1, that are searched to see that it still holds.

    `agreed`: comparisons in a row in which both ways of reading agreed.
    """
    return max(_LEAST_RATE, 1 / (1 + agreed / _HALVES))


def combined(key: int, pages: Sequence[TemplatePage]) -> Template:
    """The template of the pages, in any order."""
    uses: dict[str, dict[int, list[PlaceUse]]] = {}
    boxes: dict[str, list[ClosedBox]] = {}
    heads: dict[str, dict[str, int]] = {}
    for page in pages:
        for path, classes in page.uses.items():
            for of, use in classes.items():
                uses.setdefault(path, {}).setdefault(of, []).append(use)
        for path, box in page.closed.items():
            boxes.setdefault(path, []).append(box)
        for name, path in page.heads.items():
            counts = heads.setdefault(name, {})
            counts[path] = counts.get(path, 0) + 1
    opened = frozenset().union(*(page.open for page in pages))
    return Template(
        key=key,
        body=pages[0].body,
        pages=len(pages),
        words=tuple(sorted(page.words for page in pages)),
        uses={
            path: {of: _learned(found) for of, found in sorted(classes.items())}
            for path, classes in sorted(uses.items())
        },
        closed={
            path: LearnedBox(len(found), max(box.characters for box in found), _most(found))
            for path, found in sorted(boxes.items())
            if path not in opened
        },
        open=opened,
        heads={name: dict(sorted(counts.items())) for name, counts in sorted(heads.items())},
    )


def _learned(uses: Sequence[PlaceUse]) -> LearnedUse:
    texts = sum(use.texts for use in uses)
    score = round(math.fsum(use.score for use in uses) / texts, 2)  # exact, in any order
    kept, words = sum(use.kept for use in uses), sum(use.words for use in uses)
    nearest = min((use.nearest for use in uses), key=lambda odds: (abs(odds), odds))
    most = max(use.words for use in uses)
    return LearnedUse(len(uses), texts, kept, score, nearest, words, most)


def _most(boxes: Iterable[ClosedBox]) -> str:
    """The reason of most boxes."""
    counts: dict[str, int] = {}
    for box in boxes:
        counts[box.reason] = counts.get(box.reason, 0) + 1
    return max(counts, key=lambda reason: (counts[reason], reason))


def pack_page(page: TemplatePage) -> bytes | None:
    """The page as SQL keeps it; None where it has so many places that no sample has room for it."""
    words = template_form.encoded(
        body=page.body, words=page.words, uses=list(_flat(page.uses)),
        closed=[[path, *box] for path, box in page.closed.items()],
        open=sorted(page.open), heads=dict(page.heads),
    )  # fmt: skip
    return template_form.compressed(words) if len(words) <= PAGE_BYTES else None


def unpack_page(packed: bytes) -> TemplatePage:
    """What `pack_page` was given. Raises ValueError, with a short reason, for anything else."""
    form = template_form.decoded(packed, PAGE_BYTES)
    return TemplatePage(
        body=template_form.text(form.get("body"), "body"),
        words=template_form.count(form.get("words"), "words", 1),
        uses=template_form.uses(form.get("uses"), PlaceUse),
        closed=template_form.boxes(form.get("closed"), ClosedBox),
        open=frozenset(template_form.texts(form.get("open"), "open")),
        heads={
            name: template_form.text(path, "heads")
            for name, path in template_form.by_head(form.get("heads"), "heads").items()
        },
    )


def pack(template: Template) -> bytes:
    """The template as SQL keeps it and workers get it."""
    return template_form.compressed(template_form.encoded(
        key=template.key, body=template.body, pages=template.pages, words=template.words,
        uses=list(_flat(template.uses)),
        closed=[[path, *box] for path, box in template.closed.items()],
        open=sorted(template.open), heads=dict(template.heads),
    ))  # fmt: skip


def unpack(packed: bytes) -> Template:
    """What `pack` was given. Raises ValueError, with a short reason, for anything else."""
    form = template_form.decoded(packed, TEMPLATE_BYTES)
    return Template(
        key=template_form.count(form.get("key"), "key", most=template_form.LARGEST_HASH),
        body=template_form.text(form.get("body"), "body"),
        pages=template_form.count(form.get("pages"), "pages", 1),
        words=template_form.lengths(form.get("words"), "words"),
        uses=template_form.uses(form.get("uses"), LearnedUse),
        closed=template_form.boxes(form.get("closed"), LearnedBox),
        open=frozenset(template_form.texts(form.get("open"), "open")),
        heads={
            name: {
                template_form.text(path, "heads"): template_form.count(n, "heads", 1)
                for path, n in template_form.fields_of(found, "heads")
            }
            for name, found in template_form.by_head(form.get("heads"), "heads").items()
        },
    )


def usable(state: TemplateState) -> Template | None:
    """The template of a stored row; None: too few pages have taught it.

    Raises ValueError, with a short reason, for a row that is damaged: it must be learned anew.
    """
    template_form.count(state.key, "template_key", most=template_form.LARGEST_HASH)
    template_form.count(state.agreed, "agreed")
    if state.last_hash is not None:
        template_form.count(state.last_hash, "last_hash", most=template_form.LARGEST_HASH)
    if state.packed is None:
        if state.last_hash is not None:
            raise ValueError("nothing learned of a full sample")
        return None
    template = unpack(state.packed)
    if template.key != state.key:
        raise ValueError(f"what it holds is of template {template.key}")
    return template


def _flat(uses: Mapping[str, Mapping[int, tuple[Any, ...]]]) -> Iterator[list[Any]]:
    for path, classes in uses.items():
        yield [path, *([of, *use] for of, use in classes.items())]
