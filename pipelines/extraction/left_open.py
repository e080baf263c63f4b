"""Elements that swallow the page, because libxml2 does not know where they end.

A browser closes a button at its end tag, whatever is open inside. libxml2 ignores that tag,
and all that follows, the article too, is then inside something that nobody reads. The same goes
for elements that have no end tag, and of which libxml2 does not know it.
"""

from collections.abc import Iterable
from typing import Final

from lxml.html import HtmlElement

# What HTML allows in no button, and what only a page as a whole has.
_NEVER_INSIDE: Final = ("button", "form", "main", "article", "nav", "footer", "h1")


VOIDS: Final = ("embed", "track", "keygen", "bgsound", "command")  # without an end tag


def open_voids(voids: Iterable[HtmlElement]) -> None:
    """Puts what follows elements that cannot hold anything in its place."""
    for void in voids:
        void.drop_tag()


def open_buttons(buttons: Iterable[HtmlElement]) -> None:
    """Puts what a page's buttons swallowed in its place, outermost buttons first."""
    for button in buttons:
        if len(button) and next(button.iterdescendants(*_NEVER_INSIDE), None) is not None:
            button.drop_tag()
