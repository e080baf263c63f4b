"""OPML: the sites that a feed reader exports, read and written. Pure; nothing is resolved."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import quoteattr

from models.errors import UsageError
from models.sites.config import Site
from models.text import one_line

DEEPEST: Final = 100  # tags inside each other
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NAME: Final = "winnowName"  # an attribute that readers of feeds pass over
_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Sites of Winnow</title></head>
  <body>
"""
_END: Final = "  </body>\n</opml>\n"


class OpmlBroken(UsageError):
    """The text is no OPML, or not whole; the message begins with the line."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline that has an address."""

    line: int
    title: str  # on one line; may be empty
    html_url: str  # of the site; may be empty
    xml_url: str  # of its feed; may be empty
    includes: bool = False  # it names another OPML file, whose outlines belong here
    name: str = ""  # of the site's file, where Winnow wrote the list


def read_opml(text: str, most: int) -> list[Outline]:
    """The outlines that have an address, at whatever depth, in order.

    Raises OpmlBroken for text that is no well-formed OPML, that declares entities, that is nested
    more than DEEPEST tags deep, or that has more than `most` of them.
    """
    reader = _Reader(most)
    try:
        reader.parser.Parse(text.encode("utf-8", "replace"), True)
    except ExpatError as wrong:
        what = str(wrong).partition(": line")[0]
        raise OpmlBroken(f"line {wrong.lineno}: the OPML is broken or cut here: {what}") from wrong
    return reader.outlines


class _Reader:
    def __init__(self, most: int) -> None:
        self._most = most
        self.outlines: list[Outline] = []
        self._depth = 0
        self.parser = ParserCreate("utf-8")  # whatever the text declares: it was decoded
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if not self._depth and name.lower() != "opml":
            raise OpmlBroken(f"line {line}: XML, but no OPML: its first tag is <{name[:40]}>")
        self._depth += 1
        if self._depth > DEEPEST:
            raise OpmlBroken(f"line {line}: more than {DEEPEST} tags inside each other")
        if name.lower() == "outline":
            self._outline(line, {key.lower(): value for key, value in attributes.items()})

    def _outline(self, line: int, values: Mapping[str, str]) -> None:
        feed, page = values.get("xmlurl", "").strip(), values.get("htmlurl", "").strip()
        other = values.get("url", "").strip()
        if not (feed or page or other):
            return  # a folder
        kind = values.get("type", "").strip().lower()
        includes = kind == "include" or (not feed and not page and _names_opml(other))
        title = one_line(values.get("title") or values.get("text") or "")[:300]
        if len(self.outlines) == self._most:
            said = f"more than {self._most} outlines with an address; cut it into smaller files"
            raise OpmlBroken(f"line {line}: {said}")
        name = values.get(_NAME.lower(), "")
        self.outlines.append(Outline(line, title, page or other, feed, includes, name))

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _entity(self, *_declared: object) -> None:
        line = self.parser.CurrentLineNumber
        raise OpmlBroken(f"line {line}: it declares entities, which no OPML needs")


def _names_opml(url: str) -> bool:
    return url.lower().partition("?")[0].endswith(".opml")


def opml_of(sites: Iterable[Site]) -> Iterable[str]:
    """The lines of an OPML 2.0 document: an outline for each feed, one for a site without any."""
    yield _HEAD
    for site in sites:
        name = _attribute(site.name)
        named = f"text={name} title={name} {_NAME}={name}"
        page = f"htmlUrl={_attribute(site.start)}"
        for feed in site.sources.feeds:
            yield f'    <outline type="rss" {named} {page} xmlUrl={_attribute(feed)}/>\n'
        if not site.sources.feeds:
            yield f"    <outline {named} {page}/>\n"
    yield _END


def _attribute(value: str) -> str:
    return quoteattr(_CONTROLS.sub("", value))
