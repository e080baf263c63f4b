"""A site's own selectors: which elements hold the article, are kept, or are removed."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPath
from lxml.html import HtmlElement

from models.errors import ExtractionFailed
from models.sites.config import ExtractionRules

KEEP: Final = "rule-keep"
REMOVE: Final = "rule-remove"
_MARK: Final = "data-winnow-rule"
_KEPT: Final = XPath(f"boolean(descendant-or-self::*[@{_MARK}='{KEEP}'])")


def mark(tree: HtmlElement, rules: ExtractionRules) -> bool:
    """Marks the elements that the rules match; True if a selector of `body` matches.

    `body`: the first selector that matches holds the article; everything outside is removed.
    `keep` and `remove`: what they match is kept or removed with everything inside it; the
    nearest marked element above a text decides.
    """
    body = next((found for css in rules.body if (found := select(tree, css))), [])
    for element in body:
        element.set(_MARK, KEEP)
    for css in rules.keep:
        _mark_all(select(tree, css), KEEP)
    for css in rules.remove:
        _mark_all(select(tree, css), REMOVE)
    return bool(body)


def holds_kept(element: HtmlElement) -> bool:
    """Whether a rule keeps an element, or one inside it."""
    return bool(_KEPT(element))


def marked(attributes: Mapping[str, str]) -> str:
    """KEEP, REMOVE or '': the mark of the element with these attributes."""
    return attributes.get(_MARK, "")


def _mark_all(elements: Iterable[HtmlElement], mark: str) -> None:
    for element in elements:
        element.set(_MARK, mark)


def select(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """The elements that a selector finds. Raises ExtractionFailed for what is no selector."""
    found = _compiled(css)(tree)
    return (
        [node for node in found if isinstance(node, HtmlElement)] if isinstance(found, list) else []
    )


@lru_cache(maxsize=256)
def _compiled(css: str) -> XPath:
    try:
        return XPath(HTMLTranslator().css_to_xpath(css))
    except SelectorError as error:
        raise ExtractionFailed(f"[extraction]: {css!r} is not a CSS selector: {error}") from error
