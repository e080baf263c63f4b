"""Whether two addresses are pages of one story: they differ in a page's number alone. Pure."""

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from models.urls import bare_host, request_url

_MOST: Final = 99  # pages; a larger number is a story's own
_NAME: Final = r"(?:[^\W\d_]|%[0-9A-F]{2}){0,60}"  # a word, in any script
_END: Final = r"/?(?:\.\w{2,5})?"
# what stands in a path behind a story's own address: "-2", "/2", ",seite-2", "/page/2", "_p2.html"
_NUMBERED: Final = re.compile(rf"[-_,.;~!/]?{_NAME}[-_,.=/]?(?P<number>\d{{1,2}}){_END}")
_NAMED: Final = re.compile(rf"[-_,.;~!/]{_NAME}{_END}")
_TAIL: Final = re.compile(rf"[-_,.;~!/]{_NAME}[-_,.=/]?\d{{1,2}}(?=\.\w{{2,5}}$|$)")
_BARE_TAIL: Final = re.compile(r"[-_,.;~!/]\d{1,2}(?=\.\w{2,5}$|$)")
_INDEX: Final = re.compile(r"/index(?:\.\w{2,5})?$", re.IGNORECASE)
_WHOLE_NUMBER: Final = re.compile(r"\d{1,2}")
_EXTENSION: Final = re.compile(r"\.\w{2,5}(?=[/.]|$)")
_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")
_LONG_WORD: Final = re.compile(r"(?:[A-Za-z]|%[0-9A-F]{2}){4,}")
_LONG_NUMBER: Final = re.compile(r"[1-9]\d{2,}")  # more than `_MOST`: no page's
_BEGINNINGS: Final = ("/", "http://", "https://")
_WHOLE_PATH: Final = re.compile(r"(?:https?://[^/?]*|(?=/))([^?]*)", re.IGNORECASE)


class Numbers(NamedTuple):
    """The numbers that two addresses have of their pages; None where one has none."""

    own: int | None
    other: int | None


class _Address(NamedTuple):
    host: str  # without www.
    path: str  # without a last slash or index.html
    query: tuple[tuple[str, str], ...]


class StoryParts(NamedTuple):
    """What all addresses of a story have: its long numbers, and its long words but for one.

    The one may say `page`. Nearly all links of a page are told from the story's by this, for a
    hundredth of what it costs to take two addresses apart.
    """

    numbers: tuple[str, ...]
    words: tuple[str, ...]

    def absent(self, href: str) -> bool:
        """Whether a link leads elsewhere for certain; False where its path is relative."""
        if href.startswith(_BEGINNINGS) and "%" not in href and href.isprintable():
            # what is in no part of the address is not in its path: so are nearly all links told
            for number in self.numbers:
                if number not in href:
                    return True
            missing = 0
            for word in self.words:
                missing += word not in href
                if missing > 1:
                    return True
        whole = _WHOLE_PATH.match(href)
        if whole is None or not href.isprintable():  # tabs and line breaks mean nothing in it
            return False
        path = unquote(whole[1]) if "%" in href else whole[1]
        if not all(number in path for number in self.numbers):
            return True
        return sum(word not in path for word in self.words) > 1


def story_parts(url: str) -> StoryParts | None:
    """What the addresses of the story at `url` share; None if it is no web address."""
    address = _address(url)
    if address is None:
        return None
    path = _EXTENSION.sub("/", address.path)  # which may go with the page's number
    return StoryParts(
        tuple(_LONG_NUMBER.findall(_ESCAPE.sub("/", path))),
        tuple(dict.fromkeys(map(unquote, _LONG_WORD.findall(path)))),
    )


def page_numbers(url: str, other: str) -> Numbers | None:
    """The pages' numbers in two addresses of one story; None where they differ in more, or not."""
    both = _alike(url, other)
    if both is None:
        return None
    one, two = both
    added = _added(one, two)
    if added is not None:
        return None if (number := _numbered(added)) is None else Numbers(None, number)
    added = _added(two, one)
    if added is not None:
        return None if (number := _numbered(added)) is None else Numbers(number, None)
    return _two_numbers(one, two)


