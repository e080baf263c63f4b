"""Further stories below a page's own: each with a headline of its own in a frame of its own."""

from collections.abc import Sequence
from typing import Final

from pipelines.extraction.blocks import Container, Outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.spans import Spans, above

_PROSE: Final = 30  # words that make a story of what follows a headline
_OWN_PROSE: Final = 50  # of the page's own story, where another's frame is no <article>
_HEADLINES: Final = ("h1", "h2")
_HEAD: Final = 6  # pieces after a headline, among which its date stands
_BYLINE: Final = 12  # words


def further_stories(outline: Outline, spans: Spans, own: int) -> list[tuple[int, int]]:
    """The ranges of pieces that belong to other stories than the one with the headline `own`.

    A page that goes on with further stories repeats its frame: an element beside the one that
    holds the first story, with a headline, prose, and no part of the first.
    """
    pieces, containers = outline
    found: list[tuple[int, int]] = []
    reached = own + 1
    for i in range(own + 1, len(pieces) if own >= 0 else 0):
        if i >= reached and containers[pieces[i].container].tag in _HEADLINES:
            start, stop = _story(outline, spans, own, i)
            if start < stop:
                found.append((start, stop))
                reached = stop
    return found


def headline(outline: Outline, declared: DeclaredText) -> int:
    """The page's headline: of the highest level there, what is most like a title; -1 of none."""
    pieces, containers = outline
    for tag in _HEADLINES:
        found = [i for i, piece in enumerate(pieces) if containers[piece.container].tag == tag]
        if found:
            return max(
                found, key=lambda i: (_title_overlap(set(pieces[i].tokens), declared.titles), -i)
            )
    return -1


def _title_overlap(own: set[str], titles: Sequence[frozenset[str]]) -> float:
    return max((len(own & title) / len(own | title) for title in titles), default=0.0)


def _story(outline: Outline, spans: Spans, own: int, other: int) -> tuple[int, int]:
    """The pieces of the story that the headline `other` begins; an empty range if none."""
    pieces, containers = outline
    ours, path = (above(outline, pieces[i].container) for i in (own, other))
    meet = next(number for number in path if number in ours)
    if meet in (ours[0], path[0]):
        return 0, 0
    mine, theirs = ours[ours.index(meet) - 1], path[path.index(meet) - 1]
    if spans.starts[theirs] < spans.stops[mine]:
        return 0, 0
    title, head = containers[ours[0]], containers[path[0]]
    same_head = head.tag == title.tag == "h1" and head.step == title.step
    dated = title.tag == "h1" and _dated(outline, spans, own) and _dated(outline, spans, other)
    told, more = spans.inside(mine), spans.inside(theirs)
    if told >= _PROSE and more >= _PROSE:
        alike = _alike(containers[mine], containers[theirs], head.tag == title.tag)
        if same_head or (alike and (containers[theirs].tag == "article" or
                                    (dated and told >= _OWN_PROSE))):  # fmt: skip
            return spans.starts[theirs], spans.stops[theirs]
    elif same_head and dated and told < _PROSE and more < _PROSE:
        # Headline, text, headline, text, all beside each other.
        stop = spans.stops[meet]
        if spans.told(own, other) >= _PROSE and spans.told(other, stop) >= _PROSE:
            return spans.starts[theirs], stop
    return 0, 0


def _alike(first: Container, second: Container, same_level: bool) -> bool:
    """Whether two frames are of one kind: both articles, or with a name in common."""
    if first.tag != second.tag:
        return False
    named = not set(first.step.split(".")[1:]).isdisjoint(second.step.split(".")[1:])
    return named or (first.tag == "article" and (same_level or first.step == second.step))


def _dated(outline: Outline, spans: Spans, headline: int) -> bool:
    """Whether a short line with digits stands between a headline and its first sentence."""
    for i in range(headline + 1, min(headline + _HEAD, len(outline.pieces))):
        if spans.sizes[i] > _BYLINE:
            return False
        if not spans.ends[i] and any(map(str.isdigit, outline.pieces[i].text)):
            return True
    return False
