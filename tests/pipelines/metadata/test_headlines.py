"""Of a page's titles the trusted one is its headline, unless the address speaks for another."""

import json
from collections.abc import Sequence

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import Hint
from pipelines.metadata.headlines import headline
from pipelines.metadata.jsonld import page_nodes
from pipelines.metadata.markup import read_markup
from pipelines.metadata.slugs import slug_of

FIRST = "https://paper.example/2024/05/storm-hits-the-coast-of-jutland-12345.html"
SITE_NAMES = frozenset({"paper", "thepaper"})


def chosen(
    social: str = "", written: str = "", heading: str = "", title: str = "", url: str = FIRST
) -> tuple[str, str] | None:
    head = f'<title>{title}</title><meta property="og:title" content="{social}">'
    if written:
        node = json.dumps({"@type": "NewsArticle", "headline": written})
        head += f'<script type="application/ld+json">{node}</script>'
    page = f"<html><head>{head}</head><body><h1>{heading}</h1><p>text</p></body></html>"
    markup = read_markup(lxml.html.document_fromstring(page))
    nodes = page_nodes(markup.scripts, frozenset(), (social, heading))
    return headline(markup, nodes, SITE_NAMES, Hint(), url)


def test_the_title_for_sharing_is_taken_where_the_address_says_nothing():
    url = "https://paper.example/article/12345"
    assert chosen("You must see this", heading="Storm hits coast", url=url) == (
        "meta",
        "You must see this",
    )


def test_without_a_json_ld_headline_the_address_speaks_for_the_heading():
    found = chosen("You must see this", heading="Storm hits the coast of Jutland")
    assert found == ("heading", "Storm hits the coast of Jutland")


def test_a_headline_that_is_not_shown_is_taken_if_the_address_spells_it_out():
    shown = "Jutland under water: the worst night in years"
    spelled = chosen(shown, "Storm hits the coast of Jutland", shown)
    assert spelled == ("jsonld", "Storm hits the coast of Jutland")
    assert chosen(shown, "Coast of Jutland flooded after storm in May", shown) == ("meta", shown)


def test_a_shown_headline_is_taken_out_of_a_title_that_says_more():
    headline_ = "Storm hits the coast of Jutland"
    more = f"Weather today: {headline_} and Funen"
    assert chosen(more, headline_, headline_) == ("jsonld", headline_)


def test_a_title_for_sharing_stands_beside_another_headline_that_is_shown():
    shown = "Storm hits the coast of Jutland"
    assert chosen("A night nobody will forget", shown, shown) == (
        "meta",
        "A night nobody will forget",
    )


def test_what_json_ld_calls_the_headline_is_not_cut_to_a_shorter_heading():
    whole = "Storm hits coast! - Latest news"
    assert chosen(whole, whole, "Storm hits coast!", whole) == ("meta", whole)


def test_a_page_without_titles_has_no_headline():
    assert chosen() is None


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://a.example/iran-zadania-za-ropa-lodz", "Irán: żądania za ropą, Łódź"),
        ("https://a.example/gruenen-spitze-gegen-kloeckner", "Grünen-Spitze gegen Klöckner"),
        ("https://a.example/grunen-spitze-gegen-klockner", "Grünen-Spitze gegen Klöckner"),
        ("https://a.example/whats-next-for-gaza", "What’s next for Gaza"),
        ("https://a.example/x/storm_hits_coast,art4711.html?x=a-b-c-d", "Storm hits coast"),
        ("https://a.example/5-%D0%BD%D0%B0-%D0%94%D0%BE%D0%BD%D1%83", "5 на Дону"),
    ],
)
def test_an_address_fits_the_title_that_it_was_made_of(url: str, title: str):
    assert slug_of(url).fit(title) == 1


@pytest.mark.parametrize(
    "url", ["https://a.example/", "https://a.example/news/4711", "http://[", "", "/news/live-blog"]
)
def test_an_address_without_a_slug_fits_nothing(url: str):
    assert slug_of(url).fit("news live blog storm") == 0


@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=6))
def test_a_fit_is_a_share_whatever_address_and_title_hold(title: str, parts: Sequence[str]):
    assert 0 <= slug_of("https://a.example/" + "/".join(parts)).fit(title) <= 1


def test_a_hostile_address_costs_little():
    assert slug_of("https://a.example/" + "a1" * 1_000_000 + "-z").fit("a " * 100_000) == 0


def of(head: str, body: str, url: str = "https://p.example/a/17") -> str | None:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    markup = read_markup(lxml.html.document_fromstring(page))
    nodes = page_nodes(markup.scripts, frozenset(), ())
    found = headline(markup, nodes, SITE_NAMES, Hint(), url)
    return found[1] if found else None


LOGO = "<h1><a href=/>Golden Wave</a></h1>"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Storm hits coast</title>", LOGO, "Storm hits coast"),
        ("", f"{LOGO}<main><h2>Storm hits coast</h2></main>", "Storm hits coast"),
        ("<title>The Paper</title>", "<h1>The Paper</h1><main><h2>Sturm</h2></main>", "Sturm"),
        ("<title>The Paper</title>", "<h1>The Paper</h1><h2>More stories</h2>", None),
        ("<title>The Paper</title>", LOGO, None),
        ("<title>The Paper</title>", f"<main><p>{'x' * 201}</p><h2>More stories</h2></main>", None),
    ],
)
def test_the_site_s_name_and_its_logo_are_never_the_headline(
    head: str, body: str, title: str | None
) -> None:
    assert of(head, body) == title


def test_a_headline_given_for_the_publisher_s_name_stays_the_headline() -> None:
    node = json.dumps(
        {"@type": "NewsArticle", "headline": "The Paper", "publisher": {"name": "The Paper"}}
    )
    head = f'<script type="application/ld+json">{node}</script><title>The Paper</title>'
    site = '<meta property="og:site_name" content="Golden Wave">'
    assert of(head + site, "<h1>The Paper</h1>") == "The Paper"
    assert of(head, "<h1>The Paper</h1>") is None


def test_a_slogan_goes_unless_the_page_s_heading_has_it() -> None:
    name = '<meta property="og:site_name" content="Harbour Post">'
    title = "Winter ferry stays - Harbour Post daily"
    assert of(f"{name}<title>{title}</title>", "<h1>The Paper</h1>") == "Winter ferry stays"
    assert of(f"{name}<title>{title}</title>", f"<h1>{title}</h1>") == title


def test_a_heading_tells_more_than_the_address() -> None:
    title, url = "Storm hits the coast - Jutland Paper", "https://jutland.example/1"
    assert chosen(title=title, url=url) == ("title", "Storm hits the coast")
    assert chosen(title=title, heading=title, url=url) == ("heading", title)
