"""`enabled = false` in a site's file: written, taken out, and seen without reading all of it."""

import re
import tomllib
from pathlib import Path
from typing import Final

from models.errors import SiteConfigError

KEY: Final = "enabled"
MOST: Final = 300  # characters of a note
_MARK: Final = "\ufeff"  # that some editors put before UTF-8
_LINE: Final = re.compile(
    r"""(?m)^[ \t]*["']?enabled["']?[ \t]*=[ \t]*(?:true|false)[ \t]*(?:#.*)?(?:\n|\Z)"""
)


def disabled(text: str, note: str) -> str:
    """The file's text with `enabled = false  # note` as its first line; the rest stays.

    A line that sets `enabled` is replaced where it is. `note` is one line. Raises SiteConfigError
    for text that is no TOML, and if the key is written in a form that only a person can change.
    """
    return _edited(text, f"{KEY} = false  # {note}\n", {KEY: False})


def enabled(text: str) -> str:
    """The file's text without the line that sets `enabled`; the rest stays.

    Raises as `disabled`.
    """
    return _edited(text, "", {})


def is_disabled(path: Path) -> bool:
    """Whether a site's file says so; False for a file that is gone or no TOML.

    Most files do not have the word, and those are not parsed.
    """
    try:
        raw = path.read_bytes()
        if KEY.encode() not in raw:
            return False
        return tomllib.loads(raw.decode("utf-8-sig")).get(KEY) is False
    except (OSError, ValueError, RecursionError):
        return False  # who reads all of it says what is wrong


def _edited(text: str, line: str, wanted: dict[str, bool]) -> str:
    mark = _MARK if text.startswith(_MARK) else ""
    bare = text.removeprefix(mark)
    try:
        before = tomllib.loads(bare)
    except (ValueError, RecursionError) as wrong:
        raise SiteConfigError(f"the site's file is no TOML: {wrong}") from wrong
    after = {**{key: value for key, value in before.items() if key != KEY}, **wanted}
    places = [found.span() for found in _LINE.finditer(bare)] if KEY in before else [(0, 0)]
    for start, end in places:  # one of them may be inside a string, or of another table
        edited = bare[:start] + line + bare[end:]
        if _means(edited, after):
            return mark + edited
    raise SiteConfigError(f"{KEY} is written in a form that is not changed here; edit it by hand")


def _means(text: str, wanted: dict[str, object]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except ValueError:
        return False
