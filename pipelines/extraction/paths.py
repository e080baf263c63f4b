"""DOM paths: an element and the named ones around it, by which a site's pages are compared."""

from collections.abc import Sequence
from typing import Final

from models.text import clean
from pipelines.extraction.blocks import Container, Outline

_NAMELESS: Final = frozenset({"div", "span", "section", "body", "center", "tbody", "tr"})
PATH: Final = 4  # steps of a DOM path: enough to tell body from sidebar, few enough to recur
_SHARED: Final = 3  # of these steps, that a site's pages share: templates wrap bodies in many ways

Steps = tuple[str, ...]  # from the inside out


def dom_paths(page: Outline) -> list[str]:
    """The DOM path of each piece, `div.story>section.body>p`: its step and the named ones above."""
    containers = page.containers
    above: dict[int, tuple[str, ...]] = {-1: ()}  # the named steps from a container up
    paths: dict[int, str] = {}
    for piece in page.pieces:
        if piece.container not in paths:
            container = containers[piece.container]
            steps = (container.step, *_named_steps(containers, container.parent, above))
            path = ">".join(reversed(steps[:PATH]))
            paths[piece.container] = path if path.isascii() else clean(path)  # as it is stored
    return [paths[piece.container] for piece in page.pieces]


def _named_steps(
    containers: list[Container], number: int, above: dict[int, tuple[str, ...]]
) -> tuple[str, ...]:
    """The nearest named steps from a container up, as many as a DOM path may need."""
    unknown = []
    while number not in above:
        unknown.append(number)
        number = containers[number].parent
    steps = above[number]
    for number in reversed(unknown):
        step = containers[number].step
        if step not in _NAMELESS:  # wrappers come and go
            steps = (step, *steps[: PATH - 2])
        above[number] = steps
    return steps


def learned_path(path: str) -> str:
    """The end of a DOM path, by which pages of a site are compared."""
    return ">".join(path.split(">")[-_SHARED:])


def box_steps(containers: Sequence[Container]) -> list[Steps]:
    """The DOM path of each container, as steps from the inside out."""
    found: list[Steps] = []
    named: list[Steps] = []  # the nearest named steps from each container up
    for container in containers:
        above = named[container.parent] if container.parent >= 0 else ()
        found.append((container.step, *above))
        named.append(named_from(container.step, above))
    return found


def named_from(step: str, above: Steps) -> Steps:
    """The nearest named steps from a container up, by those of its parent."""
    return above if step in _NAMELESS else (step, *above[: PATH - 2])


def path_of(steps: Steps) -> str:
    """The path as it is written, from the outside in."""
    path = ">".join(reversed(steps))
    return path if path.isascii() else clean(path)
