"""The language that a page claims, as the primary tag of BCP 47."""

import re
from collections.abc import Iterable

_PRIMARY = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_,;\s]|$)")
_UNKNOWN = frozenset({"und", "mul", "zxx", "xx"})


def primary_tag(claims: Iterable[str]) -> str | None:
    """The first claim's primary tag, lower case: 'de' of 'de_AT'; None where none is a tag."""
    for claim in claims:
        match = _PRIMARY.match(claim[:100])
        if match and match[1].lower() not in _UNKNOWN:
            return match[1].lower()
    return None
