"""The declared language of a page, as the primary tag of BCP 47."""

import re
from collections.abc import Iterable
from typing import Final

_PRIMARY = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_,;\s]|$)")
_UNKNOWN = frozenset({"und", "mul", "zxx", "xx"})
# ISO 639-2 where 639-1 has a shorter tag, withdrawn tags, and countries written for languages.
_MEANT: Final = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
    "por": "pt", "nld": "nl", "dut": "nl", "rus": "ru", "ukr": "uk", "jpn": "ja", "kor": "ko",
    "zho": "zh", "chi": "zh", "tur": "tr", "pol": "pl", "ara": "ar", "swe": "sv", "nor": "no",
    "dan": "da", "fin": "fi", "ces": "cs", "cze": "cs", "ell": "el", "gre": "el", "hun": "hu",
    "ron": "ro", "rum": "ro", "vie": "vi", "ind": "id", "hin": "hi", "heb": "he", "fas": "fa",
    "per": "fa", "iw": "he", "in": "id", "ji": "yi", "jp": "ja", "kr": "ko", "cn": "zh",
    "cz": "cs", "dk": "da", "gr": "el", "ua": "uk", "vn": "vi",
}  # fmt: skip


def primary_tag(declared: Iterable[str]) -> str | None:
    """The first primary tag, lower case: 'de' of 'de_AT'; None if no text holds one."""
    for text in declared:
        match = _PRIMARY.match(text[:100])
        if match and (tag := match[1].lower()) not in _UNKNOWN:
            return _MEANT.get(tag, tag)
    return None
