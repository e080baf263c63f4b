"""Word differences as pages show them: long passages that are the same are cut. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from crawler.reports.word_diff import Change

AROUND: Final = 160  # characters that are shown on either side of a change


def in_context(changes: Sequence[Change]) -> list[Change]:
    """The changes with what stands next to them; what lies between is '…'."""
    return list(_cut(changes))


def _cut(changes: Sequence[Change]) -> Iterator[Change]:
    for number, change in enumerate(changes):
        if change.kind != "same":
            yield change
            continue
        before = change.text[:AROUND] if number else ""
        after = change.text[-AROUND:] if number + 1 < len(changes) else ""
        whole = len(change.text) <= len(before) + len(after) + 1
        yield change if whole else Change("same", f"{before}…{after}")
