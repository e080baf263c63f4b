"""A page's bytes into its Extraction: what is an article, what is a wall, what breaks nothing."""

from pathlib import Path
from typing import Any

import lxml.html
import pytest
import trafilatura
from lxml.html import HtmlElement

from models.errors import LeadsElsewhere
from models.evidence import Evidence
from models.items import Extraction, Hint
from pipelines.boilerplate.classify import classify
from pipelines.kept_text import text_of
from pipelines.page_reader import extract

SEEDS = Path(__file__).parents[2] / "../shared/seeds"
PROSE = "The harbour froze on Monday night, and the boats will stay where they are until it thaws."


def read(html: str, url: str = "https://example.test/a") -> Extraction:
    return extract(html.encode(), "utf-8", url, Hint(), None)


def text(html: str) -> str:
    extraction = read(html)
    return text_of(extraction, classify(extraction, Evidence(), 1))


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed sites are not beside the project")
@pytest.mark.parametrize("number", range(5))
def test_index_pages_are_no_articles(number: int) -> None:
    body = (SEEDS / f"seed00{number}.test" / "index.html").read_bytes()
    for path in ("", "politics/"):
        page = extract(body, "utf-8", f"http://seed00{number}.test/{path}", Hint(), None)
        assert not page.is_article


def test_a_list_of_teasers_is_no_article() -> None:
    teasers = "".join(
        f"<div class=card><h3><a href=/{n}>Story {n} and what it says</a></h3><p>{PROSE}</p></div>"
        for n in range(12)
    )
    page = read(f"<main>{teasers}</main>", "https://example.test/news")
    assert not page.is_article


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed sites are not beside the project")
def test_a_page_is_parsed_once_and_given_to_trafilatura_once_without_its_menus(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parsed: list[int] = []
    given: list[int] = []

    def fromstring(source: bytes, **options: Any) -> HtmlElement:
        tree = document_fromstring(source, **options)
        parsed.append(sum(1 for _ in tree.iter()))
        return tree

    def extraction(tree: HtmlElement, **options: Any) -> object:
        given.append(sum(1 for _ in tree.iter()))
        return bare_extraction(tree, **options)

    document_fromstring, bare_extraction = (
        lxml.html.document_fromstring,
        trafilatura.bare_extraction,
    )
    monkeypatch.setattr(lxml.html, "document_fromstring", fromstring)
    monkeypatch.setattr(trafilatura, "bare_extraction", extraction)
    pages = sorted((SEEDS / "seed001.test").rglob("*.html"))
    for page in pages:
        extract(page.read_bytes(), "utf-8", "http://seed001.test/a", Hint(), None)
    assert len(parsed) == len(given) == len(pages) > 0
    assert sum(given) < sum(parsed) / 2


def test_a_short_article_is_an_article() -> None:
    page = read(
        "<html><head><meta property='og:type' content='article'></head><body><article>"
        f"<h1>Harbour frozen</h1><p>{PROSE}</p><p>No one was hurt.</p></article></body></html>"
    )
    assert page.is_article
    assert page.interstitial is None


def test_paragraphs_are_parted_by_one_blank_line() -> None:
    body = "".join(f"<p>{PROSE} {name}.</p>" for name in ("One", "Two", "Three", "Four"))
    found = text(f"<article><h1>Harbour</h1><div class=story>{body}</div></article>")
    assert found.split("\n\n")[-4:] == [
        f"{PROSE} {name}." for name in ("One", "Two", "Three", "Four")
    ]


@pytest.mark.parametrize(
    ("html", "interstitial"),
    [
        (
            "<title>Just a moment...</title><body><p>Checking your browser before access</p>",
            "challenge",
        ),
        ("<title>404 - Page not found</title><body><h1>404</h1><p>Page not found</p>", "missing"),
        ("<title>News</title><body><p>Please log in to continue reading this page.</p>", "login"),
    ],
)
def test_interstitials_are_known(html: str, interstitial: str) -> None:
    assert read(html).interstitial == interstitial


@pytest.mark.slow  # for its size
def test_a_page_of_fifty_thousand_blocks_is_read() -> None:
    assert len(read("<div>" + "<p>some words here</p>" * 50_000).blocks) == 50_000


def test_a_page_without_any_text_has_no_blocks() -> None:
    page = read("<html><body><img src=a.png></body></html>")
    assert page.blocks == ()
    assert not page.is_article


def test_a_page_that_scripts_make_is_empty_and_a_list_of_stories_is_not() -> None:
    menu = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in ("News", "Sport", "Arts"))
    made = f"<title>Story</title><body><nav><ul>{menu}</ul></nav><div id=app></div>"
    assert read(made).interstitial == "empty"
    teasers = "".join(
        f"<h2><a href='/{n}'>The council has approved the bridge number {n}</a></h2>"
        for n in range(9)
    )
    listing = read(f"<title>News</title><body><main>{teasers}</main>")
    assert (listing.interstitial, listing.is_article) == (None, False)


def _leading(words: str, refresh: str) -> str:
    head = f"<head>{refresh}<title>Η ιστορία</title></head>"
    return f"<html>{head}<body><main><h1>Η ιστορία</h1>{words}</main></body></html>"


OPTIONAL = '<noscript><meta http-equiv="refresh" content="0;url=/no-scripts"></noscript>'
AT_ONCE = '<meta http-equiv="refresh" content="0;url=/no-scripts">'
STORIES = [
    "<p>Το πλοίο έφυγε από το λιμάνι"
    + " και γύρισε με τα δίχτυα γεμάτα πριν από το βράδυ" * 9
    + ".</p>",
    "<p>" + "渡轮在清晨离开了港口，并在傍晚之前满载而归，岸上的人们都在等待。" * 9 + "</p>",
]


@pytest.mark.parametrize("story", STORIES)
def test_a_way_out_for_browsers_without_scripts_hides_no_article(story: str) -> None:
    assert read(_leading(story, OPTIONAL)).is_article


@pytest.mark.parametrize(
    "page",
    [
        _leading("<p>Μεταφέρεστε στη νέα διεύθυνση της ιστορίας.</p>", OPTIONAL),
        _leading(STORIES[0], AT_ONCE),
        _leading("", AT_ONCE),
    ],
)
def test_a_page_that_leads_its_readers_on_says_where(page: str) -> None:
    with pytest.raises(LeadsElsewhere) as led:
        read(page)
    assert led.value.target == "https://example.test/no-scripts"
