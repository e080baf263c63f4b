"""The shape of an address: the same for all pages of a kind, whatever the language."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.crawl.url_shape import FOLDERS, LONGEST, url_shape

SIBLINGS = {
    "/news/{n}/{n}/{n}/{slug}-{n}.html?ref": [
        "/news/2026/11/25/ferry-sails-again-in-june-12345.html?ref=rss",
        "/News/2019/1/5/the-mayor-of-the-town-resigns-9876543.html?ref=home",
    ],
    "/politik/{slug}": [
        "/politik/bundestag-beschliesst-haushalt",
        "/politik/%C3%B6sterreich-w%C3%A4hlt-neu",
        "/politik/merz-will-mehr-a-7b3c4d5e-1234-4321-abcd-123456789abc",
    ],
    "/новости/{n}/{slug}": ["/новости/2026/футбол-сегодня-вечером", "/Новости/2019/и-снова-зима"],
    "/{slug}.html": [
        "/東京都知事が新しい予算案を発表し議会で審議が始まる.html",
        "/ผู้ว่าราชการจังหวัดเปิดงานประเพณีลอยกระทง.html",
    ],
    "/story-{n}": ["/story-1", "/story-20000", "/story_7"],
    "/article/{n}": ["/article/1", "/article/2026-11-25", "/article/123456789"],
    "/news/articles/{id}": ["/news/articles/c4gm3xk9lo", "/news/articles/cx2zz81pq"],
    "/{id}": ["/deadbeef0123", "/7b3c4d5e-1234-4321-abcd-123456789abc"],
    "/tag/{word}": ["/tag/berlin", "/tag/jane-doe", "/tag/météo"],
    "/?p": ["/?p=12", "/?p=9999", "?p=3"],
    "/index.php?a{n}&id": ["/index.php?id=5&a1=x", "/index.php?a22=y&id=6"],
    "/?a&b&c&d": ["/?a=1&b=2&c=3&d=4", "/?a=1&b=2&c=3&d=4&e=5"],
    "/in/{word}": ["/in/internationalisation", "/in/berlin"],
    "/in/{slug}": ["/in/internationalisations", "/in/a-b-c"],
    "/": ["", "/", "//", "/#top"],
    "/a/b/{word}/{n}": ["/a/b/c/1", "/a/b/d/2"],
}


@pytest.mark.parametrize("shape", SIBLINGS)
def test_pages_of_a_kind_have_one_shape(shape: str) -> None:
    shapes = {url_shape(f"https://example.test{path}") for path in SIBLINGS[shape]}
    if shape == "/index.php?a{n}&id":  # the name of a page is not the site's word
        shape = "/{word}.php?a{n}&id"
    assert shapes == {shape}


def test_other_kinds_have_other_shapes() -> None:
    assert len(
        {url_shape(f"https://example.test{paths[0]}") for paths in SIBLINGS.values()}
    ) == len(SIBLINGS)


@given(st.text(max_size=300))
def test_every_text_has_a_short_shape_and_always_the_same(text: str) -> None:
    shape = url_shape(text)
    assert 0 < len(shape) <= LONGEST
    assert shape == url_shape(text)
    assert shape == url_shape(text + "#part") or "#" in text


words = st.text("abcdefghijklmnopqrstuvwxyzäéжш", min_size=3, max_size=10).filter(
    lambda word: not set(word) <= set("abcdef")  # as hexadecimal ids are written
)


@given(
    st.lists(words, max_size=FOLDERS),
    st.lists(words, min_size=3, max_size=8),
    st.lists(words, min_size=3, max_size=8),
    st.integers(0, 10**4 - 1),
    st.integers(0, 10**4 - 1),
)
def test_siblings_differ_in_slug_and_number_alone(
    folders: list[str], one: list[str], other: list[str], first: int, second: int
) -> None:
    base = "https://example.test/" + "".join(f"{folder}/" for folder in folders)
    assert url_shape(f"{base}{first}/{'-'.join(one)}") == url_shape(
        f"{base}{second}/{'-'.join(other)}"
    )
    assert url_shape(f"{base}x-{first}") == url_shape(f"{base}x-{second}")
    assert url_shape(f"{base}x?id={first}") == url_shape(f"{base}x?id={second}")


@pytest.mark.parametrize("part", ["1", "1-", "a1", "f", "x.", "%31", "a=1&"])
def test_a_long_address_costs_no_time_by_the_square_of_its_length(part: str) -> None:
    began = process_time()
    url_shape(f"https://example.test/{part * 20_000}x?{part * 20_000}x")
    assert process_time() - began < 1
