"""The language of a page, as the primary tag of BCP 47: declared, or else told by its text."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml.html import HtmlElement

from pipelines.metadata.detection import detected
from pipelines.metadata.markup import text_of
from pipelines.metadata.scripts import can_be, script_of

_PRIMARY = re.compile(r"\s*([a-zA-Z]{2,3})(?:[-_,;\s]|$)")
_READ = 2_000  # characters of a page's text
_SHORTEST = 20  # of a paragraph
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


def language_of(
    declared: Iterable[tuple[str, str | None]], title: str, tree: HtmlElement
) -> tuple[str, str] | None:
    """Where the language was found, and its tag: the first declared one that the script allows.

    A page whose text is in Arabic letters is not English, whatever it declares. `declared` has
    sources and tags; "text" is the source of a language that the text itself tells.
    """
    tags = [(source, tag) for source, tag in declared if tag]
    texts = [title, *_paragraphs(tree)]
    script = _script(title, texts)
    if script is None:
        return tags[0] if tags else None
    if fitting := next((pair for pair in tags if can_be(pair[1], script)), None):
        return fitting
    told = detected(" ".join(text for text in texts if script_of(text) == script), script)
    return ("text", told) if told else None


def _script(title: str, texts: list[str]) -> str | None:
    """That of the title, unless it is Latin, as names are everywhere: then that of the text."""
    script = script_of(title)
    return script if script not in (None, "Latin") else script_of(" ".join(texts)) or script


def _paragraphs(tree: HtmlElement) -> Iterator[str]:
    """The first paragraphs of a page, or what else holds text if it has none."""
    left = _READ
    for tags in (("p",), ("div", "td", "section", "article", "span", "li")):
        for element in tree.iter(*tags):
            own = (
                text_of(element)
                if element.tag == "p"
                else " ".join(filter(None, [element.text, *(child.tail for child in element)]))
            )
            if len(own) >= _SHORTEST:
                left -= len(own)
                yield own
            if left <= 0:
                return
        if left < _READ:
            return
