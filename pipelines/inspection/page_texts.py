"""The texts of an archived page in document order, and the element that shows each. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from lxml.html import HtmlElement

from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.extraction.whole_outline import prepared, whole_outline
from pipelines.metadata.alternatives import Alternative, alternatives
from pipelines.metadata.page_metadata import read_page_metadata


class PageText(NamedTuple):
    """One text between two block boundaries, as a search of the page finds it."""

    text: str
    element: int | None  # number of its element, as of `elements`; None: no element shows it


@dataclass(frozen=True, slots=True)
class PageTexts:
    """What one archived copy says."""

    texts: tuple[PageText, ...]
    metadata: tuple[Alternative, ...]  # every title, author and date that it gives, and where


def elements(tree: HtmlElement) -> list[HtmlElement]:
    """All elements of a tree just parsed; the place in the list is an element's number.

    The same bytes always give the same numbers.
    """
    return list(tree.iter())


def page_texts(
    body: bytes, charset: str | None, url: str, hint: Hint, fetched_at: datetime
) -> PageTexts:
    """The texts and the metadata of a page. Raises ExtractionFailed as `parse` does."""
    tree = parse(body, charset)
    # the list keeps the elements alive: lxml would give others for the same nodes later
    numbers = {element: number for number, element in enumerate(elements(tree))}
    given = tuple(alternatives(tree, url, hint, newest=fetched_at))
    declared = read_page_metadata(tree, url, hint, newest=fetched_at)
    outline, containers = whole_outline(tree, prepared(tree, declared.article_body))
    texts = tuple(
        PageText(piece.text, numbers.get(containers[piece.container])) for piece in outline.pieces
    )
    return PageTexts(texts, given)
