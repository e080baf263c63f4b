"""One value of a site's TOML, checked: each function raises ValueError that says what to write."""

import re
from collections.abc import Callable
from typing import Final

from cssselect import HTMLTranslator, SelectorError

from models.urls import host_of, request_url

RIGHTS: Final = ("noarchive", "tdm")  # that can be obeyed
_SIZE: Final = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(kB|KB|MB|GB|B)")
_BYTES: Final = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_LABEL: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_SIZES: Final = (1000, 10**9)  # bytes; no page needs more, so more is a typing error


def web_url(value: object) -> str:
    """A web address, as a server is asked for it."""
    url = _text(value, '"https://example.com/..."')
    try:
        return request_url(url)
    except ValueError as wrong:
        raise ValueError(f'{wrong}; write "https://example.com/..."') from wrong


def host(value: object) -> str:
    """A host name, with a port if it is not the scheme's own."""
    written = _text(value, '"example.com"')
    try:
        if "/" in written or "*" in written or "@" in written:
            raise ValueError(written)
        name = host_of(f"http://{written}/")
    except ValueError as wrong:
        raise ValueError(f'{value!r} is no host; write "example.com", without path') from wrong
    port = re.search(r":(\d+)$", written)
    name = f"[{name}]" if ":" in name else name
    return name if port is None or int(port[1]) in (80, 443) else f"{name}:{port[1]}"


def pattern(value: object) -> re.Pattern[str]:
    """A regular expression."""
    try:
        return re.compile(_text(value, "a regular expression, e.g. '/tag/'"))
    except re.error as wrong:
        raise ValueError(f"{value!r} is no regular expression: {wrong}") from wrong


def selector(value: object) -> str:
    """A CSS selector."""
    css = _text(value, 'a CSS selector, e.g. "article .content"')
    try:
        HTMLTranslator().css_to_xpath(css)
    except SelectorError as wrong:
        raise ValueError(f"{value!r} is no CSS selector: {wrong}") from wrong
    return css


def extractor(value: object) -> str:
    """The extractor that reads every page."""
    if value != "trafilatura":
        raise ValueError(f'{value!r} is none; write "trafilatura", or leave it out')
    return "trafilatura"


def rights(value: object) -> tuple[str, ...]:
    """What publishers reserve and is obeyed."""
    if not isinstance(value, list) or not all(one in RIGHTS for one in value):
        listed = ", ".join(f'"{one}"' for one in RIGHTS)
        raise ValueError(f"{value!r}: write a list of {listed}, or []")
    return tuple(value)


def size(value: object) -> int:
    """A number of bytes: "10MB", or a whole number."""
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    plain = value if isinstance(value, int) and not isinstance(value, bool) else 0
    size = int(float(match[1]) * _BYTES[match[2]]) if match else plain
    if not _SIZES[0] <= size <= _SIZES[1]:
        raise ValueError(f'{value!r} is no size from 1kB to 1GB; write e.g. "10MB"')
    return size


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither; write true or false")
    return value


def label(value: object) -> str:
    """A plain name of workers; empty for none. It names a queue too."""
    if value == "" or (isinstance(value, str) and _LABEL.fullmatch(value)):
        return value
    raise ValueError(f'{value!r} is no label; write a plain name, e.g. "de": a-z, 0-9, - and _')


def number(least: float, most: float, *, whole: bool = False) -> Callable[[object], float]:
    """A reader of numbers within bounds."""
    kinds = (int,) if whole else (int, float)

    def read(value: object) -> float:
        if isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most:
            return value
        what = "a whole number" if whole else "a number"
        raise ValueError(f"{value!r}: write {what} from {least:g} to {most:g}")

    return read


def _text(value: object, example: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is no text; write {example}")
    return value
