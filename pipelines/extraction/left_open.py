"""Buttons that swallow the page: an element left open inside one keeps libxml2 from closing it.

A browser closes the button at its end tag, whatever is open inside. libxml2 ignores that tag,
and all that follows, the article too, is then inside something that nobody reads.
"""

from collections.abc import Iterable
from typing import Final

from lxml.html import HtmlElement

# What HTML allows in no button, and what only a page as a whole has.
_NEVER_INSIDE: Final = ("button", "form", "main", "article", "nav", "footer", "h1")


def open_buttons(buttons: Iterable[HtmlElement]) -> None:
    """Puts what a page's buttons swallowed in its place, outermost buttons first."""
    for button in buttons:
        if len(button) and next(button.iterdescendants(*_NEVER_INSIDE), None) is not None:
            button.drop_tag()
