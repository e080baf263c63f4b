"""Declarative shadow roots: a template that is shown, with its host's children in its slots."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

_INLINE: Final = frozenset({"a", "abbr", "b", "cite", "em", "i", "mark", "q", "small", "span",
                            "strong", "sub", "sup", "time", "u"})  # fmt: skip
_MODES: Final = ("shadowrootmode", "shadowroot")  # the second is the name of before 2023


def flatten(templates: Sequence[HtmlElement]) -> None:
    """Puts each shadow root in its template's place, and what it slots where it is shown.

    `templates`: all of a page, in document order.
    """
    for template in reversed(templates):
        if any(template.get(mode) in {"open", "closed"} for mode in _MODES):
            _flatten(template)


def _flatten(template: HtmlElement) -> None:
    host = template.getparent()
    if host is None:
        return
    given: dict[str, list[HtmlElement]] = defaultdict(list)
    for child in host:
        if child is not template:
            given[child.get("slot", "")].append(child)
    for slot in list(template.iter("slot")):
        name = slot.get("name", "")
        shown = given.pop(name, [])
        inline = all(element.tag in _INLINE for element in shown or slot)
        slot.tag = "span" if inline else "div"
        if shown:
            slot.text, slot[:] = None, shown
        if not name and (host.text or "").strip():
            slot.text, host.text = host.text, None
    template.tag = "div"
