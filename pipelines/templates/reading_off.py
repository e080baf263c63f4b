"""A page read off its template: what stands in open boxes, kept or not as its places tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.blocks import RemovedRun
from models.items import Extraction, Metadata
from models.templates import OFF_TEMPLATE, LearnedBox, TemplateState, search_rate
from pipelines.boilerplate import features, page_model
from pipelines.boilerplate.classify import FAR_OFF, NEVER, NONE
from pipelines.extraction import hidden_sources
from pipelines.extraction.blocks import Outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.extractor_votes import ExtractorVotes, density, inside
from pipelines.extraction.hidden_sources import Source
from pipelines.extraction.open_boxes import PassedBox, open_outline
from pipelines.extraction.surroundings import candidates
from pipelines.page_blocks import (
    MeasuredPage,
    Scored,
    blocks_of,
    measured,
    scored,
    see,
    word_hints,
)
from pipelines.templates.matching import Match, Searched, match, read_templates

EXTRACTOR: Final = f"winnow/3 {OFF_TEMPLATE}"
_HASHES: Final = 1 << 63
_DOUBTED: Final = 0.01  # share of an article's words: so much changes no F1 by 0.005
_MOSTLY: Final = 0.5  # share of a DOM path's texts that the article has
_OWN_VOTES: Final = [features.NAMES.index(name) for name in ("kept", "place_kept")]


@dataclass(frozen=True, slots=True)
class SiteTemplates:
    """A site's learned templates, for one page."""

    states: tuple[TemplateState, ...] = ()
    page_hash: int = 0  # 63 bits of the page's URL: which pages are samples does not depend on when
    teaches: bool = False  # the page may teach its template
    searched: bool = False  # search it: it is stored, and its copies are read in one way
    always: bool = False  # search it: the site's TOML says so
    damaged: frozenset[int] = frozenset()  # keys of those not learned anew since they were so

    @property
    def asked(self) -> bool:
        """Whether anybody asks how the page is read."""
        return self.teaches or self.searched

    @property
    def packed(self) -> tuple[bytes, ...]:
        """Those that enough pages have taught."""
        return tuple(one.packed for one in self.states if one.packed is not None)

    @property
    def unused(self) -> Searched | None:
        """Why a page is searched whatever it looks like; None: it may be read off."""
        if self.always:
            return Searched.ALWAYS
        if self.searched:
            return Searched.STORED
        return None if self.packed else Searched.LEARNING

    def why(self, said: Searched, key: int) -> Searched:
        """Why a page was searched, by the key of its own template, which the search has found.

        `said`: why, as far as could be seen before.
        """
        if said in {Searched.ALWAYS, Searched.STORED}:
            return said
        if key in self.damaged:
            return Searched.DAMAGED
        own = next((one for one in self.states if one.key == key), None)
        if said is not Searched.OTHER_TEMPLATE or own is None:
            return said
        return Searched.LEARNING if own.packed is None else Searched.NEW_PLACES

    def samples(self, state: TemplateState) -> bool:
        """Whether the page is searched too, to see that its template still holds."""
        return self.page_hash < search_rate(state.agreed) * _HASHES

    def wants(self, key: int, agrees: bool | None) -> bool:
        """Whether the sample of a template's pages has room for this one."""
        last = next((one.last_hash for one in self.states if one.key == key), None)
        return self.teaches and (last is None or agrees is False or self.page_hash <= last)


class ReadOff(NamedTuple):
    """A page as its template has it."""

    state: TemplateState
    measured: MeasuredPage
    scored: Scored
    extraction: Extraction
    runs: tuple[RemovedRun, ...]  # boxes that were passed over
    positions: tuple[int, ...]  # of each block among them

    def with_boxes(self, page: Extraction) -> Extraction:
        """The page with the boxes that were passed over among its removed runs."""
        at = self.positions
        blocks = tuple(replace(block, position=at[block.position]) for block in page.blocks)
        runs = [run._replace(position=at[run.position]) for run in page.removed]
        return replace(page, blocks=blocks, removed=tuple(sorted([*runs, *self.runs])))


