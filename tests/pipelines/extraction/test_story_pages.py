"""A page's links to the other pages of its story, in any language."""

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.items import StoryPages
from pipelines.extraction.story_pages import story_pages

URL = "https://example.test/news/port"


def pages(body: str, url: str = URL, canonical: str | None = None, head: str = "") -> StoryPages:
    markup = f"<html><head>{head}</head><body><article>{body}</article></body></html>"
    return story_pages(lxml.html.document_fromstring(markup), url, canonical)


def row(*labels: str, url: str = URL) -> str:
    return " ".join(f'<a href="{url}?page={n}">{label}</a>' for n, label in enumerate(labels, 1))


@pytest.mark.parametrize(
    "labels",
    [
        ("1", "2", "3"),
        ("Seite 1", "Seite 2", "Seite 3"),
        ("१", "२", "३"),
        ("١", "٢", "٣"),
        ("１", "２", "３"),
        ("1페이지", "2페이지", "3페이지"),
        ("1. Der Sturm", "2. Das Eis", "3. Das Ende"),
    ],
)
def test_a_row_of_numbers_leads_to_the_pages(labels: tuple[str, ...]) -> None:
    found = pages(row(*labels))
    assert found.further == ((2, f"{URL}?page=2"), (3, f"{URL}?page=3"))
    assert (found.number, found.first, found.last) == (1, None, 3)


@pytest.mark.parametrize(
    "word", ["Next page", "次のページ", "الصفحة التالية", "Дальше", "अगला पृष्ठ", "»"]
)
def test_a_short_text_leads_to_the_second_page(word: str) -> None:
    assert pages(f'<a href="?page=2">{word}</a>').further == ((2, f"{URL}?page=2"),)


def test_a_declared_next_page_counts_whatever_the_number() -> None:
    head = '<link rel="next" href="/news/port?page=1">'
    assert pages("", head=head).further == ((2, f"{URL}?page=1"),)


def test_numbers_may_count_from_nought() -> None:
    links = ['<a href="/news/port">1</a>']
    links += [f'<a href="?page={n}">{n + 1}</a>' for n in (1, 2)]
    assert [number for number, _ in pages("".join(links)).further] == [2, 3]
    second = pages("".join(links), URL + "?page=1")
    assert (second.number, second.first, second.further) == (2, URL, ((3, f"{URL}?page=2"),))


@pytest.mark.parametrize(
    ("body", "canonical", "sure"),
    [
        (row("1", "2", "3"), None, True),
        ("", URL, True),
        ('<a rel="prev" href="?page=2">zurück</a>', None, False),
    ],
)
def test_a_later_page_names_the_first(body: str, canonical: str | None, sure: bool) -> None:
    body += '<a rel="next" href="?page=4">weiter</a>'
    found = pages(body, URL + "?page=3", canonical)
    assert (found.number, found.sure) == (3, sure)
    assert found.first in (URL, URL + "?page=1")
    assert (4, f"{URL}?page=4") in found.further


def test_a_view_of_the_whole_story_stands_beside_the_row() -> None:
    far = "<p>x</p>" * 30 + '<a href="/news/port/amp-view">x</a>'
    body = row("1", "2") + f'<p><a href="{URL}/komplettansicht">Auf einer Seite</a></p>' + far
    assert pages(body).views == (f"{URL}/komplettansicht",)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/news/ferry?page=2">2</a>',
        '<a href="https://other.test/news/port?page=2">2</a>',
        '<a href="?page=3">Next</a>',  # not the second page
        '<a href="/news/port-2">The port in winter: what the harbour master has to say of it</a>',
        '<div class="comments"><a href="?cpage=2">2</a></div>',
        '<a href="?year=2026">2026</a>',
        '<a href="#2">2</a>',
        '<a href="http://[">2</a>',
        row("1"),
        "",
    ],
)
def test_other_links_lead_to_no_page(body: str) -> None:
    assert pages(body).further == ()


def test_a_row_of_stories_is_no_story() -> None:
    head = '<link rel="prev" href="/news/11"><link rel="next" href="/news/13">'
    found = pages("", "https://example.test/news/12", head=head)
    assert not found.sure and found.number != 1


def test_the_number_of_a_story_is_none_of_a_page() -> None:
    links = '<a href="/news/13">13</a><a href="/news/12?page=2">2</a>'
    found = pages(links, "https://example.test/news/12")
    assert (found.number, found.further) == (1, ((2, "https://example.test/news/12?page=2"),))


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=8)), max_size=6))
def test_whatever_the_links_no_page_leads_to_itself(links: list[tuple[str, str]]) -> None:
    tree = lxml.html.document_fromstring("<html><body><p>x</p></body></html>")
    for href, text in links:
        link = lxml.html.Element("a")
        link.set("href", "".join(c for c in href if c.isprintable()))
        link.text = "".join(c for c in text if c.isprintable())
        tree.body.append(link)
    found = story_pages(tree, URL, None)
    assert URL not in dict(found.further).values()
