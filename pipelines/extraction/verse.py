"""Which line breaks part lines of verse, of an address, of ingredients, and which mean nothing."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from pipelines.extraction.preformatted import is_wrapped, joined, width

_FEW: Final = 2  # lines that are verse only beside others such
_STANZAS: Final = 3  # of two lines each, side by side, that are verse
_WIDEST: Final = 75  # columns of such a line
_MEAN: Final = 55


def one_text(lines: Sequence[str]) -> str:
    """Lines of a text as they are kept: parted if they are many and short, else joined."""
    if len(lines) > _FEW and _are_short(lines):
        return "\n".join(lines)
    whole = "\n".join(lines)
    return " ".join((joined(whole) if is_wrapped(whole) else whole).split())


class Stanzas:
    """Texts of two lines: they are verse where others stand beside them."""

    def __init__(self) -> None:
        self._couplets: dict[int, list[tuple[int, str]]] = defaultdict(list)  # by container above
        self._verse: set[int] = set()  # containers with a text of more lines

    def add(self, lines: Sequence[str], parent: int, piece: int) -> None:
        """A text of several lines, by the number of the container above it and its own."""
        if not _are_short(lines):
            return
        if len(lines) > _FEW:
            self._verse.add(parent)
        else:
            self._couplets[parent].append((piece, "\n".join(lines)))

    def couplets(self) -> Iterator[tuple[int, str]]:
        """Those that are verse, by number."""
        for parent, couplets in self._couplets.items():
            if parent in self._verse or len(couplets) >= _STANZAS:
                yield from couplets


def _are_short(lines: Sequence[str]) -> bool:
    widths = list(map(width, lines))
    return (
        max(widths) <= _WIDEST
        and sum(widths) <= _MEAN * len(lines)
        and (not is_wrapped("\n".join(lines)))
    )
