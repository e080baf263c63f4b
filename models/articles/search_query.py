"""What a person looks for, as phrases of terms: words, "quoted phrases", a prefix*, -excluded."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from models.articles.search_terms import LONGEST, characters, is_unspaced, pairs, pieces
from models.errors import UsageError

MOST_CHARACTERS: Final = 1_000  # of a question
MOST_PHRASES: Final = 32

# a minus, words in quotes or up to the next space or quote, a star
_PART: Final = re.compile(r"""(-?)(?:["“”„«»]([^"“”„«»]*)["“”„«»]?|([^\s"“”„«»]+))(\*?)""")


@dataclass(frozen=True)
class Phrase:
    """Words that follow each other in a text."""

    pieces: tuple[str, ...]  # as `search_terms.pieces` has them; at least one
    open_ended: bool  # the last word is the beginning of one

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """The terms that follow each other."""
        *first, last = self.pieces
        found = [term for piece in first for term in _terms(piece)]
        if is_unspaced(last) and len(characters(last)) > 1:
            return (*found, *pairs(last)[:-1])  # the run may go on
        return (*found, last[:LONGEST])

    @cached_property
    def is_prefix(self) -> bool:
        """Whether the last term is the beginning of one."""
        last = self.pieces[-1]
        if is_unspaced(last):
            return len(characters(last)) == 1  # which begins a pair, or ends a run
        return self.open_ended


def _terms(piece: str) -> list[str]:
    return pairs(piece) if is_unspaced(piece) else [piece[:LONGEST]]


@dataclass(frozen=True)
class Query:
    """Phrases that an article has, all of them, and phrases that it does not have."""

    wanted: tuple[Phrase, ...]  # at least one
    excluded: tuple[Phrase, ...] = ()


def parse(question: str) -> Query:
    """What a question asks for. Raises UsageError where it has no word to look for.

    Punctuation inside a word parts it: `well-known` is the phrase "well known".
    """
    if len(question) > MOST_CHARACTERS:
        raise UsageError(f"a search of more than {MOST_CHARACTERS} characters; use fewer words")
    wanted: dict[Phrase, None] = {}
    excluded: dict[Phrase, None] = {}
    for minus, quoted, word, star in _PART.findall(question):
        found = pieces(quoted or word)
        if found:
            ends = bool(star) or (word or quoted).endswith("*")
            (excluded if minus else wanted)[Phrase(tuple(found), ends)] = None
    if not wanted:
        why = "it names only what to leave out" if excluded else "it has no letter and no digit"
        raise UsageError(f"nothing to search for: {why}; type words")
    if len(wanted) + len(excluded) > MOST_PHRASES:
        raise UsageError(f"a search of more than {MOST_PHRASES} words; use fewer")
    return Query(tuple(wanted), tuple(excluded))
