"""What a page's structure alone shows to be no part of its story, and why."""

from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from pipelines.extraction import vocabulary
from pipelines.extraction.asking_boxes import asking_boxes, cookie_bars
from pipelines.extraction.blocks import Outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.dialogs import dialogs
from pipelines.extraction.further_stories import further_stories, headline
from pipelines.extraction.parted_stories import parted_stories
from pipelines.extraction.picture_lines import picture_lines
from pipelines.extraction.reader_rows import reader_rows
from pipelines.extraction.spans import spans
from pipelines.extraction.teaser_rows import teaser_rows

_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
_HEADED: Final = vocabulary.ROW | vocabulary.STORY  # what a heading right before it is the title of


def foreign(outline: Outline, elements: Sequence[HtmlElement], declared: DeclaredText) -> list[int]:
    """For each piece, why it is no part of the story: a bit of `vocabulary`, or 0.

    `elements`: of the page's containers, as `blocks.walk` gives them, whole.
    """
    found = [0] * len(outline.pieces)
    if not found:
        return found
    page = spans(outline)
    title = headline(outline, declared)
    for bit, ranges in (
        (vocabulary.ASKS, asking_boxes(outline, page, elements, title)),
        (vocabulary.ASKS | vocabulary.COOKIE, cookie_bars(outline, page, title)),
        (vocabulary.LINE, picture_lines(outline, page, elements)),
        (vocabulary.STORY, teaser_rows(outline, page, title)),
        (vocabulary.ROW, reader_rows(outline, page)),
        (vocabulary.STORY, further_stories(outline, page, title)),
        (vocabulary.STORY, parted_stories(outline, page, title)),
        (vocabulary.DIALOG, dialogs(page, elements, title)),
    ):
        for start, stop in ranges:
            found[start:stop] = [bit] * (stop - start)
    for i in range(len(found) - 2, -1, -1):
        tag = outline.containers[outline.pieces[i].container].tag
        if tag in _HEADINGS and i != title and found[i + 1] & _HEADED:
            found[i] = found[i + 1]
    return found
