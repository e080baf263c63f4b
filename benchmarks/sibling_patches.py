"""What of a page names its story: title, byline, date and address, wherever they stand."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from benchmarks.score import f1
from models.items import Metadata
from models.text import count_words, one_line
from pipelines.extraction.inline import INLINE

# Signs of no script, in the place of what differs from page to page
TITLE, AUTHOR, URL, DAY, CLOCK, LEAD, TEXT = map(chr, range(0xF0000, 0xF0007))
_SHORTEST: Final = 6  # characters of a name that is looked for wherever it may stand
_UNNAMED: Final = frozenset({"class", "id", "style"})
_BEFORE_SITE: Final = re.compile(r"^.*?(?=\s[|–—-]\s[^|–—-]*$|$)")


@dataclass(frozen=True, slots=True)
class Patch:
    """A text or an attribute that names the title, date, byline or address of the story."""

    element: int  # its number in document order
    place: str  # "text", "tail", or the attribute's name after an @
    form: str  # with TITLE, AUTHOR, ... in it
    is_json: bool = False


class Names:
    """What a story is called on its page."""

    def __init__(self, metadata: Metadata, url: str, heading: str, root: HtmlElement) -> None:
        self._title, self._at = metadata.title or "", metadata.published_at
        written = [author for author in metadata.authors if not _is_site(author, root)]
        found: dict[str | None, str] = {
            metadata.description: LEAD,
            metadata.canonical_url: URL,
            url: URL,
            **dict.fromkeys(written[:1], AUTHOR),
            metadata.title: TITLE,
            heading: TITLE,
        }
        given = {old: new for old, new in found.items() if old and len(old) >= _SHORTEST}
        self._found = [
            (re.compile(r"\s+".join(map(re.escape, old.split()))), given[old])
            for old in sorted(given, key=lambda old: (-len(old), old))
        ]

    def patches(self, root: HtmlElement, short: Iterable[HtmlElement]) -> Iterator[Patch]:
        """Each place of the tree that has one; dates only where declared or in `short` elements."""
        brief = frozenset(short)
        for number, element in enumerate(root.iter()):
            if element.tag == "script":
                if "ld+json" in (element.get("type") or ""):
                    yield Patch(number, "text", self._json_form(element.text or ""), True)
            elif element.tag != "style":
                inner = element.tag in INLINE and not brief.isdisjoint(element.iterancestors())
                dated = element in brief or element.tag == "time" or inner
                yield from self._of_texts(element, number, dated)
                yield from self._of_attributes(element, number)

    def _of_attributes(self, element: HtmlElement, number: int) -> Iterator[Patch]:
        for name, value in element.items():
            if name not in _UNNAMED and len(value) >= _SHORTEST:
                form = self._form(value, element.tag in {"meta", "time"})
                if element.tag == "meta" and name == "content":
                    form = _declared(element, form)
                if form != value:
                    yield Patch(number, f"@{name}", form)

    def _of_texts(self, element: HtmlElement, number: int, dated: bool) -> Iterator[Patch]:
        if element.tag == "title" and element.text:
            form = self._form(element.text)
            if TITLE not in form:
                form = _retitled(form)
            yield Patch(number, "text", form)
            return
        tail = element.getparent() is not None and element.tag in INLINE
        for place, text in (("text", element.text), ("tail", element.tail if tail else None)):
            if text and len(text) >= _SHORTEST and not text.isspace():
                form = self._form(text, dated)
                if form != text:
                    yield Patch(number, place, form)

    def _form(self, text: str, dated: bool = False) -> str:
        """A text with signs for what differs from page to page."""
        for old, new in self._found:
            text = old.sub(new, text)
        return self._dated_form(text) if dated else text

    def _dated_form(self, text: str) -> str:
        at = self._at
        if at is None or str(at.year) not in text:
            return text
        text = re.sub(r"(?<!\d)([01]?\d|2[0-3])([:h])[0-5]\d(?!\d)", CLOCK, text)
        iso = re.compile(rf"({at.year}[-/.]{at.month:02}[-/.])\d\d(?!\d)")
        if iso.search(text):
            return iso.sub(rf"\g<1>{DAY}", text)
        return re.sub(rf"(?<!\d)0?{at.day}(?=\D|$)(?![:h]\d)", DAY, text, count=1)

    def _json_form(self, source: str) -> str:
        try:
            data = json.loads(source, strict=False)
        except ValueError:
            return "{}"
        return json.dumps(self._json(data), ensure_ascii=False)

    def _json(self, value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: self._json(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._json(inner, key) for inner in value]
        return self._json_text(value, key) if isinstance(value, str) else value

    def _json_text(self, value: str, key: str) -> str:
        if key == "articleBody":
            return TEXT
        if key == "headline" and f1(value, self._title) > 0.5:
            return TITLE
        if key == "description" and count_words(value) >= 5:
            return LEAD
        return self._form(value, key.startswith("date"))


def _is_site(author: str, root: HtmlElement) -> bool:
    """Whether an author's name is the site's: its declared one, or whose copyright it is."""
    names = root.xpath("//meta[@property='og:site_name']/@content")
    body = root.find("body")
    text = one_line("" if body is None else body.text_content())
    owned = re.search(rf"(?:©|\(c\)|[Cc]opyright).{{0,40}}{re.escape(author)}", text)
    return owned is not None or any(author.casefold() in name.casefold() for name in names)


def _retitled(text: str) -> str:
    """A title that is written in another way, before the name of its site."""
    return _BEFORE_SITE.sub(TITLE, one_line(text), count=1)


def _declared(meta: HtmlElement, form: str) -> str:
    """What a meta element says of the page."""
    name = (meta.get("property") or meta.get("name") or "").lower()
    if name in {"description", "og:description", "twitter:description"}:
        return LEAD
    if name in {"og:title", "twitter:title"} and TITLE not in form:
        return _retitled(form)
    return form
