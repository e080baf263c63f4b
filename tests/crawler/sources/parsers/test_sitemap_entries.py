"""The entries of a sitemap, however publishers write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.parsers.links import SourceBroken
from crawler.sources.parsers.sitemap_entries import Entries, Entry

A, B = "<url><loc>/a</loc></url>", "<url><loc>/b</loc></url>"
CHILD = "<sitemap><loc>/s</loc></sitemap>"
PAGES, CHILDREN = ("page", "page"), ("sitemap", "page", "page")


def read(markup: str) -> list[Entry]:
    return list(Entries().read(iter([markup])))


def listed(markup: str) -> list[tuple[str, str]]:
    return [(entry.kind, entry.values.get("loc", "")) for entry in read(markup)]


TWO = {
    "as it should be": f"<urlset>{A}{B}</urlset>",
    "in itself": f"<urlset><urlset>{A}{B}</urlset></urlset>",
    "several in one": f"<urlset><urlset>{A}</urlset><urlset>{B}</urlset></urlset>",
    "one behind the other": f"<urlset>{A}</urlset>\n<?xml version='1.0'?><urlset>{B}</urlset>",
    "in capitals": f"<urlset>{A}{B}</urlset>".replace("url", "URL").replace("loc", "LOC"),
    "closed in other letters": f"<urlset>{A}{B}</urlSet>".replace("</loc>", "</Loc>"),
    "behind a warning": f"<br />\n<b>Warning</b>: in <b>/x.php</b><br /><urlset>{A}{B}</urlset>",
    "behind a page": f"<!DOCTYPE html><html><p>Σφάλμα<br></html><urlset>{A}{B}</urlset>",
    "in a page": f"<html><body><pre><urlset>{A}{B}</urlset></pre></body></html>",
    "with prefixes": f"<urlset>{A}{B}</urlset>".replace("</", "</s:").replace("<u", "<s:u").replace(
        "<l", "<s:l"
    ),
    "without a root": f"{A}{B}",
    "of another root": f"<urls>{A}{B}</urls>",
    "entries left open": "<urlset><url><loc>/a</loc><url><loc>/b</loc></urlset>",
    "values left open": "<urlset><url><loc>/a<lastmod>x<url><loc>/b</url></urlset>",
    "locations alone": "<urlset><loc>/a</loc><loc>/b</loc></urlset>",
    "entries of another name": "<urlset><p><loc>/a</loc></p><item><loc>/b</loc></item></urlset>",
    "CDATA": "<urlset><url><loc> <![CDATA[ /a ]]></loc></url><url><loc><![CDATA[/b]]></urlset>",
    "comments": f"<!-- <urlset>{CHILD} --><urlset>{A}<!-- {A} -->{B}</urlset>",
}  # fmt: skip


@pytest.mark.parametrize("markup", TWO.values(), ids=TWO)
def test_two_pages_are_two_pages(markup: str) -> None:
    assert listed(markup) == [("page", "/a"), ("page", "/b")]


@pytest.mark.parametrize(
    "markup",
    [
        f"<sitemapindex>{CHILD}{A}{B}</sitemapindex>",
        f"<urlset>{CHILD}{A}{B}</urlset>",
        f"<sitemapindex>{CHILD}</sitemapindex><urlset>{A}{B}</urlset>",
        f"<sitemapindex>{CHILD}<urlset>{A}{B}</urlset></sitemapindex>",
    ],
)
def test_sitemaps_and_pages_in_one_document_are_told_apart(markup: str) -> None:
    assert listed(markup) == [("sitemap", "/s"), ("page", "/a"), ("page", "/b")]


def test_values_are_named_by_their_tags_and_pictures_are_no_pages() -> None:
    [entry] = read(
        "<urlset><url><loc>/a</loc><image:image><image:loc>/a.jpg</image:loc></image:image>"
        "<news:news><news:title>Ο φάρος &amp; το λιμάνι</news:title></news:news></url></urlset>"
    )
    assert entry.values == {
        "loc": "/a", "image.loc": "/a.jpg", "news.title": "Ο φάρος & το λιμάνι",
    }  # fmt: skip


def test_a_cut_one_says_so_after_what_came() -> None:
    found, entries = [], Entries()
    with pytest.raises(SourceBroken, match="broken XML: it ends inside <loc>"):
        for entry in entries.read(iter([f"<urlset>{A}<url><loc>/b"])):
            found.append(entry)  # noqa: PERF402 - what came before the break counts
    assert [entry.values["loc"] for entry in found] == ["/a"]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<!DOCTYPE html><html><p>Hi", "an HTML page, not a sitemap"),
        ("<rss><channel>", "a feed, not a sitemap"),
        ("<opml><body/>", "its first tag is <opml>"),
        ("<p>" * 200_000, "its first tag is <p>"),
        ("<urlset>" + "<a>" * 200, "more than 100 tags inside each other"),
    ],
)
def test_what_is_no_sitemap_is_said(markup: str, reason: str) -> None:
    with pytest.raises(SourceBroken, match=reason):
        read(markup)


@given(st.lists(st.sampled_from(["<url>", "</url>", "</URL>", "<b>", "</b>", "</x>", " "])))
def test_no_tags_around_it_hide_a_location(junk: list[str]) -> None:
    markup = f"<urlset>{''.join(junk)}{A}</urlset>"
    assert ("page", "/a") in listed(markup)
