"""A rule written into a site's TOML file: comments and order stay, and nothing else changes."""

from collections.abc import Sequence
from typing import Final, Literal

from models.errors import SiteConfigError
from models.sites.selector_lists import SelectorLists

Action = Literal["keep", "remove"]
ACTIONS: Final[Sequence[Action]] = ("keep", "remove")
_OTHER: Final[dict[Action, Action]] = {"keep": "remove", "remove": "keep"}


def with_rule(text: str, action: Action, selector: str) -> str:
    """The file's text with a selector in `[extraction] keep` or `remove`, and not in the other.

    Raises SiteConfigError for text that is no TOML, or has no list where the selector goes, and
    for a selector with control characters.
    """
    if not selector.isprintable():
        raise SiteConfigError(f"{selector!r}: write the selector in one line of plain text")
    lists = SelectorLists(text)
    lists.remove(_OTHER[action], selector)
    lists.add(action, selector)
    return lists.text()
