"""Stored JSON of learned templates: written, read within a size, and each value of it checked.

Every function that reads raises ValueError, with a short reason, for what was not written here;
`what` names a value in it.
"""

import json
import reprlib
import sys
import zlib
from collections.abc import ItemsView
from typing import Any, Final, NamedTuple, NoReturn, TypeVar

from models.blocks import REASONS

FORM: Final = 1  # of the JSON; one that is not known is not read
HEADS: Final = ("headline", "byline", "date")  # whose places a template knows
LARGEST_HASH: Final = (1 << 63) - 1
_LEVEL: Final = 1  # zlib's fastest
_MOST: Final = 10**9  # of anything that is counted on a page
_SUM: Final = 10**12  # the same, of all pages of a sample
_ODDS: Final = 1e9  # log-odds, summed up
_REAL: Final = (float, int)  # types

Made = TypeVar("Made", bound=NamedTuple)


def encoded(**form: Any) -> bytes:
    """The values as JSON."""
    words = json.dumps({"form": FORM, **form}, ensure_ascii=False, separators=(",", ":"))
    return words.encode("utf-8", "replace")


def compressed(words: bytes) -> bytes:
    """JSON as SQL keeps it."""
    return zlib.compress(words, _LEVEL)


def decoded(packed: object, most: int) -> dict[str, Any]:
    """The values of compressed JSON of at most so many bytes, and of a form that is known."""
    if not isinstance(packed, bytes):
        _refuse("bytes", packed)
    reader = zlib.decompressobj()
    try:
        words = reader.decompress(packed, most + 1)
    except zlib.error as fault:
        raise ValueError(f"zlib cannot read it: {fault}") from fault
    if len(words) > most:
        raise ValueError(f"JSON of more than {most:,} bytes")
    if not reader.eof or reader.unused_data:
        raise ValueError("cut short" if not reader.eof else "something follows it")
    try:
        form = json.loads(words.decode(), parse_constant=lambda name: _refuse("JSON", name))
    except RecursionError as fault:
        raise ValueError("JSON of too many levels") from fault
    found = dict(fields_of(form, "JSON"))
    if found.get("form") != FORM:
        raise ValueError(
            f"of form {reprlib.repr(found.get('form'))}, where {FORM} is the one known"
        )
    return found


def fields_of(value: object, what: str) -> ItemsView[str, Any]:
    """The names and values of an object of JSON."""
    if type(value) is not dict:
        _refuse(what, value)
    return value.items()


def by_head(value: object, what: str) -> dict[str, Any]:
    """An object of JSON by HEADS, or some of them."""
    found = dict(fields_of(value, what))
    for name in found:
        if name not in HEADS:
            _refuse(what, name)
    return found


def text(value: object, what: str) -> str:
    """A string that can be written as UTF-8."""
    if type(value) is not str:
        _refuse(what, value)
    if not value.isascii():
        value.encode()
    return value


def texts(value: object, what: str) -> list[str]:
    """A list of strings."""
    return [text(one, what) for one in _list(value, what)]


def count(value: object, what: str, least: int = 0, most: int = _MOST) -> int:
    """A whole number from `least` to `most`."""
    if type(value) is not int or not least <= value <= most:
        _refuse(what, value)
    return value


def lengths(value: object, what: str) -> tuple[int, ...]:
    """One or more numbers of words, in ascending order."""
    found = [count(one, what, 1) for one in _list(value, what, 1)]
    if sorted(found) != found:
        _refuse(what, value)
    return tuple(found)


def uses(value: object, make: type[Made]) -> dict[str, dict[int, Made]]:
    """What stands there, by DOM path and class of text: rows of a class and its numbers."""
    is_sound = _is_of_sample if "pages" in make._fields else _is_of_page
    columns = len(make._fields) + 1
    found: dict[str, dict[int, Made]] = {}
    for row in _list(value, "uses"):
        path, *classes = _list(row, "uses", 1)
        found[text(path, "uses")] = made = {}
        for use in classes:
            if type(use) is not list or len(use) != columns or not is_sound(*use):
                _refuse("uses", use)
            made[use[0]] = make._make(use[1:])
    return found


def boxes(value: object, make: type[Made]) -> dict[str, Made]:
    """Boxes by DOM path: rows of a path, perhaps of pages, of characters and a reason."""
    columns = len(make._fields) + 1
    found: dict[str, Made] = {}
    for row in _list(value, "closed"):
        path, *numbers, reason = _list(row, "closed", columns, columns)
        if type(reason) is not str or reason not in REASONS:
            _refuse("closed", row)
        for number in numbers:
            if type(number) is not int or not 0 <= number <= _MOST:
                _refuse("closed", row)
        found[text(path, "closed")] = make._make(row[1:])
    return found


# Each value by itself, for speed: a template holds some hundreds of these rows.
def _is_of_page(of: Any, texts: Any, kept: Any, score: Any, nearest: Any, words: Any) -> bool:
    if not (int is type(of) is type(texts) is type(kept) is type(words)):
        return False
    if not (0 <= of <= _MOST and 0 <= kept <= texts <= _MOST and 0 <= words <= _MOST):
        return False
    return bool(texts) and _are_odds(score, nearest)


def _is_of_sample(
    of: Any, pages: Any, texts: Any, kept: Any, score: Any, nearest: Any, words: Any, most: Any
) -> bool:
    if not (int is type(of) is type(pages) is type(texts)):
        return False
    if not (int is type(kept) is type(words) is type(most)):
        return False
    if not (0 <= of <= _MOST and 1 <= pages <= texts <= _SUM and 0 <= kept <= texts):
        return False
    return 0 <= most <= words <= _SUM and _are_odds(score, nearest)


def _are_odds(score: Any, nearest: Any) -> bool:
    if type(score) not in _REAL or type(nearest) not in _REAL:
        return False
    return bool(-_ODDS <= score <= _ODDS and -_ODDS <= nearest <= _ODDS)


def _list(value: object, what: str, least: int = 0, most: int = sys.maxsize) -> list[Any]:
    if type(value) is not list or not least <= len(value) <= most:
        _refuse(what, value)
    return value


def _refuse(what: str, value: object) -> NoReturn:
    raise ValueError(f"{what}: {reprlib.repr(value)}")
