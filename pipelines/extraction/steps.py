"""An element's step in a DOM path, by its tag and stable names, and what these names hint at."""

import re
from functools import lru_cache
from typing import Final

from pipelines.extraction import vocabulary

_LONGEST_NAME: Final = 40  # characters of a test id or label that names a component
_SUFFIX: Final = re.compile(r"[_-]{1,2}(?=[A-Za-z]*\d|[A-Za-z]*[a-z][A-Z])[A-Za-z0-9]{4,8}$")
_GENERATED: Final = re.compile(
    r"^(?:css|sc|jsx|svelte|emotion|tw|styled|_)-?_?[A-Za-z0-9]+$"
    r"|^(?=[A-Za-z]*(?:\d|[a-z][A-Z]{2}))[A-Za-z0-9]{5,8}$"
)
_DIGITS: Final = re.compile(r"\d+(?: \d+)*")


@lru_cache(maxsize=8192)
def named(tag: str, names: str, identity: str, more: str) -> tuple[str, int]:
    """An element's step in a DOM path, and the mask of the hints in its names."""
    own = vocabulary.of_names(f"{names} {identity} {more}") if names or identity or more else 0
    return _step(tag, f"{names} {more}" if len(more) < _LONGEST_NAME else names, identity), own


def _step(tag: str, names: str, identity: str) -> str:
    """A tag with up to three of its stable names: classes, else its id."""
    stable = {folded for name in names.split() if (folded := stable_name(name))}
    if not stable and (folded := stable_name(identity)):
        return f"{tag}#{folded}"
    return ".".join((tag, *sorted(stable)[:3]))


@lru_cache(maxsize=8192)
def stable_name(name: str) -> str:
    """A name without a build's suffix and numbers; empty if nothing else is left."""
    if _GENERATED.match(name):
        return ""
    name = _DIGITS.sub("0", _SUFFIX.sub("", name))
    return "" if name.strip("0-_") == "" else name
