"""Entries of a sitemap that were seen before are left out, wherever that is sure."""

import gzip

import pytest

from crawler.sources.parsers.entries import LEFT_OUT, Unseen, unseen, wanted
from crawler.sources.parsers.sitemap import read_sitemap
from models.items import Link

URL = "https://example.test/sitemap.xml"
HEAD = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def entry(name: str, lastmod: str = "2026-01-01") -> str:
    return f"<url><loc>https://example.test/{name}</loc><lastmod>{lastmod}</lastmod></url>\n"


def sitemap(*entries: str, head: str = HEAD, tail: str = "</urlset>") -> bytes:
    return f"{head}{''.join(entries)}{tail}".encode()


def key(name: str) -> bytes:
    return name.encode().ljust(8, b".")


def part(body: bytes, packed: bytes = b"", again: tuple[bytes, ...] = ()) -> Unseen:
    found = unseen(body, URL, packed, again)
    assert found is not None
    return found


def named(found: Unseen) -> list[str]:
    items = read_sitemap(found.body, URL)
    return [item.url.rpartition("/")[2] for item in items if isinstance(item, Link)]


def seen(*names: str) -> bytes:
    """What is kept of a sitemap whose entries were all stored."""
    found = part(sitemap(*map(entry, names)))
    for name in names:
        found.record(f"https://example.test/{name}", key(name))
    return found.packed()


def test_at_first_all_is_read() -> None:
    assert named(part(sitemap(entry("a"), entry("b")))) == ["a", "b"]


def test_what_was_seen_is_left_out_and_what_changed_is_read() -> None:
    body = sitemap(entry("new"), entry("a"), entry("b", "2026-02-02"))
    found = part(body, seen("a", "b"))
    assert named(found) == ["new", "b"]
    assert wanted(found.packed()) == 1  # b as it was is there no more


def test_nothing_new_is_a_sitemap_without_entries() -> None:
    assert named(part(gzip.compress(sitemap(entry("a"))), seen("a"))) == []


def test_an_entry_is_known_only_when_its_link_was_recorded() -> None:
    found = part(sitemap(entry("a"), entry("b")))
    found.record("https://example.test/a", LEFT_OUT)
    again = part(sitemap(entry("a"), entry("b")), found.packed())
    assert named(again) == ["b"] and wanted(found.packed()) == 0


def test_a_page_that_is_to_be_looked_at_is_read_though_it_was_seen() -> None:
    assert named(part(sitemap(entry("a"), entry("b")), seen("a", "b"), (key("b"),))) == ["b"]


def test_addresses_are_those_of_the_parser() -> None:
    body = sitemap("<url><loc><![CDATA[ https://example.test/x?a=1&b=2 ]]></loc></url>",
                   "<url><loc>https://example.test/y?a=1&amp;b=2</loc></url>")  # fmt: skip
    parsed = [item.url for item in read_sitemap(body, URL) if isinstance(item, Link)]
    assert sorted(part(body).read) == sorted(parsed)


def test_entries_with_a_prefix_are_told_apart_too() -> None:
    head = '<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9">'
    body = sitemap("<s:url><s:loc>https://example.test/a</s:loc></s:url>", head=head,
                   tail="</s:urlset>")  # fmt: skip
    assert named(part(body)) == ["a"] and part(body).packed() == b""  # so it is read each time


@pytest.mark.parametrize(
    "body",
    [
        sitemap(entry("a"), "<!--", entry("hidden"), "-->", entry("b")),
        sitemap(entry("a"), "<![CDATA[", entry("hidden"), "]]>", entry("b")),
        sitemap("<url>", entry("a"), "</url>"),
        sitemap("<url><loc>https://example.test/a</loc>"),
        sitemap(),
        sitemap(*(f"<url><loc>/{n}</loc></url>" for n in range(50_001))),
        b"https://example.test/a\nhttps://example.test/b\n",
        gzip.compress(sitemap(*map(entry, "abcdefgh")))[:-20],
        sitemap(entry("a")).decode().encode("utf-16"),
    ],
    ids=["comment", "cdata", "nested", "open", "empty", "too many", "text", "cut", "utf-16"],
)
def test_what_the_bytes_alone_do_not_show_is_for_the_parser(body: bytes) -> None:
    assert unseen(body, URL, b"", ()) is None