def numbered_shape(url: str, other: str) -> str:
    """What `other` has besides `url`, without its number: a site's pages of one kind have one."""
    both = _alike(url, other)
    if both is None:
        return ""
    one, two = both
    if one.path == two.path:
        names = sorted(name for name, value in two.query if (name, value) not in one.query)
        return "?" + "&".join(names)
    chunk, _ = _added(one, two) or (two.path.rsplit("/", 1)[-1], None)
    return re.sub(r"\d+", "#", chunk)


def is_view(url: str, other: str) -> bool:
    """Whether `other` is `url` with a word behind it: "?page=all", "/komplettansicht"."""
    both = _alike(url, other)
    added = _added(*both) if both is not None else None
    if added is None:
        return False
    chunk, query = added
    if query is not None:
        return _numbered(added) in (None, 1)
    return bool(_NAMED.fullmatch(chunk)) and any(map(str.isalpha, chunk))


def without_number(url: str, other: str) -> str | None:
    """The address of the first page: `url` without what it has where `other`'s number differs."""
    both = _alike(url, other)
    if both is None:
        return None
    one, two = both
    parts = urlsplit(url)
    if one.path == two.path:
        kept = [pair for pair in parts.query.split("&") if _pair(pair) in two.query]
        return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(kept), ""))
    path = parts.path.rstrip("/")
    path = _TAIL.sub("", path) or _BARE_TAIL.sub("", path)
    if path in ("", parts.path):
        return None
    path += "/" if parts.path.endswith("/") else ""
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _alike(url: str, other: str) -> tuple[_Address, _Address] | None:
    """Both, if they are of one host and not the same."""
    one, two = _address(url), _address(other)
    if one is None or two is None or one.host != two.host or one == two:
        return None
    return one, two


@lru_cache(maxsize=256)  # the page's own is compared with each of its links
def _address(url: str) -> _Address | None:
    try:
        parts = urlsplit(request_url(url))
    except ValueError:
        return None
    pairs = (_pair(part) for part in parts.query.split("&") if part)
    return _Address(bare_host(parts.netloc), _INDEX.sub("", parts.path).rstrip("/"), tuple(pairs))


def _pair(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    return (name, value) if equals else ("", name)


def _added(one: _Address, two: _Address) -> tuple[str, str | None] | None:
    """What the second has besides the first: a piece of its path, or a value of its query."""
    if one.path == two.path:
        more = [pair for pair in two.query if pair not in one.query]
        if len(more) != 1 or len(two.query) != len(one.query) + 1:
            return None
        return "", more[0][1]
    if one.query != two.query or not one.path or len(two.path) <= len(one.path):
        return None
    return next(((chunk, None) for chunk in _inserted(one.path, two.path)), None)


def _inserted(short: str, long: str) -> list[str]:
    """What may be inserted into a path behind a word or before its extension, to give another."""
    extra = len(long) - len(short)
    found = []
    for at in range(len(short), 0, -1):
        rest = short[at:]
        if rest and not rest.startswith(("/", ".")):
            continue
        if short[:at] != long[:at] or rest != long[at + extra :]:
            continue
        chunk = long[at : at + extra]
        if chunk[0].isdigit() and short[at - 1].isdigit():
            continue  # another, longer number
        if _NUMBERED.fullmatch(chunk) or _NAMED.fullmatch(chunk):
            found.append(chunk)
    return found


def _numbered(added: tuple[str, str | None]) -> int | None:
    chunk, value = added
    if value is not None:
        return int(value) if _WHOLE_NUMBER.fullmatch(value) else None
    match = _NUMBERED.fullmatch(chunk)
    return int(match["number"]) if match else None


def _two_numbers(one: _Address, two: _Address) -> Numbers | None:
    """The numbers of two addresses that are the same but for one number each."""
    first, second = (re.split(r"(\d+)", f"{a.path}?{a.query}") for a in (one, two))
    if len(first) != len(second):
        return None
    differing = [i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(differing) != 1 or differing[0] % 2 == 0:
        return None
    own, other = int(first[differing[0]]), int(second[differing[0]])
    return Numbers(own, other) if max(own, other) <= _MOST else None
