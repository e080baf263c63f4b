"""The shape of an address: what it has in common with the addresses of its kind. Pure.

A site's articles have a few shapes, its dead or empty pages a few others. Numbers, dates, ids
and slugs vary from page to page; the words of folders and the names of parameters are the
site's own and stay: `/news/2026/11/25/ferry-sails-again-12345.html?ref=rss` has the shape
`/news/{n}/{n}/{n}/{slug}-{n}.html?ref`.
"""

import re
from typing import Final
from urllib.parse import unquote

FOLDERS: Final = 2  # whose words are the site's; deeper ones mostly name subjects and people
NAMES: Final = 4  # of parameters
LONGEST_WORD: Final = 20  # letters: a longer run is the title of a page, as in Chinese or Thai
LONG_NUMBER: Final = 5  # digits behind a name: fewer are a part of it
LONGEST: Final = 200  # characters of a shape
_BEFORE_PATH: Final = re.compile(r"^[^/?#]*//[^/?#]*")
_SEPARATORS: Final = re.compile(r"[-_+.,:;~ ]+")
_EXTENSION: Final = re.compile(r"\.[a-z]{2,5}\d?$")
_HEX: Final = re.compile(r"[0-9a-f]{8,}(?:-[0-9a-f]{4,})*")
_WORD_AND_NUMBER: Final = re.compile(r"^([^\W\d_]{1,20})[-_.,]?\d+$")
_NUMBER: Final = re.compile(r"\d+(?:[-_.,]\d+)*")


def url_shape(url: str) -> str:
    """The shape of a URL's path and query: short text, the same for all pages of a kind.

    Every text has one, a broken URL too; no host and no fragment is in it.
    """
    path, _, query = _BEFORE_PATH.sub("", url).partition("#")[0].partition("?")
    *folders, last = unquote(path).lower().strip("/").split("/")
    named = [_folder(folder, depth) for depth, folder in enumerate(folders)]
    shape = "/" + "/".join([*named, _page(last)]) + _names(query)
    return shape[:LONGEST]


def _folder(folder: str, depth: int) -> str:
    kind = _kind(folder)
    return folder if kind == "{word}" and depth < FOLDERS else kind


def _page(last: str) -> str:
    extension = _EXTENSION.search(last)
    if extension is None or not extension.start():
        return _kind(last)
    return _kind(last[: extension.start()]) + extension.group()


def _kind(segment: str) -> str:
    """What a part of a path is: {n}, {id}, {word}, {slug}, or a fixed word before a number."""
    if not segment or _NUMBER.fullmatch(segment):
        return "{n}" if segment else ""
    if _HEX.fullmatch(segment) and any(letter.isdigit() for letter in segment):
        return "{id}"
    if named := _WORD_AND_NUMBER.match(segment):
        return named[1] + "-{n}"
    name = _without_number(segment)
    return _words(segment) if name is None else _words(name) + "-{n}"


def _without_number(segment: str) -> str | None:
    """What stands before the long number at the end of a segment; None if there is none.

    A pattern would try each of its digits as the first: time by the square of their number.
    """
    end = len(segment)
    while end and segment[end - 1].isdecimal():
        end -= 1
    if not end or len(segment) - end < LONG_NUMBER:
        return None
    return segment[: end - 1] if end > 1 and segment[end - 1] in "-_.," else segment[:end]


def _words(text: str) -> str:
    words = [word for word in _SEPARATORS.split(text) if word]
    if len(words) > 2 or len(text) > LONGEST_WORD:
        return "{slug}"
    if any(letter.isdigit() for letter in text):
        return "{id}"
    return "{word}"


def _names(query: str) -> str:
    """The names of the parameters, in order, without the numbers that some carry."""
    pairs = query.lower().split("&") if query else []
    names = {re.sub(r"\d+", "{n}", unquote(pair.partition("=")[0])) for pair in pairs}
    return "?" + "&".join(sorted(names - {""})[:NAMES]) if names - {""} else ""
