"""Which addresses name one page: by a number, a name, or the same path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.addresses import is_one_page, other_pages

AT = "https://paper.example"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/news/ferry-late-in-june", "/sport/ferry-late-in-june"),
        ("/news/ferry-late-in-june", "/2026/11/20/ferry-late-in-june.html"),
        ("/noticia/Z59BAEC38-ADF2/202611/one", "/noticia/Z59BAEC38-ADF2/202611/120-cases"),
        ("/story-88121", "/print/88121"),
        ("/story/ferry", "/story/ferry?print=1"),
        ("/a/b", "http://www.paper.example/a/b/?utm_source=x"),
        ("/новости/паром-опоздал-во-вторник", "/спорт/паром-опоздал-во-вторник"),
    ],
)
def test_one_page(one: str, other: str) -> None:
    other = other if other.startswith("http") else AT + other
    assert is_one_page(AT + one, other)
    assert is_one_page(other, AT + one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/news/ferry-late", "/news/council-votes"),
        ("/2026/11/20/index.html", "/2026/11/21/index.html"),
        ("/artikel?id=1", "/artikel?id=2"),
        ("/nieuws/2026/10/01/story-4566603", "/nieuws/2026/10/02/story-4566604"),
        ("/c/1234567/article-998", "/c/1234567/article-999"),
        ("/202611/ferry-late", "/202611/council-votes"),
    ],
)
def test_two_pages(one: str, other: str) -> None:
    assert not is_one_page(AT + one, AT + other)


def test_pages_are_counted_once_and_without_the_page_itself() -> None:
    urls = [f"{AT}/{slug}" for slug in ("x/ferry-late", "a/ferry-late", "oak-felled", "oak-felled")]
    assert other_pages(f"{AT}/ferry-late", urls) == 1
    assert other_pages(f"{AT}/ferry-late", []) == 0


@given(st.lists(st.text(max_size=20), max_size=5), st.text(max_size=20))
def test_no_address_breaks_it_and_none_is_another_than_itself(paths: list[str], path: str) -> None:
    urls = [f"{AT}/{one}" for one in paths]
    assert other_pages(f"{AT}/{path}", [f"{AT}/{path}"] * 3) == 0
    assert 0 <= other_pages(f"{AT}/{path}", urls) <= len(urls)
