"""Sitemaps: what they name is found, also where they are broken, and in little memory."""

import gzip
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.parsers.links import SourceBroken, SourceLink, newest_first
from crawler.sources.parsers.sitemap import MAX_URLS, read_sitemap
from models.items import Link

URL = "https://news.test/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://news.test/a?x=1&amp;y=2</loc><lastmod>2026-05-24T09:00:00Z</lastmod>
<news:news><news:publication><news:name>N</news:name></news:publication>
<news:publication_date>2026-05-24T10:30:00+02:00</news:publication_date>
<news:title>Müller &amp; S&#246;hne</news:title></news:news>
<image:image><image:loc>https://news.test/a.jpg</image:loc></image:image></url>
</urlset>"""


def read(body: bytes) -> tuple[list, str | None]:
    """What was found, and why reading broke off."""
    found = []
    try:
        for item in read_sitemap(body, URL):
            found.append(item)  # noqa: PERF402 - what came before the break counts
    except SourceBroken as broken:
        return found, str(broken)
    return found, None


def urlset(count: int) -> bytes:
    entry = "<url><loc>https://news.test/{}</loc><lastmod>2026-05-24</lastmod></url>"
    return f"<urlset>{''.join(entry.format(n) for n in range(count))}</urlset>".encode()


def test_a_news_sitemap_gives_titles_and_times_and_no_pictures() -> None:
    [link], error = read(NEWS.encode())
    assert error is None
    assert link.url == "https://news.test/a?x=1&y=2"
    assert link.found_by == "news_sitemap"
    assert link.hint.title == "Müller & Söhne"
    assert link.hint.published_at == datetime(2026, 5, 24, 8, 30, tzinfo=UTC)
    assert link.hint.published_precision == "time"
    assert link.hint.modified_at == datetime(2026, 5, 24, 9, tzinfo=UTC)


def test_an_index_names_sitemaps_one_level_down() -> None:
    entry = b"<sitemap><loc>/s1.xml</loc><lastmod>2026-05-24</lastmod></sitemap>"
    [child], _ = read(b"<sitemapindex>" + entry + b"</sitemapindex>")
    assert child == SourceLink(
        "https://news.test/s1.xml",
        "sitemap",
        datetime(2026, 5, 24, tzinfo=UTC),
        depth=1,
    )


@pytest.mark.parametrize(
    "body",
    [
        urlset(3),
        gzip.compress(urlset(3)),
        b"\xef\xbb\xbf\n " + urlset(3),
        b"https://news.test/0\r\nhttps://news.test/1\nhttps://news.test/2",
        ("<?xml version='1.0' encoding='utf-16'?>" + urlset(3).decode()).encode("utf-16"),
    ],
    ids=["xml", "gzip", "byte order mark", "text", "utf-16"],  # gzip bytes name the time
)
def test_xml_gzip_text_and_utf16_are_read(body: bytes) -> None:
    found, error = read(body)
    assert [link.url for link in found] == [f"https://news.test/{n}" for n in range(3)]
    assert error is None


def test_bare_ampersands_and_control_characters_are_mended() -> None:
    [link], error = read(
        b"<urlset><url><loc>https://news.test/?a=1&copy=2\x07</loc></url></urlset>"
    )
    assert (link.url, error) == ("https://news.test/?a=1&copy=2", None)


def test_what_was_read_until_a_break_counts() -> None:
    found, error = read(urlset(100)[:-700])
    assert len(found) > 50
    assert error is not None
    assert error.startswith("broken XML")


def test_a_cut_gzip_counts_as_far_as_it_goes() -> None:
    found, error = read(gzip.compress(urlset(5000))[:4000])
    assert found
    assert error == "gzip: it ends before its end"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html><p>Hi<br>", "an HTML page, not a sitemap"),
        (b"<rss version='2.0'></rss>", "a feed, not a sitemap"),
        (b"nothing of the kind", "neither XML nor lines of URLs"),
        (b"<!DOCTYPE u [<!ENTITY a 'b'>]><urlset/>", "it declares entities"),
        (gzip.compress(b"<urlset>" + b"<url><loc>x</loc></url>" * 10 + b" " * (51 << 20)), "50 MB"),
    ],
)
def test_what_is_no_sitemap_says_what_it_is(body: bytes, reason: str) -> None:
    _, error = read(body)
    assert error is not None
    assert reason in error


@pytest.mark.slow  # for its size
def test_urls_past_the_limit_are_left_and_said() -> None:
    found, error = read(urlset(MAX_URLS + 5))
    assert len(found) == MAX_URLS
    assert error is not None
    assert "50000" in error


@pytest.mark.slow  # for its size
def test_fifty_thousand_urls_cost_a_few_megabytes() -> None:
    body = gzip.compress(urlset(20_000))
    tracemalloc.start()
    count = sum(1 for _ in read_sitemap(body, URL))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 4_000_000


@given(st.binary(max_size=2000), st.integers(0, 400))
def test_no_bytes_do_more_than_break_it(noise: bytes, at: int) -> None:
    whole = NEWS.encode()
    read(noise)
    read(whole[:at] + noise + whole[at:])


def test_newest_children_come_first_by_date_then_by_number() -> None:
    def child(name: str, day: int | None = None) -> SourceLink:
        return SourceLink(name, "sitemap", day and datetime(2026, 5, day, tzinfo=UTC))

    order = newest_first([child("p-2"), child("old", 1), child("p-10"), child("new", 2)])
    assert [c.url for c in order] == ["new", "old", "p-10", "p-2"]


def test_an_address_that_is_none_costs_its_entry_alone() -> None:
    entries = b"<url><loc>http://[x</loc></url><url><loc>/a</loc></url>"
    found = list(read_sitemap(b"<urlset>" + entries + b"</urlset>", "https://example.test/s.xml"))
    assert [link.url for link in found] == ["https://example.test/a"]


def entries(*addresses: str) -> bytes:
    listed = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
    return f"<urlset>{listed}</urlset>".encode()


@pytest.mark.parametrize(
    "children",
    [
        ("/sitemap-2026-11.xml", "/sitemap-2026-10.xml"),
        ("/map/1.xml.gz", "/map/2.XML"),
        ("/sitemap.php?page=1", "/sitemap.php?page=2"),
        ("/sitemaps/2026", "/news-sitemap/"),
        ("/export?file=news.xml",),
        ("/post-sitemap2", "/sitemap_index.php", "/sitemap-2026-11"),
    ],
)
def test_sitemaps_listed_as_pages_are_sitemaps(children: tuple[str, ...]) -> None:
    found, error = read(entries(*children))
    assert error is None
    assert [(type(item), item.depth) for item in found] == [(SourceLink, 1)] * len(children)


def test_a_page_with_the_word_in_its_address_is_a_page_among_pages() -> None:
    found, _ = read(entries("/sitemap", "/how-a-sitemap-works", "/ferry-sails", "/old.xml"))
    assert [(type(item).__name__, item.url.rpartition("/")[2]) for item in found] == [
        ("Link", "sitemap"), ("Link", "how-a-sitemap-works"), ("Link", "ferry-sails"),
        ("SourceLink", "old.xml"),
    ]  # fmt: skip


def test_pages_that_all_have_the_word_in_their_addresses_are_pages() -> None:
    found, _ = read(entries("/2026/a-sitemap-for-all.html", "/news/why-sitemaps-matter"))
    assert [type(item) for item in found] == [Link, Link]


@pytest.mark.parametrize("body", [entries(""), b"<urlset><url><link>/a</link></url></urlset>"])
def test_a_sitemap_with_entries_that_name_nothing_is_broken(body: bytes) -> None:
    found, error = read(body)
    assert (found, error) == ([], "1 entries, and none of them names an address")


def test_a_quiet_sitemap_is_none_the_worse() -> None:
    assert read(b"<urlset></urlset>") == ([], None)
    assert list(read_sitemap(entries("http://[x"), URL, part=True)) == []


@pytest.mark.parametrize(
    ("codec", "title"),
    [
        ("windows-1251", "Паром снова вышел в море"),
        ("windows-1256", "العبارة تبحر من جديد"),
        ("euc-kr", "연락선이 다시 떠났다"),
        ("utf-16-le", "夜航渡轮再次启航"),
        ("utf-16-be", "रात की नौका फिर चली"),
    ],
)
def test_titles_are_read_in_the_encoding_of_the_document(codec: str, title: str) -> None:
    declared = "" if codec.startswith("utf-16") else f'<?xml version="1.0" encoding="{codec}"?>'
    entry = f"<url><loc>/a</loc><news:news><news:title>{title}</news:title></news:news></url>"
    [link], error = read(f"{declared}<urlset>{entry}</urlset>".encode(codec))
    assert (link.hint.title, error) == (title, None)


def test_junk_before_the_declaration_hides_neither_it_nor_the_pages() -> None:
    junk = b"Notice: Undefined index in /srv/www/map.php on line 7\n"
    entry = "<url><loc>/a</loc><n:news><n:title>Číslo</n:title></n:news></url>"
    body = f'<?xml version="1.0" encoding="iso-8859-2"?><urlset>{entry}</urlset>'
    [link], _ = read(junk + body.encode("iso-8859-2"))
    assert link.url == "https://news.test/a"
