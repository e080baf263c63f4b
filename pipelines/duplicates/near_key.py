"""The key of a short text and its title without what differs each time a page is asked for.

An interstitial says when it was shown, to whom and for what: a request's number, a time, an IP
address, the asked address. Two copies of it are near-equal and have one key. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from xxhash import xxh3_64_intdigest

from models.text import is_spaceless
from pipelines.duplicates.sketch import tokens

LONGEST: Final = 300  # tokens, as of the longest texts that ask for consent
# Words in a row without a number: in tables of results and prices, which their numbers tell apart,
# at most three stand so; in the 120 generated interstitials of the benchmark, a sentence does.
_SENTENCE: Final = 4
_CHARACTER: Final = 0.4  # words that a character of a script without spaces says
_WRITTEN: Final = re.compile(r"[!-~]+")  # what may be a code or an address
_CODED: Final = re.compile(r"[0-9@/]")
_ENDING: Final = re.compile(r"\.\w{2,5}$")
_NAME: Final = 2  # tokens of an address' name that a text may repeat: "ferry-late"


def near_key(title: str | None, text: str, url: str) -> int | None:
    """63 bits; None for a long text, and for one that its numbers tell from others.

    `url`: the page's own, after redirects, of which the text may speak.
    """
    if len(text) > 20 * LONGEST:
        return None
    asked = list(_names(url))
    said = _told(text, asked)
    found = [token for run in said for token in run]
    if len(found) > LONGEST or max(map(_words, said), default=0) < _SENTENCE:
        return None
    titled = _titled(title or "", asked)
    return xxh3_64_intdigest("\n".join([*titled, "", *found]).encode()) >> 1


def _titled(title: str, asked: Sequence[list[str]]) -> list[str]:
    """A title's tokens; its numbers tell one day's bulletin from the next, its codes nothing."""
    found = [token for token in tokens(title) if token.isdigit() or token.isalpha()]
    for name in asked:
        found = _without(found, name)
    return found


def _told(text: str, asked: Sequence[list[str]]) -> list[list[str]]:
    """The runs of tokens between numbers, codes and addresses."""
    runs: list[list[str]] = [[]]
    at = 0
    for written in _WRITTEN.finditer(text):
        if _CODED.search(written[0]):
            _extend(runs, text[at : written.start()])
            runs.append([])
            at = written.end()
    _extend(runs, text[at:])
    for name in asked:
        runs = [_without(run, name) for run in runs]
    return runs


def _extend(runs: list[list[str]], text: str) -> None:
    for token in tokens(text):
        if any(map(str.isdigit, token)):
            runs.append([])
        else:
            runs[-1].append(token)


def _words(run: Sequence[str]) -> float:
    return sum(_CHARACTER if is_spaceless(token[0]) else 1 for token in run)


def _names(url: str) -> Iterator[list[str]]:
    """The names in an address, longest first: the whole path, and each of its segments."""
    path = unquote(urlsplit(url).path)
    segments = [_ENDING.sub("", segment) for segment in path.split("/") if segment]
    for name in [" ".join(segments), *segments]:
        found = [token for token in tokens(name) if not any(map(str.isdigit, token))]
        if len(found) >= _NAME:
            yield found


def _without(said: list[str], name: list[str]) -> list[str]:
    """The tokens without each whole occurrence of a name."""
    left: list[str] = []
    at = 0
    while at < len(said):
        if said[at] == name[0] and said[at : at + len(name)] == name:
            at += len(name)
        else:
            left.append(said[at])
            at += 1
    return left
