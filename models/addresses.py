"""Which addresses of a site are of one page: a number or a name that both have tells."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from models.urls import same_page

_PART: Final = re.compile(r"[^\W_]+")
_DATE: Final = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?|[0-3]?\d")
_CODE: Final = 5  # letters and digits of a number that names one page of a site
_NAME: Final = 8  # letters of a last segment that names one: "index" and "story" do not
_ENDING: Final = re.compile(r"\.\w{2,5}$")


def other_pages(url: str, others: Iterable[str]) -> int:
    """How many pages are named by these URLs, besides the one that `url` names."""
    found = [url]
    for other in others:
        if not any(is_one_page(other, known) for known in found):
            found.append(other)
    return len(found) - 1


def is_one_page(one: str, other: str) -> bool:
    """Whether two URLs name one page: spelled in two ways, printed, in two sections, renamed."""
    if same_page(one, other):
        return True
    first, second = urlsplit(one), urlsplit(other)
    if first.path == second.path:
        asked, also = set(parse_qsl(first.query)), set(parse_qsl(second.query))
        return asked < also or also < asked
    ours, theirs = _codes(one), _codes(other)
    shared = ours & theirs
    if (ours <= theirs or theirs <= ours) and any(len(code) >= _CODE for code in shared):
        return True
    name = _name(first.path)
    return len(name) >= _NAME and name == _name(second.path)


def _codes(url: str) -> frozenset[str]:
    """The numbers and codes of an address, without dates."""
    parts = urlsplit(url)
    found = _PART.findall(unquote(f"{parts.path}?{parts.query}").casefold())
    return frozenset(
        part for part in found if any(map(str.isdigit, part)) and not _DATE.fullmatch(part)
    )


def _name(path: str) -> str:
    """The last segment of a path, without its ending."""
    segments = [part for part in unquote(path).casefold().split("/") if part]
    return _ENDING.sub("", segments[-1]) if segments else ""
