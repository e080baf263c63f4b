"""The lists of `[extraction]` in a site's TOML file, changed so that all else in it stays."""

import difflib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array, Comment, Item, Table, Whitespace

from models.errors import SiteConfigError
from models.sites.config import Site, read_site

_TABLE: Final = "extraction"
_MARK: Final = "\ufeff"  # that some editors put before UTF-8


class SelectorLists:
    """A file's text, and the lists in its `[extraction]`; a missing one is empty."""

    def __init__(self, text: str) -> None:
        """Raises SiteConfigError for text that is no TOML."""
        self._mark = _MARK if text.startswith(_MARK) else ""
        text = text.removeprefix(self._mark)
        try:
            self._document = tomlkit.parse(text if text.endswith("\n") else f"{text}\n")
        except TOMLKitError as wrong:
            raise SiteConfigError(f"the site's file is no TOML: {wrong}") from wrong
        self._is_empty = not text.strip()

    def text(self) -> str:
        """The file's text with what was changed."""
        return self._mark + self._document.as_string()

    def selectors(self, key: str) -> list[str] | None:
        """The list of a key as it is; None if the file does not have the key.

        Raises SiteConfigError if the key is none of a list, or the table is written in a form
        that is not changed here.
        """
        if _TABLE not in self._document or key not in self._table():
            return None
        return [str(one) for one in self._list(key)]

    def add(self, key: str, selector: str) -> None:
        """Adds a selector to a list, if it is not there. Raises SiteConfigError."""
        table = self._table()
        if key not in table:
            _add_item(table, key, tomlkit.array())
        if selector not in self._list(key):
            self._list(key).append(selector)

    def remove(self, key: str, selector: str) -> None:
        """Takes a selector out of a list, and out of the file a list that is empty then."""
        if selector not in (self.selectors(key) or ()):
            return
        found = self._list(key)
        found.remove(selector)
        if not len(found) and "#" not in found.as_string():
            self._table().remove(key)

    def replace(self, key: str, selectors: Mapping[str, str]) -> None:
        """Puts a list in place of a key's, one selector a line, each with its comment.

        Raises SiteConfigError as `selectors`.
        """
        made = tomlkit.array()
        for selector, comment in selectors.items():
            made.add_line(selector, indent="    ", comment=comment)
        made.add_line(indent="")
        table = self._table()
        if key in table:
            self._list(key)  # raises for what is none
            table[key] = made
        else:
            _add_item(table, key, made)

    def _table(self) -> Table:
        """`[extraction]`, added at the end if there is none."""
        if _TABLE not in self._document:
            if not self._is_empty:
                self._document.add(tomlkit.nl())
            self._document.add(_TABLE, tomlkit.table())
        found = self._document[_TABLE]
        if not isinstance(found, Table):
            raise SiteConfigError(
                f"[{_TABLE}] of the site's file is written in a form without a table"
            )
        return found

    def _list(self, key: str) -> Array:
        found = self._table()[key]
        if not isinstance(found, Array):
            raise SiteConfigError(f"[{_TABLE}] {key} is no list of selectors")
        return found


def _add_item(table: Table, name: str, value: Item) -> None:
    """Adds a key below the table's last one.

    What stands after a blank line there belongs to the next table: its comments stay above it.
    """
    body = table.value.body
    end = max((n for n, (key, _) in enumerate(body, start=1) if key is not None), default=0)
    blank = (n for n in range(end, len(body)) if isinstance(body[n][1], Whitespace))
    end = next(blank, len(body))
    after: Sequence[Item] = [item for _, item in body[end:]]
    del body[end:]
    table.add(name, value)
    for item in after:
        if isinstance(item, Comment | Whitespace):
            table.add(item)


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
