"""A title cleaned, to compare and to store: in one line, whole, without the site's name."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache

from lxml.html.defs import tags

from models.folding import folded
from models.text import one_line, words
from pipelines.metadata.jsonld import PageNodes, bare_url
from pipelines.metadata.markup import Markup
from pipelines.metadata.slugs import Slug, spelled_out

_MAX_TITLE = 8_192  # characters; some pages have titles that long
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
# HTML's own: a headline may name what stands in angle brackets, such as <vector>
_TAGS = re.compile(rf"</?(?:{'|'.join(sorted(tags))})(?=[\s/>])[^<>]{{0,500}}>", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[-–—|·•»:/~]+\s+|\s*[|»｜ㅣ：]\s*")
_SAY_NOTHING = frozenset({"the", "news", "online", "www", "com", "newspaper", "magazine"})
_LONGEST_SITED = 500  # characters; a longer title is no headline with a site's name
_NAME_METAS = ("ogsitename", "applicationname", "applemobilewebapptitle", "twittersite")
_LONGEST_SLOGAN = 6  # words behind the site's name
_FEWEST = 3  # words of a headline before it
_SHORTEST = 4  # letters of a name that a headline's part may begin with
_APART = re.compile(r"\s+(?:[-–—|·•»~]|::)\s+|\s*[|｜ㅣ]\s*")  # no colon: headlines have them
_LONGEST_UNKNOWN = 4  # words of a name that nothing but the address tells
_SPELLED = 0.9  # of the rest, fit of an address that spells it out
_LONGEST_NAME = 60  # characters of a site's; some pages put their headline there
_CUT = re.compile(r"\s*(?:\.{3}|…)$")
_OFTEN_CUT_AT = 100  # search engines ask for 110 characters


def site_names(markup: Markup, nodes: PageNodes, url: str) -> frozenset[str]:
    """The site's possible names, folded to letters: host, its parts, publisher, site name."""
    host = bare_url(url).partition("/")[0]
    return _folded_names([host, *host.split("."), *_declared(markup, nodes), *markup.front_links])


def declared_names(markup: Markup, nodes: PageNodes) -> frozenset[str]:
    """Those of the `site_names` that the page declares, of which its address knows nothing."""
    return frozenset(n for n in _folded_names(_declared(markup, nodes)) if len(n) >= _SHORTEST)


def tidy(title: str) -> str:
    """A title in one line, without markup, entities and invisible characters."""
    text = title[: 2 * _MAX_TITLE]
    text = text if text.isascii() else _INVISIBLE.sub("", text)
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


def shown_names(markup: Markup, url: str) -> frozenset[str]:
    """Those of the `site_names` that metas and the host tell; none without a meta."""
    metas = list(markup.meta(*_NAME_METAS))
    host = bare_url(url).partition("/")[0]
    return _folded_names([host, *host.split("."), *metas]) if metas else frozenset()


def without_slogan(title: str, declared: frozenset[str], slug: Slug) -> str:
    """The title without a last part that begins with the site's declared name and adds little.

    "Winter ferry stays - Harbour Post, daily since 1904": nothing of it is in the address.
    """
    for cut in _SEPARATOR.finditer(title[:_LONGEST_SITED]):
        before, after = title[: cut.start()], title[cut.end() :]
        if len(after) > 2 * len(before):
            continue
        rest = _behind_name(words(folded(after)), declared)
        if rest is None or len(rest) > _LONGEST_SLOGAN or len(words(before)) < _FEWEST:
            continue
        if slug.words.isdisjoint(rest):
            return before
    return title


def without_unknown_site(title: str, host: str, slug: Slug) -> str:
    """The title without a last or first part that only the page's address tells to be the site's.

    For pages that name their site nowhere: the host has a word of the name or is spelled as it is,
    or the address spells out the rest of the title, and nothing of the name.
    """
    cuts = list(_APART.finditer(title)) if len(title) <= _LONGEST_SITED else []
    if not cuts:
        return title
    last, first = cuts[-1], cuts[0]
    for name, rest in (
        (title[last.end() :], title[: last.start()]),
        (title[: first.start()], title[first.end() :]),
    ):
        short = len(words(name)) <= _LONGEST_UNKNOWN and len(words(rest)) >= _FEWEST
        if short and (_is_host(name, host) or _is_left_out(name, rest, slug)):
            return rest
    return title


def _is_host(name: str, host: str) -> bool:
    """Whether a host's label is the name, spelled out, or one of its words."""
    labels = [label for label in host.casefold().split(".")[:-1] if len(label) >= _SHORTEST]
    spelled = {"".join(words(one)) for one in (folded(name), spelled_out(name))}
    own = set(words(spelled_out(name)))
    return any("".join(words(label)) in spelled or label in own for label in labels)


def _is_left_out(name: str, rest: str, slug: Slug) -> bool:
    said = slug.words.intersection(words(folded(name)), words(spelled_out(name)))
    return not said and slug.fit(rest) >= _SPELLED


def _behind_name(parts: list[str], declared: frozenset[str]) -> list[str] | None:
    for count in range(len(parts), 0, -1):
        if "".join(parts[:count]) in declared:
            return parts[count:]
    return None


def _declared(markup: Markup, nodes: PageNodes) -> list[str]:
    return [*nodes.texts("publisher"), *markup.meta(*_NAME_METAS)]


def _folded_names(names: Iterable[str]) -> frozenset[str]:
    short = (name for name in names if len(name) <= _LONGEST_NAME)
    return frozenset(fold for name in short for fold in _folds(name) if fold)


def is_site_name(part: str, site_names: frozenset[str]) -> bool:
    """Whether some words are a name of the site: "The Example News" if it is "example"."""
    return any(fold in site_names for fold in _folds(part) if fold)


@lru_cache(maxsize=256)  # a page asks for the same few again and again, a site's pages for some
def _folds(name: str) -> tuple[str, str]:
    parts = words(folded(name))
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
