"""Keys by which two pages show the same text: numbers, dates and names are folded."""

import re
from typing import Final

from models.text import words
from pipelines.extraction.blocks import digest

_MONTHS: Final = re.compile(
    r"\b(?:jan(?:uary|vier|uar|eiro)?|feb(?:ruary|ruar|raio)?|f[ée]vrier|mar(?:ch|s|ço|zo)?|märz|"
    r"apr(?:il|ile)?|avril|abril|ma[iy]o?|june?i?|juin|junio|jul[yi]o?|juillet|aug(?:ust)?|août|"
    r"agosto|sep(?:t|tember|tembre|tiembre)?|[o0]ct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|"
    r"embre|iembre)?|dec(?:ember)?|dez(?:ember)?|décembre|diciembre|mon(?:day)?|tue(?:sday)?|"
    r"wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|montag|dienstag|mittwoch|"
    r"donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b"
)
_DIGIT: Final = re.compile(r"\d")
_DIGITS: Final = re.compile(r"\d+(?: \d+)*")
_NAME: Final = re.compile(
    r"(?<=[^.!?:] )[^\W\d_a-zß-öø-ÿ][\w’'.-]*(?: [^\W\d_a-zß-öø-ÿ][\w’'.-]*)*"
)
_LOOSE_LEAST: Final = 4  # words of a fixed sentence that must be left once names are folded
_LOOSE_MOST: Final = 60  # words; a longer text repeats exactly or not at all


def keys(text: str, tokens: list[str], *, row: bool = False) -> tuple[int, int]:
    """A block's key (case, digits, dates folded) and its loose key (names folded too), or 0.

    `row`: the text is a row of a list or table in an article. Its numbers are what it says, so none
    is folded.
    """
    if row and _DIGIT.search(text):
        return digest(" ".join(tokens)), 0
    folded = _fold_numbers(" ".join(tokens))
    key = digest(folded)
    if not _LOOSE_LEAST <= len(tokens) <= _LOOSE_MOST:
        return key, 0
    if "\n" in text:  # of code, whose white space is kept
        lines = (" ".join(line.split()) for line in text.split("\n"))
        text = "\n".join(filter(None, lines))
    nameless, names = _NAME.subn("1", text)
    if names:
        folded = _fold_numbers(" ".join(words(nameless)))
    left = folded.split(" ")
    return key, digest("~" + folded) if len(left) - left.count("0") >= _LOOSE_LEAST else 0


def _fold_numbers(folded: str) -> str:
    if folded.replace(" ", "").isalpha() or not _DIGIT.search(folded):
        return folded  # most are letters alone, and that is seen at once
    return _DIGITS.sub("0", _MONTHS.sub("0", folded))
