"""Whether a link leads to an article, by its URL and its words alone."""

import pytest

from crawler.sources.parsers.link_shape import (
    ENOUGH,
    is_article_link,
    is_front_page,
    is_home,
    is_listing,
    points,
)

HEADLINE = "Night ferry sails again after eleven years"


@pytest.mark.parametrize(
    "path",
    [
        "/2026/05/24/night-ferry-sails-again",
        "/news/night-ferry-sails-again-after-years",
        "/sport/night-ferry-4711815/article",
        "/artikel/night-ferry-sails-again.html",
        "/a1b2c3d4/night-ferry-sails-again-at-last",
        "/story?id=4711",
        "/archive/night-ferry-sails-again-471181",
    ],
)
def test_a_headline_on_such_a_path_is_an_article_s(path: str) -> None:
    assert is_article_link(f"https://example.test{path}", HEADLINE)


@pytest.mark.parametrize(
    "path",
    ["/", "/politics", "/tag/ferry", "/author/ada-lind", "/2026/05/", "/photo.jpg", "/a.pdf",
     "/login?next=/story", "/about-us", "/topics/night-ferry-sails-again"],
)  # fmt: skip
def test_a_section_a_tag_or_a_file_is_none(path: str) -> None:
    assert not is_article_link(f"https://example.test{path}", "Ferry")


def test_a_heading_counts_for_and_a_menu_against() -> None:
    url = "https://example.test/night-ferry"
    plain = points(url, HEADLINE)
    assert points(url, HEADLINE, heading=True) == plain + 2
    assert points(url, HEADLINE, aside=True) == plain - 3


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("one two", -1),
        ("one two three", 1),
        ("one two three four", 1),
        ("one two three four five", 2),
        ("夜間フェリー", 1),
        ("夜間フェリーが再び航行", 2),
    ],
)
def test_words_speak_for_an_article_by_their_number(text: str, worth: int) -> None:
    url = "https://example.test/night-ferry"
    assert points(url, text) - points(url, "") == worth + 1


def test_enough_is_the_border() -> None:
    url = "https://example.test/night-ferry-sails"
    score = points(url, HEADLINE)
    assert is_article_link(url, HEADLINE) is (score >= ENOUGH)
    assert is_article_link(url, HEADLINE, heading=True) and score < ENOUGH + 2


@pytest.mark.parametrize(
    ("path", "listing"),
    [
        ("/tag/ferry", True),
        ("/author/ada-lind", True),
        ("/privacy-policy", True),
        ("/page/2", True),
        ("/night-ferry-sails-again-today", False),
        ("/tag/2026/05/24/night-ferry-sails-again", False),
        ("/photo.jpg", False),
        ("/", False),
    ],
)
def test_a_listing_says_so_in_its_url(path: str, listing: bool) -> None:
    assert is_listing(f"https://example.test{path}") is listing


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("", True),
        ("/", True),
        ("/index.html", True),
        ("/en/", True),
        ("/pt-BR/home", True),
        ("/?p=1", False),
        ("/news", False),
        ("/index.html/x", False),
    ],
)
def test_a_front_page_is_known_by_its_path(path: str, home: bool) -> None:
    assert is_home(f"https://example.test{path}") is home


@pytest.mark.parametrize(
    ("to", "front"),
    [
        ("/", True),
        ("/es/", True),
        ("/?error=404", True),
        ("/index.php?code=503", True),
        ("/?from=88121", True),  # the number of what was asked
        ("/?ref=feed", True),
        ("/?p=4410", False),
        ("/?p=404", False),
        ("/index.php?id=77", False),
        ("/index.php?post=20221118001238", False),
        ("/es/?p=9", False),
        ("/kultur/", False),
        ("/es/some-story/", False),
    ],
)
def test_a_redirect_to_a_page_with_a_number_leads_to_no_front_page(to: str, front: bool) -> None:
    site = "https://example.test"
    assert is_front_page(site + to, f"{site}/news/88121", f"{site}/") is front
