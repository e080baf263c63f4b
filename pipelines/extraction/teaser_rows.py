"""Rows beside a story whose headings are links: teasers of other stories, whatever their names."""

from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.extraction.blocks import Outline
from pipelines.extraction.spans import Spans, above

_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LINKED: Final = 0.9  # share of a heading's characters in links
_MOST: Final = 0.8  # of the rows have such a heading
_WORDS: Final = 60  # of a row, in the mean; a longer one is an entry of a long list
_LONGER: Final = 2  # times the prose of the rest of the page: a page of entries has more


def teaser_rows(outline: Outline, spans: Spans, headline: int) -> list[tuple[int, int]]:
    """The ranges of pieces that are teasers, in an element that holds little else.

    Rows in the element that holds the story itself are the story's: lists of what it is about.
    """
    if headline < 0:
        return []
    story = set(above(outline, outline.pieces[headline].container))
    found: list[tuple[int, int]] = []
    for parent, rows in spans.rows:
        told = sum(spans.told(start, stop) for start, stop in rows)
        if told > _LONGER * (spans.prose[-1] - told) or not _linked(outline, spans, rows):
            continue
        branch = _branch(outline, story, parent)
        if branch >= 0 and spans.inside(branch) <= 2 * told:
            found += rows
    return found


def _linked(outline: Outline, spans: Spans, rows: Sequence[tuple[int, int]]) -> bool:
    """Whether nearly all rows are short, with a heading that is a link."""
    pieces, containers = outline
    linked = words = 0
    for start, stop in rows:
        heading = next(
            (one for one in pieces[start:stop] if containers[one.container].tag in _HEADINGS), None
        )
        linked += heading is not None and heading.linked >= _LINKED * len(heading.text)
        words += sum(spans.sizes[start:stop])
    return linked >= _MOST * len(rows) and words <= _WORDS * len(rows)


def _branch(outline: Outline, story: set[int], number: int) -> int:
    """The widest element around a container that does not hold the headline too; -1 if none."""
    path: Iterator[int] = (one for one in above(outline, number) if one not in story)
    return max(path, default=-1, key=lambda one: -one)
