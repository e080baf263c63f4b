"""Section pages: articles are told from listings by URL and words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.parsers.link_shape import is_article_link, is_home
from crawler.sources.parsers.links import SourceBroken
from crawler.sources.parsers.read import looks_like
from crawler.sources.parsers.section import read_section

URL = "https://news.test/"
SEEDS = Path(__file__).parents[4] / "../shared/seeds"
PAGE = b"""<!doctype html><html><head><title>News <b>test</b></title><meta charset="iso-8859-1">
<link rel="alternate" type="application/rss+xml" href="/feed">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel="alternate" hreflang="fr" href="/fr/"></head><body>
<nav><a href="/politics">Politics</a><a href="/about-us">All about us and our paper</a></nav>
<h2><a href="/wiki/ferry">Ferry line to the caf\xe9 of Naroham opens</a></h2>
<a href="/2026/05/bridge-of-stone#comments">12</a>
<a href="/2026/05/bridge-of-stone">Bridge of stone</a>
<a href="/tag/long-and-winding-road">The long and winding road</a>
<a href="/report.pdf">The whole report of the year</a>
<a href="mailto:a@b">Write to us here please</a>
<a href="http://[bad">Bad address in a link here</a>
<footer><a href="/terms-of-use">Please read all of our terms of use</a></footer></body></html>"""


def test_articles_are_found_and_listings_are_not() -> None:
    page = read_section(PAGE, URL)
    assert [link.url for link in page.links] == [
        "https://news.test/wiki/ferry",
        "https://news.test/2026/05/bridge-of-stone",
    ]
    assert page.links[0].hint.title == "Ferry line to the café of Naroham opens"
    assert [source.url for source in page.sources] == ["https://news.test/feed"]


def test_every_link_is_given_where_the_site_says_which_are_articles() -> None:
    assert "https://news.test/politics" in {
        link.url for link in read_section(PAGE, URL, every_link=True).links
    }


@pytest.mark.parametrize(
    ("url", "text", "heading"),
    [
        ("https://x.test/2026/05/24/ferry-line/", "Ferry", False),
        ("https://x.test/politics/minister-quits-after-vote", "Minister quits after vote", False),
        ("https://x.test/a/1234567.html", "Ein kurzer Titel", False),
        ("https://x.test/?p=4711", "A title of five words", True),
        ("https://x.test/article/1011234", "宮崎県で震度５弱を観測した地震", False),
        ("https://x.test/sport/coach-stays-1019241/article", "The coach stays", False),
    ],
)
def test_the_shapes_of_articles(url: str, text: str, heading: bool) -> None:
    assert is_article_link(url, text, heading=heading)


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://x.test/", "Home"),
        ("https://x.test/politics", "Politics"),
        ("https://x.test/2026/05/", "May 2026"),
        ("https://x.test/tag/a-very-long-name-of-things", "A very long name of things"),
        ("https://x.test/author/jane-doe", "Jane Doe writes about the sea"),
        ("https://x.test/login?next=/2026/05/24/ferry", "Log in to read on"),
        ("https://x.test/photo-of-the-ferry-line-today.jpg", "Photo of the ferry line today"),
    ],
)
def test_the_shapes_of_listings(url: str, text: str) -> None:
    assert not is_article_link(url, text)


def test_front_pages_are_told_by_their_path() -> None:
    homes = ["https://x.test", "https://x.test/", "https://x.test/index.html", "https://x.test/de/"]
    assert all(map(is_home, homes))
    assert not any(map(is_home, ["https://x.test/politics", "https://x.test/?p=1"]))


def test_the_first_bytes_say_what_a_body_is() -> None:
    assert looks_like(PAGE) == "html"
    assert looks_like(b"<?xml version='1.0'?>\n<rss version='2.0'>") == "feed"
    assert looks_like(b"<?xml version='1.0'?>\n<urlset>") == "sitemap"
    assert looks_like(b"plain") == ""


def test_an_empty_page_is_no_section() -> None:
    with pytest.raises(SourceBroken):
        read_section(b"", URL)


@given(st.binary(max_size=400), st.integers(0, len(PAGE)))
def test_no_bytes_do_more_than_break_it(noise: bytes, at: int) -> None:
    try:
        read_section(PAGE[:at] + noise, URL)
        read_section(noise, URL)
    except SourceBroken as broken:
        assert str(broken)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed sites are not beside the project")
def test_the_front_pages_of_the_seed_sites_name_their_eight_articles() -> None:
    for folder in sorted(SEEDS.glob("seed*.test")):
        page = read_section((folder / "index.html").read_bytes(), f"http://{folder.name}/")
        assert len(page.links) == 8


def test_a_base_and_a_feed_whose_addresses_are_none_are_left_out() -> None:
    feeds = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{a}">'
        for a in ("http://[x", "/rss")
    )
    body = f'<html><head><base href="http://[x">{feeds}</head><body><p>News</p></body></html>'
    found = read_section(body.encode(), "https://example.test/")
    assert [source.url for source in found.sources] == ["https://example.test/rss"]
