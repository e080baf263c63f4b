"""What speaks for a page's being the article that its source names."""

import pytest
from lxml.html import fromstring

from models.items import Hint
from pipelines.extraction.page_signs import own_titles, signs_of
from tests.factories import make_metadata

UNSAID = make_metadata(authors=(), sources={"published_at": "feed"})
HEADLINES = {
    "en": ("Council keeps the winter ferry", "Before you continue"),
    "ru": ("Паром останется на зиму", "Ваш выбор важен"),
    "ar": ("المجلس يبقي العبارة في الشتاء", "إعدادات ملفات"),
    "ja": ("議会は冬の渡し船を維持する", "クッキーについて"),
    "hi": ("परिषद ने शीत नौका जारी रखी", "आपकी पसंद"),
}


def test_titles_are_those_that_stand_on_the_page_each_once() -> None:
    tree = fromstring(
        "<html><head><title> Ferry  late </title><meta property='og:title' content='Ferry late'>"
        "</head><body><h1>The <b>ferry</b></h1><h1>2</h1><h1>3</h1><h1>4</h1></body></html>"
    )
    assert own_titles(tree) == ("Ferry late", "The ferry", "2", "3")


@pytest.mark.parametrize("language", HEADLINES)
def test_titles_without_the_words_of_the_source_are_unlike_it(language: str) -> None:
    headline, other = HEADLINES[language]
    hint = Hint(headline, source="feed")
    assert signs_of([other], False, UNSAID, hint, ["x"]).unlike
    assert signs_of([f"{headline} | Post"], False, UNSAID, hint, ["x"]).unlike is False
    assert signs_of([other], False, UNSAID, hint, [headline]).unlike is False


@pytest.mark.parametrize("source", ["section", "sitemap", None])
def test_only_a_source_of_headlines_is_compared(source: str | None) -> None:
    hint = Hint("Council keeps the winter ferry", source=source)
    assert signs_of(["Other"], False, UNSAID, hint, []).unlike is None


def test_a_page_says_that_it_is_an_article_by_a_declaration_a_date_or_a_name() -> None:
    assert not signs_of([], False, UNSAID, Hint(), []).story
    assert signs_of([], True, UNSAID, Hint(), []).story
    for parts in (
        {"authors": ("Ana Sole",), "sources": {}},
        {"authors": (), "sources": {"published_at": "time"}},
    ):
        assert signs_of([], False, make_metadata(**parts), Hint(), []).story
    url = make_metadata(authors=(), sources={"published_at": "url"})
    assert not signs_of([], False, url, Hint(), []).story
