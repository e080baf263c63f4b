"""A title cleaned, to compare and to store: in one line, whole, without the site's name."""

import html
import re
from collections.abc import Iterable

from models.text import one_line, words
from pipelines.metadata.jsonld import PageNodes, bare_url
from pipelines.metadata.markup import Markup

_MAX_TITLE = 8_192  # characters; some pages have titles that long
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_SEPARATOR = re.compile(r"\s+[-–—|·•»:/~]+\s+|\s*[|»｜ㅣ：]\s*")
_SAY_NOTHING = frozenset({"the", "news", "online", "www", "com", "newspaper", "magazine"})
_LONGEST_SITED = 500  # characters; a longer title is no headline with a site's name
_LONGEST_NAME = 60  # characters of a site's; some pages put their headline there
_CUT = re.compile(r"\s*(?:\.{3}|…)$")
_OFTEN_CUT_AT = 100  # search engines ask for 110 characters


def site_names(markup: Markup, nodes: PageNodes, url: str) -> frozenset[str]:
    """The site's possible names, folded to letters: host, its parts, publisher, site name."""
    host = bare_url(url).partition("/")[0]
    names = [host, *host.split("."), *nodes.texts("publisher")]
    names += markup.meta("ogsitename", "applicationname", "applemobilewebapptitle", "twittersite")
    short = (name for name in names if len(name) <= _LONGEST_NAME)
    return frozenset(folded for name in short for folded in _folds(name) if folded)


def tidy(title: str) -> str:
    """A title in one line, without markup, entities and invisible characters."""
    text = _INVISIBLE.sub("", title[: 2 * _MAX_TITLE])
    if "&" in text or "<" in text:
        text = html.unescape(_TAGS.sub("", html.unescape(text)))
    return one_line(text)[:_MAX_TITLE].strip()


def without_site(
    title: str,
    site_names: frozenset[str],
    others: Iterable[str] = (),
    heading: str = "",
    sections: Iterable[str] = (),
) -> str:
    """The title without a last or first part that is the site's name, or that other titles lack."""
    whole = {tuple(parts) for other in others if (parts := words(other))}
    cuts = list(_SEPARATOR.finditer(title)) if len(title) <= _LONGEST_SITED else []
    for cut in cuts:
        before, after = title[: cut.start()], title[cut.end() :]
        if len(before) >= len(after) / 2 and tuple(words(before)) in whole:
            return before
        if words(after) == words(heading) and len(after) > len(before) / 2:
            return after
    if cuts and is_site_name(title[: cuts[0].start()], site_names):
        return title[cuts[0].end() :]
    bare = title
    while cuts and is_site_name(bare[cuts[-1].end() :], site_names):
        bare = bare[: cuts.pop().start()]
    return _without_section(bare, sections) if bare != title else title


def is_site_name(part: str, site_names: frozenset[str]) -> bool:
    """Whether some words are a name of the site: "The Example News" if it is "example"."""
    return any(folded in site_names for folded in _folds(part) if folded)


def _folds(name: str) -> tuple[str, str]:
    parts = words(name)
    return "".join(parts), "".join(word for word in parts if word not in _SAY_NOTHING)


def _without_section(title: str, sections: Iterable[str]) -> str:
    for section in sections:
        rest = title.removesuffix(section)
        if rest != title and (bare := rest.rstrip(" -–—|:·/")) != rest:
            return bare
    return title


def uncut(title: str, others: Iterable[str]) -> str:
    """The title, or a longer one if it is the cut beginning of that."""
    stem = _CUT.sub("", title)
    if stem == title and len(title) < _OFTEN_CUT_AT:
        return title
    longer = (other for other in others if len(other) > len(stem) and other.startswith(stem))
    return next((other for other in longer if not _CUT.search(other)), title)
