"""Which pieces each element of a page holds, and how much prose stands before each piece."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pipelines.extraction.blocks import Outline, Piece

_END: Final = re.compile(r"[.!?…。！？।:;؟][\"'»”’“‘›«‹)\]」』）】]*$")
_STOPS: Final = frozenset(".!?…。！？।:;؟")
_SENTENCE: Final = 40  # characters of Thai or Lao, which have no full stops
_UNSPACED: Final = 12  # characters a space, from which on a script has none between words
_TOUCHING: Final = re.compile(r"(?<=[^\W\d_\u2e80-\ud7ff])(?=\d)")
LABEL: Final = 3  # words of a piece that is a label, no text
_NO_ROWS: Final = frozenset({"p", "tr", "td", "th", "tbody", "dt", "dd", "span", "h1", "h2", "h3",
                             "h4"})  # fmt: skip


class Spans(NamedTuple):
    """Pieces by container, with all inside, and words of prose by piece."""

    starts: list[int]  # for each container its first piece; of an empty one, their number
    stops: list[int]  # and the one after its last; 0 of an empty one
    ends: list[bool]  # for each piece, whether it ends as a sentence does
    sizes: list[int]  # for each piece, its words
    rows: list[tuple[int, list[tuple[int, int]]]]  # containers with rows, and the rows' pieces
    prose: list[int]  # words in sentences, not links, before each piece; at the end, in all

    def told(self, start: int, stop: int) -> int:
        """Words of prose in the pieces from `start` up to `stop`."""
        return self.prose[stop] - self.prose[start]

    def inside(self, container: int) -> int:
        """Words of prose in a container."""
        start, stop = self.starts[container], self.stops[container]
        return self.told(start, stop) if start < stop else 0


def sentence_ends(pieces: Sequence[Piece]) -> list[bool]:
    """Which pieces end as a sentence does, in any script; long ones of Thai and Lao."""
    return list(map(ends_sentence, pieces))


def ends_sentence(piece: Piece) -> bool:
    """Whether a piece ends as a sentence does."""
    text = piece.text
    last = text[-1]
    if last in _STOPS or ("\u0e00" <= last <= "\u0eff" and len(text) >= _SENTENCE):
        return True
    if last.isalnum():  # as nearly always; what is behind a full stop is not
        return False
    return _END.search(text, max(0, len(text) - 4)) is not None


def spans(outline: Outline) -> Spans:
    """The spans of a page's containers; parents come before their children."""
    pieces, containers = outline
    starts, stops = [len(pieces)] * len(containers), [0] * len(containers)
    for i, piece in enumerate(pieces):
        number = piece.container
        starts[number] = min(starts[number], i)
        stops[number] = i + 1
    for number in range(len(containers) - 1, 0, -1):
        if stops[number]:
            above = containers[number].parent
            starts[above] = min(starts[above], starts[number])
            stops[above] = max(stops[above], stops[number])
    ends = sentence_ends(pieces)
    prose = [0]
    sizes = list(map(size, pieces))
    for piece, words, end in zip(pieces, sizes, ends, strict=True):
        sentence = end and piece.linked * 2 < len(piece.text)
        prose.append(prose[-1] + (words if sentence else 0))
    return Spans(starts, stops, ends, sizes, list(_rows(outline, starts, stops)), prose)


def size(piece: Piece) -> int:
    """The words of a piece, of like length in all scripts: two characters where none has spaces."""
    spaced = piece.text.count(" ") + 1
    unspaced = len(piece.text) >= _UNSPACED * spaced
    return max(spaced, len(piece.tokens) // 2) if unspaced else spaced


def apart(text: str) -> str:
    """A line with a space where a name and a number touch, as spans side by side do."""
    return _TOUCHING.sub(" ", text)


def text_words(outline: Outline, spans: Spans) -> list[int]:
    """Words of text before each piece, and at the end, in all: neither links nor labels.

    Unlike `Spans.prose` it needs no full stops, which Thai has none of.
    """
    found = [0]
    for piece, words in zip(outline.pieces, spans.sizes, strict=True):
        text = words > LABEL and piece.linked * 2 < len(piece.text)
        found.append(found[-1] + (words if text else 0))
    return found


def _rows(
    outline: Outline, starts: Sequence[int], stops: Sequence[int]
) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """The rows of each container that has some: elements of one tag that hold two pieces or more.

    Most elements of that tag must be rows.
    """
    found: dict[tuple[int, str], list[int]] = {}
    for number, container in enumerate(outline.containers):
        if container.tag not in _NO_ROWS:
            found.setdefault((container.parent, container.tag), []).append(number)
    for (parent, _), members in found.items():
        if len(members) < 2:
            continue
        rows = [
            (starts[number], stops[number])
            for number in members
            if stops[number] - starts[number] >= 2
        ]
        if len(rows) >= 2 and 2 * len(rows) >= len(members):
            yield parent, rows


def above(outline: Outline, container: int) -> list[int]:
    """A container and all that it is in, from the inside out."""
    path = []
    while container >= 0:
        path.append(container)
        container = outline.containers[container].parent
    return path
