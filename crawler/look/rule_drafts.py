"""A rule written into a site's TOML file: comments and order stay, and nothing else changes."""

import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Comment, Item, Table, Whitespace

from models.errors import SiteConfigError
from models.sites.config import Site, read_site

Action = Literal["keep", "remove"]
ACTIONS: Final[Sequence[Action]] = ("keep", "remove")
_OTHER: Final[dict[Action, Action]] = {"keep": "remove", "remove": "keep"}
_TABLE: Final = "extraction"
_MARK: Final = "\ufeff"  # that some editors put before UTF-8


def with_rule(text: str, action: Action, selector: str) -> str:
    """The file's text with a selector in `[extraction] keep` or `remove`, and not in the other.

    Raises SiteConfigError for text that is no TOML, or has no list where the selector goes, and
    for a selector with control characters.
    """
    if not selector.isprintable():
        raise SiteConfigError(f"{selector!r}: write the selector in one line of plain text")
    mark = _MARK if text.startswith(_MARK) else ""
    text = text.removeprefix(mark)
    try:
        document = tomlkit.parse(text if text.endswith("\n") else f"{text}\n")
    except TOMLKitError as wrong:
        raise SiteConfigError(f"the site's file is no TOML: {wrong}") from wrong
    if _TABLE not in document:
        if text.strip():
            document.add(tomlkit.nl())
        document.add(_TABLE, tomlkit.table())
    table = document[_TABLE]
    if not isinstance(table, Table):
        raise SiteConfigError(f"[{_TABLE}] of the site's file is written in a form without a table")
    other = _OTHER[action]
    if other in table and selector in _list(table, other):
        _list(table, other).remove(selector)
        if not len(_list(table, other)) and "#" not in _list(table, other).as_string():
            table.remove(other)
    if action not in table:
        _add_list(table, action)
    if selector not in _list(table, action):
        _list(table, action).append(selector)
    return mark + document.as_string()


def _add_list(table: Table, name: str) -> None:
    """Adds an empty list below the table's last key.

    What stands after a blank line there belongs to the next table: its comments stay above it.
    """
    body = table.value.body
    end = max((n for n, (key, _) in enumerate(body, start=1) if key is not None), default=0)
    blank = (n for n in range(end, len(body)) if isinstance(body[n][1], Whitespace))
    end = next(blank, len(body))
    after: list[Item] = [item for _, item in body[end:]]
    del body[end:]
    table.add(name, tomlkit.array())
    for item in after:
        if isinstance(item, Comment | Whitespace):
            table.add(item)


def _list(table: Table, name: str) -> Array:
    found = table[name]
    if not isinstance(found, Array):
        raise SiteConfigError(f"[{_TABLE}] {name} is no list of selectors")
    return found


def changed_lines(before: str, after: str) -> list[str]:
    """The lines that differ, with two on either side; empty if none does."""
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=2, lineterm=""))[2:]


def checked(text: str, name: str, folder: Path) -> Site:
    """The site that a drafted text describes, written to `folder`; the real reader checks it.

    Raises SiteConfigError with the first mistake.
    """
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    site, mistakes = read_site(path)
    if site is None:
        raise SiteConfigError(mistakes[0].removeprefix(f"{folder}{os.sep}"))
    return site
