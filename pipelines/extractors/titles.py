"""The article's headline among the titles that a page gives, without the site's name."""

import html
import re
from collections.abc import Iterable

from models.text import one_line, words

_MAX_TITLE = 8_192  # characters; a title that long is the page's fault, but still its title
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_SEPARATOR = re.compile(r"\s+[-–—|·•»:/~]+\s+|\s*[|»]\s*")
_CUT = re.compile(r"\s*(?:\.{3}|…)$")
_OFTEN_CUT_AT = 100  # search engines ask for 110 characters


def tidy(title: str) -> str:
    """A title in one line, without markup, entities and invisible characters."""
    text = _INVISIBLE.sub("", title[: 2 * _MAX_TITLE])
    if "&" in text or "<" in text:
        text = html.unescape(_TAGS.sub("", html.unescape(text)))
    return one_line(text)[:_MAX_TITLE].strip()


def without_site(title: str, site_names: Iterable[str], others: Iterable[str] = ()) -> str:
    """The title less a first or last part that is the site's name, or that no other title has."""
    names = {"".join(words(name)) for name in site_names if name}
    whole = {tuple(words(other)) for other in others}
    parts = list(_SEPARATOR.finditer(title))
    for cut in parts:
        if tuple(words(title[: cut.start()])) in whole:
            return title[: cut.start()]
        if tuple(words(title[cut.end() :])) in whole:
            return title[cut.end() :]
    while parts and "".join(words(title[parts[-1].end() :])) in names:
        title = title[: parts.pop().start()]
    if parts and "".join(words(title[: parts[0].start()])) in names:
        title = title[parts[0].end() :]
    return title


def uncut(title: str, others: Iterable[str]) -> str:
    """The title, or the longer one that it is the cut beginning of."""
    stem = _CUT.sub("", title)
    if stem == title and len(title) < _OFTEN_CUT_AT:
        return title
    longer = (other for other in others if len(other) > len(stem) and other.startswith(stem))
    return next((other for other in longer if not _CUT.search(other)), title)
