"""Feeds: RSS, Atom and JSON Feed, also broken ones and ones that were cut in half."""

import html
import json
import re
import sys
from io import BytesIO
from typing import Any, Final

import feedparser

from crawler.sources.parsers.links import ParsedSource, SourceBroken, joined
from models.charset import codec_of, decode
from models.dates import read_date
from models.items import Hint, Link
from models.text import one_line

MAX_ENTRIES: Final = 5_000  # real feeds have tens; a whole archive in one feed has thousands
_END: Final = re.compile(rb"</(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*$", re.I | re.S)
_ENTRY_END: Final = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.I)
_PARSER_PREFIX: Final = re.compile(r"^<unknown>:\d+:\d+: ")
_DECLARED: Final = re.compile(rb"<\?xml\s[^>]*\bencoding\s*=")
_REFERENCE: Final = re.compile(rb"&#([xX][0-9a-fA-F]+|[0-9]+);?")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_ITEMS: Final = re.compile(r'"items"\s*:\s*\[')
_PERIODS: Final = {
    "hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000,
}  # fmt: skip


def read_feed(body: bytes, url: str, charset: str | None = None) -> ParsedSource:
    """Links of a feed with their titles and dates; raises SourceBroken if it is none."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(body, url)
    codec = codec_of(charset)
    content_type = f"application/xml; charset={codec}" if codec else "application/xml"
    if codec is None and not _DECLARED.search(body[:1000]):
        body = decode(body, None).encode("utf-8", "replace")
    body = _REFERENCE.sub(_of_a_character, body)
    try:
        # a file object: feedparser takes other values for names of files to open
        parsed = feedparser.parse(
            BytesIO(body),
            response_headers={"content-type": content_type, "content-location": url},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as fault:  # a stranger's bytes may raise anything in it
        raise SourceBroken(f"not a feed: {one_line(repr(fault))[:200]}") from fault
    if not parsed.get("version"):
        raise SourceBroken(_no_feed(body, parsed))
    entries = parsed.entries
    error = None
    if parsed.bozo and not _END.search(body[-2000:]):
        entries = entries[: len(_ENTRY_END.findall(body))]  # the last one is cut too
        error = f"cut short after {len(entries)} entries"
    links = tuple(link for entry in entries[:MAX_ENTRIES] if (link := _link(entry, url)))
    error = error or _none_named(len(entries), links)
    title = one_line(str(parsed.feed.get("title") or ""))[:300] or None
    home = joined(url, str(parsed.feed.get("link") or "").strip()) if parsed.feed else None
    return ParsedSource("feed", links, title=title, error=error, ttl=_ttl(parsed.feed), home=home)


def _of_a_character(reference: re.Match[bytes]) -> bytes:
    """The character reference, or U+FFFD for a number that is no character: feedparser raises."""
    named = reference[1].lower()
    base, digits = (16 if named[:1] == b"x" else 10), named.lstrip(b"x").lstrip(b"0") or b"0"
    number = int(digits, base) if len(digits) < 8 else sys.maxunicode + 1
    is_one = number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF
    return reference[0] if is_one else b"&#xFFFD;"


def _link(entry: Any, url: str) -> Link | None:
    address = entry.get("feedburner_origlink") or entry.get("link") or ""
    if not address and str(entry.get("id", "")).startswith(("http://", "https://")):
        address = entry["id"]
    named = str(address).strip()
    found = joined(url, named) if named else None
    if found is None:
        return None
    published, precision = read_date(entry.get("published") or entry.get("created"))
    # feedparser's get("updated") falls back to the date of publication; `in` does not
    modified, _ = read_date(entry["updated"]) if "updated" in entry else (None, None)
    title = one_line(_title(entry))[:1000] or None
    hint = Hint(title, published, precision, modified, "feed")
    return Link(found, "feed", url, hint)


def _ttl(feed: Any) -> int | None:
    minutes = str(feed.get("ttl") or "")
    if minutes.isascii() and minutes.isdigit() and 0 < len(minutes) < 7:
        return int(minutes) * 60 or None
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    often = str(feed.get("sy_updatefrequency") or "1").strip()
    if period is None:
        return None
    return period // max(1, int(often)) if often.isascii() and often.isdigit() else period


def _no_feed(body: bytes, parsed: Any) -> str:
    head = body[:2000].lower()
    if not head.strip():
        return "empty"
    if b"<html" in head or b"<!doctype html" in head:
        return "an HTML page, not a feed"
    why = _PARSER_PREFIX.sub("", one_line(str(parsed.get("bozo_exception") or "")))
    return f"not a feed: {why[:200]}" if why else "not a feed"


def _json_feed(body: bytes, url: str) -> ParsedSource:
    text = body.decode("utf-8-sig", "replace")
    error = None
    try:
        whole = json.loads(text)
        items = whole.get("items")
        title = whole.get("title")
    except RecursionError as deep:
        raise SourceBroken("JSON nested too deep") from deep
    except ValueError:
        items, title = _items_until_cut(text), None
        error = f"cut short after {len(items)} entries"
    if not isinstance(items, list):
        raise SourceBroken("JSON, but no JSON Feed: it has no list of items")
    links = tuple(link for item in items[:MAX_ENTRIES] if (link := _json_link(item, url)))
    if error and not links:
        raise SourceBroken("JSON that is broken before its first entry")
    error = error or _none_named(len(items), links)
    name = one_line(title)[:300] if isinstance(title, str) else None
    home = None if error else joined(url, _text(whole.get("home_page_url")).strip())
    return ParsedSource("feed", links, title=name, error=error, home=home)


def _none_named(entries: int, links: tuple[Link, ...]) -> str | None:
    """What is wrong with a feed that has entries and leads nowhere; None for any other."""
    if links or not entries:
        return None
    return f"{entries} entries, and none of them names an address"


def _items_until_cut(text: str) -> list[Any]:
    start = _ITEMS.search(text)
    items: list[Any] = []
    at, decoder = start.end() if start else len(text), json.JSONDecoder()
    while len(items) < MAX_ENTRIES:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return items
        items.append(item)
    return items


def _json_link(item: Any, url: str) -> Link | None:
    if not isinstance(item, dict):
        return None
    address = next(
        (item[k] for k in ("url", "external_url", "id") if isinstance(item.get(k), str)), ""
    ).strip()
    if not address or (not item.get("url") and not address.startswith(("http://", "https://"))):
        return None
    found = joined(url, address)
    if found is None:
        return None
    published, precision = read_date(_text(item.get("date_published")))
    modified, _ = read_date(_text(item.get("date_modified")))
    title = one_line(_text(item.get("title")))[:1000] or None
    return Link(found, "feed", url, Hint(title, published, precision, modified, "feed"))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _title(entry: Any) -> str:
    """The title as text, also if the feed has it as HTML; '<' that opens no tag stays."""
    title = str(entry.get("title") or "")
    if "html" in str(entry.get("title_detail", {}).get("type") or ""):
        return html.unescape(_TAG.sub("", title))
    return title