def read_off(
    tree: HtmlElement,
    url: str,
    declared: DeclaredText,
    sources: Sequence[Source],
    metadata: Metadata,
    ruled: bool,
    templates: SiteTemplates,
    *,
    has_rules: bool = False,
) -> ReadOff | Searched:
    """The page's blocks by its template, else why it must be searched. The tree stays as it is."""
    if templates.unused is not None:
        return templates.unused
    try:
        learned = read_templates(templates.packed)
    except ValueError:
        return Searched.DAMAGED
    outline, elements, passed = open_outline(tree, learned.closed, ruled=has_rules)
    if any(hidden_sources.exceeds(source, outline) for source in sources):
        return Searched.HIDDEN
    page = see(outline, elements, declared, url)
    hints = word_hints(page, [True] * len(outline.pieces))
    found = match(outline, page.dom_paths, page.kinds, hints, passed, learned)
    if isinstance(found, Searched):
        return found
    votes = _votes(outline, found)
    near = map(any, zip(candidates(outline, votes.kept), found.new, strict=True))
    unsure = [score is None and worth for score, worth in zip(found.known, near, strict=True)]
    told = measured(page, votes, hints, unsure, found.known)
    scores = scored(told, metadata)
    other = told.rows
    if any(found.new):  # trafilatura may keep all of a list, or none of it
        likely = _votes(outline, found, new=1.0)
        other = measured(page, likely, hints, unsure, found.known).rows
    if (doubt := _doubt(told, other, found, scores)) is not None:
        return doubt
    blocks = blocks_of(told, scores, ruled)
    state = next(one for one in templates.states if one.key == found.template.key)
    runs, positions = _runs(passed, len(blocks), learned.closed)
    bare = Extraction(blocks, metadata, EXTRACTOR, state.key)
    return ReadOff(state, told, scores, bare, runs, positions)


def _doubt(
    page: MeasuredPage, other: Sequence[list[float] | None], found: Match, scores: Scored
) -> Searched | None:
    """Why the page is in doubt: too much of it hangs on trafilatura, which was not asked.

    `other`: the features if it kept all texts in new places.
    """
    doubted, why = 0, Searched.UNSURE
    for i, row in enumerate(page.rows):
        # what structure shows to be foreign is seen better with all that stands around it
        foreign = page.word_hints[i] & NONE > 0 and found.kept[i] > _MOSTLY
        # a byline is told by what it says, whatever any extractor thinks of it
        told = scores.scores[i] <= -NEVER
        unlike = found.strange[i] or not _is_sure(row, other[i], found.odds[i])
        if foreign or (unlike and not told):
            doubted += len(page.outline.pieces[i].tokens)
            path = page.dom_paths[i]
            if path not in found.template.uses and path not in found.template.open:
                why = Searched.NEW_PLACES
    return why if doubted > _DOUBTED * found.words else None


def _is_sure(row: list[float] | None, other: list[float] | None, odds: float) -> bool:
    """Whether a text would be kept, or removed, whatever trafilatura said of it."""
    if row is None or other is None:
        return True
    without, kept = list(row), list(other)
    for k in _OWN_VOTES:
        without[k], kept[k] = 0.0, 1.0
    return (page_model.score(without) + odds > 0) == (page_model.score(kept) + odds > 0)


def _votes(outline: Outline, found: Match, new: float = 0.0) -> ExtractorVotes:
    """Votes for the texts that the places do not tell, by what is kept around them.

    `new`: the vote for texts in new places.
    """
    densities, best = density(outline)
    densest = inside(outline.containers, best)
    kept = [
        float(score > 0) if score is not None else new if is_new else share
        for share, score, is_new in zip(found.kept, found.known, found.new, strict=True)
    ]
    return ExtractorVotes(kept, [share > 0.5 for share in kept], densities, densest)


def _runs(
    passed: Sequence[PassedBox], pieces: int, closed: Mapping[str, LearnedBox]
) -> tuple[tuple[RemovedRun, ...], tuple[int, ...]]:
    """Neighbouring boxes of one reason as runs, and the position of each piece among them."""
    boxes = [(box, text) for box in passed if (text := box.excerpt)]
    before = [0] * (pieces + 1)
    for box, _ in boxes:
        before[box.before] += 1
    positions, shift = [], 0
    for i in range(pieces):
        shift += before[i]
        positions.append(i + shift)
    return tuple(_grouped(boxes, closed)), tuple(positions)


def _grouped(
    boxes: Sequence[tuple[PassedBox, str]], closed: Mapping[str, LearnedBox]
) -> Iterator[RemovedRun]:
    marked = [(at, box, text, closed[box.path].reason) for at, (box, text) in enumerate(boxes)]
    for (_, reason), run in groupby(marked, lambda one: (one[1].before, one[3])):
        (at, box, text, _), *others = run
        yield RemovedRun(box.before + at, 1 + len(others), reason, FAR_OFF, text)
