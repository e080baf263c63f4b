"""A tree without what can be no article: what the extractor reads is a fifth of the page.

Menus, footers and the like are most of a page's elements. trafilatura copies the tree it gets four
times and asks some twenty expressions about each element, so that nothing saves as much.
"""

from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from pipelines.extraction.blocks import Container, Outline

_LINKS: Final = 0.8  # share of characters in links from which on a text is no prose
_WORDS: Final = 4  # of a text that is worth a look by itself
_NEVER: Final = frozenset({"nav", "footer", "aside", "figure"})  # trafilatura drops them too
_REACH: Final = 3  # steps up to what holds prose: the lists of an article's names and numbers


def prose_like(page: Outline) -> list[bool]:
    """Which pieces are worth a look by themselves: some words, not all of them links."""
    return [
        len(piece.tokens) >= _WORDS and piece.linked <= _LINKS * len(piece.text)
        for piece in page.pieces
    ]


def beside(marks: Sequence[bool]) -> list[bool]:
    """Which are marked, or next to a marked one."""
    return [any(marks[max(0, i - 1) : i + 2]) for i in range(len(marks))]


def narrow(page: Outline, elements: Sequence[HtmlElement]) -> None:
    """Removes from the tree the elements of containers that can hold nothing of the article.

    `elements`: of the page's containers, as `blocks.walk` gives them. Kept is what holds prose,
    what is beside it, and short texts, not links, that are near prose in the tree.
    """
    containers = page.containers
    wanted = _wanted(page)
    for number, container in enumerate(containers):
        if number and not wanted[number] and wanted[container.parent]:
            elements[number].drop_tree()


def _wanted(page: Outline) -> list[bool]:
    containers = page.containers
    wanted = [False] * len(containers)
    wanted[0] = True
    for piece, near in zip(page.pieces, beside(prose_like(page)), strict=True):
        if near and _NEVER.isdisjoint(containers[piece.container].areas):
            _want(containers, wanted, piece.container)
    prose = wanted.copy()
    for piece in page.pieces:
        number = piece.container
        if wanted[number] or piece.linked > _LINKS * len(piece.text):
            continue
        if _NEVER.isdisjoint(containers[number].areas) and _near(containers, prose, number):
            _want(containers, wanted, number)
    return wanted


def _want(containers: Sequence[Container], wanted: list[bool], number: int) -> None:
    """Marks a container with all above it."""
    while not wanted[number]:
        wanted[number] = True
        number = containers[number].parent


def _near(containers: Sequence[Container], prose: Sequence[bool], number: int) -> bool:
    """Whether a container is at most `_REACH` steps below one, not the page's whole, with prose."""
    for _ in range(_REACH):
        number = containers[number].parent
        if number <= 0:
            return False
        if prose[number]:
            return True
    return False
