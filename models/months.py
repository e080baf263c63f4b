"""Names of months in many languages, from the CLDR (benchmarks/month_names.py writes the table)."""

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from models.folding import folded

TABLE: Final = Path(__file__).with_name("month_names.tsv")
_MOST_TOKENS: Final = 4  # of a name
# a number, or a run of letters with the vowel signs that some scripts write as marks
_TOKEN: Final = re.compile(
    "[0-9]+|[^\\W\\d_](?:[^\\s\\d!-/:-@\\[-`{-~\u00a0-\u00bf\u0589\u05be\u05f3\u05f4\u060c\u061b"
    "\u061f\u0964\u0965\u2000-\u206f\u3000-\u303f])*"
)


class _Names(NamedTuple):
    months: dict[str, dict[int, tuple[str, ...]]]  # name: month: languages
    between: frozenset[str]  # words that stand between the parts of a date


def tokens(text: str) -> list[str]:
    """The numbers and words of a folded text."""
    return _TOKEN.findall(text)


def spans(text: str) -> list[tuple[str, int, int]]:
    """As `tokens`, each with where it starts and ends."""
    return [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(text)]


def month_at(words: list[str], at: int, language: str | None) -> tuple[int, int, str] | None:
    """The month that is named from `at` on: its number, how many tokens, a language; else None.

    A name that means several months is read in `language` (a primary tag); where that is another
    one, the name says nothing.
    """
    months = _names().months
    for count in range(min(_MOST_TOKENS, len(words) - at), 0, -1):
        if found := months.get(" ".join(words[at : at + count])):
            month = _month_in(found, language)
            return (month, count, found[month][0]) if month else None
    return None


def month_number(name: str, language: str | None = None) -> int | None:
    """1 to 12 for a month's name or abbreviation; None for another word."""
    words = tokens(folded(name))
    found = month_at(words, 0, language) if words else None
    return found[0] if found and found[1] == len(words) else None


def is_between(word: str) -> bool:
    """Whether a word stands between day, month and year in some language: "de", "năm", "г"."""
    return word in _names().between


def _month_in(found: dict[int, tuple[str, ...]], language: str | None) -> int | None:
    if len(found) == 1 or language is None:
        return next(iter(found))
    return next((month for month, spoken in found.items() if language in spoken), None)


@cache
def _names() -> _Names:
    months: dict[str, dict[int, tuple[str, ...]]] = {}
    between: set[str] = set()
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        language, *lists, words = line.split("\t")
        between.update(words.split("|"))
        for month, listed in enumerate(lists, 1):
            for name in filter(None, listed.split("|")):
                meant = months.setdefault(name, {})
                meant[month] = (*meant.get(month, ()), language)
    return _Names(months, frozenset(between - {""}))
