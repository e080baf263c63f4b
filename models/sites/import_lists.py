"""A list of sites that somebody has: OPML, addresses one a line, or CSV. Pure.

The kind is recognised by the content. A line that names no address is one failure; a file that
cannot be read as a whole is refused, so that nothing is half imported.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from models.charset import codec_of, decode
from models.errors import UsageError
from models.sites.config import NAME
from models.sites.opml import OpmlBroken, Outline, read_opml
from models.text import one_line
from models.urls import bare_host, host_of, netloc_of, request_url, url_key

MAX_BYTES: Final = 64 << 20  # of a file; an OPML of 10,000 feeds has 3 MB
MAX_SITES: Final = 20_000  # lines with an address
_DECLARED: Final = re.compile(rb"<\?xml\s[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})")
_COMMENT: Final = re.compile(r"(?:^|\s)#.*")
_DELIMITERS: Final = (",", ";", "\t")
_FLAGS: Final = {
    "": False, "false": False, "0": False, "no": False, "true": True, "1": True, "yes": True,
}  # fmt: skip
_LONGEST: Final = 4_000  # characters of an address


@dataclass(frozen=True, slots=True)
class Wanted:
    """A site that a list names, by its own address or by that of a feed or sitemap."""

    line: int
    address: str  # as it is requested; as it is written if `fault`
    feeds: tuple[str, ...] = ()  # that the list names beside the address
    name: str | None = None  # for its file
    title: str = ""  # on one line
    private: bool = False
    is_page: bool = False  # the list says that the address is a page of the site, no feed
    fault: str | None = None  # why the line names no site
    number: int = 0  # in the list: a line may have many
    again: tuple[int, ...] = ()  # lines of those further down that name the same


class ListBroken(UsageError):
    """The file cannot be read as a list of sites."""


def read_list(raw: bytes, name: str) -> list[Wanted]:
    """The sites that a file names, each once, in order; `name` is the file's, for messages.

    Raises ListBroken with one line for a file that is too large, broken, or names no address.
    """
    if len(raw) > MAX_BYTES:
        raise ListBroken(f"{name}: more than {MAX_BYTES >> 20} MB; cut it into smaller files")
    try:
        found = islice(_lines(_text(raw)), MAX_SITES + 1)  # a file of 64 MB may name millions
        wanted = [replace(one, number=n) for n, one in enumerate(found)]
    except OpmlBroken as broken:
        raise ListBroken(f"{name}: {broken}; nothing was imported") from broken
    except csv.Error as broken:
        raise ListBroken(f"{name}: the CSV is broken: {broken}; nothing was imported") from broken
    if len(wanted) > MAX_SITES:
        raise ListBroken(f"{name}: more than {MAX_SITES} addresses; cut it into smaller files")
    if all(one.fault for one in wanted):
        first = f": line {wanted[0].line}: {wanted[0].fault}" if wanted else ""
        hint = "write OPML, CSV with a column 'url', or one address a line"
        raise ListBroken(f"{name} names no site{first}; {hint}")
    return merged(wanted)


def merged(wanted: Sequence[Wanted]) -> list[Wanted]:
    """The same sites, each once: lines that name one page, or pages of one host with feeds.

    Feeds of two sites may be on one host, so an address alone counts only if it is the same.
    """
    found: dict[object, Wanted] = {}
    for one in wanted:
        key: object = one.number if one.fault else url_key(one.address)
        if one.is_page and not one.fault:
            key = bare_host(netloc_of(one.address))
        first = found.setdefault(key, one)
        if first is not one:
            feeds = tuple(dict.fromkeys((*first.feeds, *one.feeds)))
            shortest = min(first.address, one.address, key=_depth)
            found[key] = replace(
                first, feeds=feeds, address=shortest, again=(*first.again, one.line)
            )
    return list(found.values())


def address_of(written: str) -> str:
    """An address as it is requested; https if it names no scheme. Raises ValueError."""
    text = written.strip()
    if text.lower().startswith("feed:"):
        text = text[5:].removeprefix("//")
    if len(text) > _LONGEST:
        raise ValueError(f"an address of more than {_LONGEST} characters")
    bare = "://" not in text
    url = request_url(f"https://{text}" if bare else text)
    host = host_of(url)
    if bare and not ("." in host.strip(".") or ":" in host or host == "localhost"):
        raise ValueError(f"{one_line(text)[:100]!r} is no address")
    return url


def _depth(url: str) -> int:
    return len(urlsplit(url).path)


def _text(raw: bytes) -> str:
    declared = _DECLARED.search(raw[:400].replace(b"\x00", b""))
    label = codec_of(declared[1].decode("ascii")) if declared else None
    wide = label is not None and label.startswith("utf-16") and b"\x00" not in raw[:100]
    return decode(raw, None if wide else label).lstrip("\ufeff")


def _lines(text: str) -> Iterator[Wanted]:
    if text.lstrip()[:1] == "<":
        for outline in read_opml(text.lstrip() if text[:1].isspace() else text, MAX_SITES):
            yield _of_outline(outline)
        return
    delimiter = _csv_delimiter(text)
    if delimiter is None and (header := _header_without_url(text)):
        raise csv.Error(f"its header {header!r} has no column 'url'")
    yield from _of_list(text) if delimiter is None else _of_csv(text, delimiter)


def _of_outline(outline: Outline) -> Wanted:
    url = outline.html_url or outline.xml_url
    if outline.includes:
        fault = "it includes another OPML file; import that one too"
        return Wanted(outline.line, one_line(url)[:300], fault=fault)
    found = _wanted(outline.line, url, outline.title)
    if NAME.fullmatch(outline.name):
        found = replace(found, name=outline.name)
    if found.fault and outline.html_url and outline.xml_url:  # readers write nonsense as htmlUrl
        return _wanted(outline.line, outline.xml_url, outline.title)
    if found.fault or not (outline.html_url and outline.xml_url):
        return replace(found, is_page=bool(outline.html_url))
    try:
        return replace(found, feeds=(address_of(outline.xml_url),), is_page=True)
    except ValueError as wrong:
        return replace(found, fault=f"xmlUrl: {wrong}")


def _of_list(text: str) -> Iterator[Wanted]:
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        if written := _COMMENT.sub("", line).strip():
            yield _wanted(number, written)


def _csv_delimiter(text: str) -> str | None:
    """The delimiter of a CSV whose header has a column `url`; None for anything else."""
    first = islice(io.StringIO(text, newline=None), 100)
    header = next((line for line in first if line.strip()), "")
    for delimiter in _DELIMITERS:
        names = [name.strip().strip('"').lower() for name in header.split(delimiter)]
        if "url" in names:
            return delimiter
    return None


def _header_without_url(text: str) -> str:
    """The first line, if it names no address and has a delimiter that the next one has too."""
    lines = islice(io.StringIO(text, newline=None), 100)
    first, second, *_ = [*islice(filter(str.strip, lines), 2), "", ""]
    for delimiter in _DELIMITERS:
        cells = first.strip().split(delimiter)
        if len(cells) > 1 and second.count(delimiter) and not any(map(_is_address, cells)):
            return one_line(first)[:100]
    return ""


def _is_address(cell: str) -> bool:
    try:
        return bool(address_of(cell.strip(' "')))
    except ValueError:
        return False


def _of_csv(text: str, delimiter: str) -> Iterator[Wanted]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    try:
        for row in rows:
            if not header:
                header = [name.strip().lower() for name in row] if any(row) else []
            elif any(cell.strip() for cell in row):
                yield _of_row(rows.line_num, dict(zip(header, map(_cell, row), strict=False)))
    except csv.Error as broken:
        raise csv.Error(f"line {rows.line_num}: {broken}") from broken


def _cell(written: str) -> str:
    """A cell without the quote that keeps a spreadsheet from taking it for a formula."""
    text = written.strip()
    return text[1:] if text[:1] == "'" and not text[1:2].isalnum() else text


def _of_row(line: int, row: Mapping[str, str]) -> Wanted:
    found = _wanted(line, row.get("url", ""), row.get("title", ""))
    name, private = row.get("name") or None, row.get("private", "").lower()
    # as it is written: what failed is written out again with all that its line said
    found = replace(
        found, name=name, private=_FLAGS.get(private, False),
        feeds=tuple(row.get("feeds", "").split()),
    )  # fmt: skip
    if found.fault:
        return found
    if name is not None and not NAME.fullmatch(name):
        rule = "write lower-case letters, digits, - and _"
        return replace(found, fault=f"name: {one_line(name)[:100]!r} is no site name; {rule}")
    if private not in _FLAGS:
        return replace(found, fault=f"private: {one_line(private)[:40]!r}; write true or false")
    try:
        feeds = tuple(map(address_of, found.feeds))
    except ValueError as wrong:
        return replace(found, fault=f"feeds: {wrong}")
    return replace(found, feeds=feeds, is_page=bool(feeds))


def _wanted(line: int, written: str, title: str = "") -> Wanted:
    try:
        return Wanted(line, address_of(written), title=one_line(title)[:300])
    except ValueError as wrong:
        return Wanted(line, one_line(written)[:300], fault=one_line(str(wrong))[:300])
