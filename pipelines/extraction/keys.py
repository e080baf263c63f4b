"""Keys by which two pages show the same text: numbers, dates and names are folded."""

import re
from functools import lru_cache
from typing import Final

from models.text import words
from pipelines.extraction.blocks import digest

_DATES: Final = frozenset(  # months and days of the week, case folded
    """
    jan january janvier januar janeiro feb february februar febraio fevrier février mar march mars
    março marzo märz apr april aprile avril abril mai maio may mayo jun june juni junei juin junio
    july julio juli julyo juillet aug august août agosto sep sept september septembre septiembre
    oct october octobre octubre 0ct 0ctober 0ctobre 0ctubre okt oktober nov november novembre
    noviembre dec december dez dezember décembre diciembre mon monday tue tuesday wed wednesday thu
    thursday fri friday sat saturday sun sunday montag dienstag mittwoch donnerstag freitag samstag
    sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
    """.split()  # noqa: SIM905 - a list that is read, not computed
)
_DIGIT: Final = re.compile(r"\d")
_DIGITS: Final = re.compile(r"\d+(?: \d+)*")
_NAME: Final = re.compile(
    r"(?<=[^.!?:] )[^\W\d_a-zß-öø-ÿ][\w’'.-]*(?: [^\W\d_a-zß-öø-ÿ][\w’'.-]*)*"
)
_LOOSE_LEAST: Final = 4  # words of a fixed sentence that must be left once names are folded
_LOOSE_MOST: Final = 60  # words; a longer text repeats exactly or not at all


_SHORT: Final = 120  # characters of a text whose keys are kept: menus, which a site's pages share


def keys(text: str, tokens: list[str], *, row: bool = False) -> tuple[int, int]:
    """A block's key (case, digits, dates folded) and its loose key (names folded too), or 0.

    `row`: the text is a row of a list or table in an article. Its numbers are what it says, so none
    is folded.
    """
    said = " ".join(tokens)
    if row and _DIGIT.search(text):
        return digest(said), 0
    return _kept_keys(text, said) if len(text) <= _SHORT else _keys(text, said)


def _keys(text: str, said: str) -> tuple[int, int]:
    folded = _fold_numbers(said)
    key = digest(folded)
    if not _LOOSE_LEAST <= said.count(" ") + 1 <= _LOOSE_MOST:
        return key, 0
    if "\n" in text:  # of code, whose white space is kept
        lines = (" ".join(line.split()) for line in text.split("\n"))
        text = "\n".join(filter(None, lines))
    nameless, names = _NAME.subn("1", text)
    if names:
        folded = _fold_numbers(" ".join(words(nameless)))
    left = folded.split(" ")
    return key, digest("~" + folded) if len(left) - left.count("0") >= _LOOSE_LEAST else 0


_kept_keys: Final = lru_cache(maxsize=2048)(_keys)


def _fold_numbers(said: str) -> str:
    if said.replace(" ", "").isalpha() or not _DIGIT.search(said):
        return said  # most are letters alone, and that is seen at once
    return _DIGITS.sub("0", " ".join(["0" if word in _DATES else word for word in said.split(" ")]))
