"""Where a page leads its readers by itself: `<meta http-equiv="refresh">`. Pure."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urljoin

from lxml.html import HtmlElement

from models.urls import url_key
from pipelines.extraction.tree import parse_fragment

AT_ONCE: Final = 5.0  # seconds; nobody reads an article in that time
_LONGEST: Final = 10_000  # characters of a <noscript> that is looked at
LATE: Final = 60.0  # seconds; a page that reloads after so long is read before
# as the HTML standard has it: a time, then an address with or without its name and quotes
_CONTENT: Final = re.compile(
    r"\s*(\d{1,6})?(?:\.[\d.]{0,20})?\s*[;,\s]\s*(?:url\s*=\s*)?(?:\"([^\"]+)|'([^']+)|([^\"'].*))",
    re.IGNORECASE | re.DOTALL,
)


class Refresh(NamedTuple):
    """Another address that the page asks browsers to go to."""

    url: str  # absolute
    at_once: bool  # every reader is led there, whatever the page shows


def leads_to(tree: HtmlElement, url: str) -> Refresh | None:
    """Where the page at `url` leads within a minute; None if nowhere, or to itself.

    Inside <noscript> it leads only those there who run no scripts: an article may do that.
    """
    for meta, optional in _metas(tree):
        if (meta.get("http-equiv") or "").strip().lower() != "refresh":
            continue
        found = _CONTENT.match(meta.get("content") or "")
        seconds = float(found[1] or 0) if found else LATE
        if found is None or seconds >= LATE:
            continue
        target = _target(tree, url, (found[2] or found[3] or found[4]).strip())
        if target is None:
            continue
        return Refresh(target, seconds <= AT_ONCE and not optional)
    return None


def _metas(tree: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """The page's <meta>, and whether only readers without scripts have it."""
    hidden = []
    for element in tree.iter("meta", "noscript"):
        if element.tag == "meta":
            yield element, False
        else:
            hidden.append(element)
    for element in hidden:
        markup = element.text or ""  # parsed as a browser with scripts does: one text
        if len(markup) <= _LONGEST and "refresh" in markup.lower():
            for meta in parse_fragment(markup).iter("meta"):
                yield meta, True


def _target(tree: HtmlElement, url: str, named: str) -> str | None:
    """The web address, if it is one and another page's."""
    base = next((b.get("href") for b in tree.iter("base") if b.get("href")), "")
    try:
        target = urljoin(urljoin(url, base.strip()), named)
        itself = url_key(target) == url_key(url)
    except ValueError:
        return None
    return target if target.startswith(("http://", "https://")) and not itself else None
