"""Feeds: RSS, Atom, JSON Feed, whole and cut."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.parsers.feed import read_feed
from crawler.sources.parsers.links import SourceBroken

URL = "https://news.test/feed"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><ttl>30</ttl>
<item><title>Ships &amp;amp; &lt;b&gt;harbours&lt;/b&gt;</title><link>/1</link>
<pubDate>Sun, 24 May 2026 10:00:00 +0200</pubDate></item>
<item><title>Second</title><guid isPermaLink="true">https://news.test/2</guid></item>
<item><title>Third</title><link>https://news.test/3-the-third</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>3 &lt; 4</title>
<link rel="alternate" href="/a"/><published>2026-05-24T10:00:00Z</published>
<updated>2026-05-25T10:00:00Z</updated></entry></feed>"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": [
{"id": "1", "url": "/1", "title": "One", "date_published": "2026-05-24T10:00:00+02:00"},
{"id": "https://news.test/2"}, {"id": "3"}, {"id": "4", "url": "https://news.test/4"}]}"""


def test_rss_gives_titles_times_and_how_long_it_holds() -> None:
    feed = read_feed(RSS, URL)
    assert [link.url for link in feed.links] == [
        "https://news.test/1",
        "https://news.test/2",
        "https://news.test/3-the-third",
    ]
    assert feed.links[0].hint.title == "Ships & harbours"
    assert feed.links[0].hint.published_at == datetime(2026, 5, 24, 8, tzinfo=UTC)
    assert feed.links[0].hint.modified_at is None
    assert (feed.title, feed.ttl, feed.error) == ("News", 1800, None)


def test_a_feed_cut_in_half_gives_its_whole_entries_only() -> None:
    feed = read_feed(RSS[:-40], URL)
    assert [link.url for link in feed.links] == ["https://news.test/1", "https://news.test/2"]
    assert feed.error == "cut short after 2 entries"


def test_atom_gives_both_dates_and_plain_titles() -> None:
    [link] = read_feed(ATOM, URL).links
    assert link.url == "https://news.test/a"
    assert link.hint.title == "3 < 4"
    assert link.hint.published_at == datetime(2026, 5, 24, 10, tzinfo=UTC)
    assert link.hint.modified_at == datetime(2026, 5, 25, 10, tzinfo=UTC)


def test_json_feeds_are_read_and_ids_only_where_they_are_urls() -> None:
    feed = read_feed(JSON, URL)
    assert [link.url[-2:] for link in feed.links] == ["/1", "/2", "/4"]
    assert feed.links[0].hint.published_at == datetime(2026, 5, 24, 8, tzinfo=UTC)


def test_a_json_feed_cut_in_half_gives_its_whole_entries() -> None:
    feed = read_feed(JSON[:-20], URL)
    assert [link.url[-2:] for link in feed.links] == ["/1", "/2"]
    assert feed.error == "cut short after 3 entries"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html><body>Not found", "an HTML page"),
        (b"%PDF-1.4", "not a feed"),
        (b"/etc/passwd", "not a feed"),
        (b'{"a": 1}', "no JSON Feed"),
        (b'{"a":' * 100_000, "too deep"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: bytes, reason: str) -> None:
    with pytest.raises(SourceBroken, match=reason):
        read_feed(body, URL)


@given(st.sampled_from([RSS, ATOM, JSON]), st.integers(0, 500), st.binary(max_size=40))
def test_no_damage_does_more_than_break_it(feed: bytes, at: int, noise: bytes) -> None:
    try:
        read_feed(feed[:at] + noise + feed[at + 5 :], URL)
    except SourceBroken as broken:
        assert str(broken)


def test_an_address_that_is_none_costs_its_entry_alone() -> None:
    rss = "".join(f"<item><link>{a}</link></item>" for a in ("http://[x", "/a"))
    items = '{"items": [{"url": "http://[x"}, {"url": "/a"}]}'
    for body in (f'<rss version="2.0"><channel>{rss}</channel></rss>', items):
        found = read_feed(body.encode(), "https://example.test/feed").links
        assert [link.url for link in found] == ["https://example.test/a"]


@pytest.mark.parametrize(
    ("reference", "title"),
    [
        (b"&#65;", "A"), (b"&#x1F6A2;", "🚢"), (b"&#0000000000065;", "A"),
        (b"&#99999999999;", "\ufffd"), (b"&#" + b"9" * 5000 + b";", "\ufffd"),
        (b"&#xD800;", "\ufffd"), (b"&#xdfff", "\ufffd"), (b"&#x110000;", "\ufffd"),
    ],
)  # fmt: skip
def test_a_number_that_is_no_character_costs_its_title_alone(reference: bytes, title: str) -> None:
    for damage in (b"", b"<br>"):  # a feed that is not well-formed is read by other code
        found = read_feed(RSS.replace(b"Second", reference).replace(b"Third", damage), URL)
        assert [link.url for link in found.links][1:] == [
            "https://news.test/2", "https://news.test/3-the-third"
        ]  # fmt: skip
        assert found.links[1].hint.title == title


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"title": "x"}]}',
    ],
)
def test_entries_that_lead_nowhere_are_a_fault(body: bytes) -> None:
    found = read_feed(body, "https://example.test/feed")
    assert (found.links, found.error) == ((), "1 entries, and none of them names an address")
