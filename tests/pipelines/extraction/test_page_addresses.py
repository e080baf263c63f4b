"""Two addresses are pages of one story where a page's number alone tells them apart."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.extraction.page_addresses import (
    Numbers,
    is_view,
    numbered_shape,
    page_numbers,
    story_parts,
    without_number,
)

HOST = "https://example.test"
FURTHER = [
    ("/news/port", "/news/port?page={}"),
    ("/news/port?id=7", "/news/port?id=7&p={}"),
    ("/index.php?id=7", "/index.php?p={}&id=7"),
    ("/news/port", "/news/port?{}"),
    ("/news/port", "/news/port/{}"),
    ("/news/port/", "/news/port/{}/"),
    ("/news/port/", "/news/port/page/{}/"),
    ("/news/port/", "/news/port/{}.html"),
    ("/news/port.html", "/news/port-{}.html"),
    ("/news/port.html", "/news/port_{}.html"),
    ("/a/hafen-1.8184.html", "/a/hafen-1.8184-{}.html"),
    ("/a/hafen.html", "/a/hafen,seite-{}.html"),
    ("/a/hafen", "/a/hafen/seite-{}"),
    ("/новости/порт", "/новости/порт/страница-{}"),
    ("/kiji/index.html", "/kiji/index_{}.html"),
    ("/kiji/8184", "/kiji/8184/{}"),
]
OTHERS = [
    ("/news/port", "/news/ferry?page=2"),
    ("/news/port", "https://other.test/news/port?page=2"),
    ("/news/port", "/news/port?reply=8184"),
    ("/news/151", "/news/1512"),
    ("/news/port", "/news/port/comments/all"),
    ("/news/port?a=1", "/news/port?b=2&c=3"),
    ("/", "/page/2"),
    ("/news/8184", "/news/8185"),
    ("/2026/11/10/port", "/2026/11/11/ferry"),
    ("/news/port", "mailto:news@example.test"),
]
numbers = st.integers(2, 99)


@pytest.mark.parametrize(("first", "shape"), FURTHER)
@given(one=numbers, two=numbers)
def test_a_number_behind_an_address_is_that_of_a_page(
    first: str, shape: str, one: int, two: int
) -> None:
    url, page = HOST + first, HOST + shape.format(one)
    assert page_numbers(url, page) == Numbers(None, one)
    assert page_numbers(page, url) == Numbers(one, None)
    other = page_numbers(page, HOST + shape.format(two))
    assert other == (Numbers(one, two) if one != two else None)


@pytest.mark.parametrize(("url", "other"), OTHERS)
def test_addresses_that_differ_in_more_are_none(url: str, other: str) -> None:
    assert page_numbers(HOST + url, other if ":" in other else HOST + other) is None


@pytest.mark.parametrize("view", ["?page=all", "/komplettansicht", "?print=1", "/print/", "-tudo"])
def test_a_word_behind_an_address_may_be_a_view(view: str) -> None:
    assert is_view(HOST + "/news/port", HOST + "/news/port" + view)


@pytest.mark.parametrize("other", ["?page=2", "/2", "", "/print/old"])
def test_numbers_and_longer_paths_are_no_views(other: str) -> None:
    assert not is_view(HOST + "/news/port", HOST + "/news/port" + other)


@pytest.mark.parametrize("shape", ["/p?page={}", "/p/{}", "/p-{}.html", "/p,seite-{}.html"])
def test_the_first_address_lacks_the_number(shape: str) -> None:
    third, second = (HOST + shape.format(n) for n in (3, 2))
    first = without_number(third, second)
    assert first is not None and page_numbers(third, first) == Numbers(3, None)


@pytest.mark.parametrize(("first", "shape"), FURTHER)
def test_all_pages_of_a_kind_have_one_shape(first: str, shape: str) -> None:
    shapes = {numbered_shape(HOST + first, HOST + shape.format(n)) for n in (2, 3, 12)}
    assert len(shapes) == 1 and shapes.isdisjoint({"", "?cpage"})


@given(st.text(), st.text())
@example("http://[", "https://example.test")
def test_no_address_raises(url: str, other: str) -> None:
    page_numbers(url, other)
    is_view(url, other)
    numbered_shape(url, other)
    without_number(HOST + url, HOST + other)


@pytest.mark.parametrize(("first", "shape"), FURTHER)
@pytest.mark.parametrize("number", [2, 17])
def test_no_page_of_a_story_is_taken_for_another_at_a_glance(
    first: str, shape: str, number: int
) -> None:
    url, page = HOST + first, HOST + shape.format(number)
    for own, other in ((url, page), (page, url), (page, HOST + shape.format(number + 1))):
        story = story_parts(own)
        assert story is not None
        assert not story.absent(other)
        assert not story.absent(other.removeprefix(HOST))
        assert not story.absent(quote(other, safe="/:?=&,"))


@pytest.mark.parametrize(
    ("url", "href", "absent"),
    [
        ("/2026/11/hafen-8184.html", "/2026/11/hafen-8185.html", True),
        ("/2026/11/hafen-8184.html", "/2026/11/hafen-8184-seite-2.html", False),
        ("/2026/11/hafen-seite-2.12345", "/2026/11/hafen", False),  # an extension goes too
        ("/news/winter-ferry-stays", "/news/summer-ferry-leaves", True),
        ("/news/winter-ferry-stays", "?page=2", False),
        ("/news/winter-ferry-stays", "winter-2.html", False),
        ("/news/winter-ferry-stays", "/news/winter-fer\nry-st\tays/2", False),
        ("/news/winter-ferry-stays", "https://share.test/?u=/news/winter-ferry-stays", True),
        ("/новости/зимний-паром", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/-/2", True),
        ("/news/première-année", "/news/premi%c3%a8re-ann%C3%A9e/2", False),
        ("/news/%66erry-stays", "/news/fe%72ry-stays/2", False),
        ("/", "/news/winter-ferry-stays", False),
    ],
)
def test_most_links_lead_elsewhere_at_a_glance(url: str, href: str, absent: bool) -> None:
    story = story_parts(HOST + url)
    assert story is not None
    assert story.absent(href) is absent


def test_what_is_no_web_address_has_no_story() -> None:
    assert story_parts("mailto:news@example.test") is None
