"""Where a site starts, by the address that somebody has of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sources.site_start import start_of_page, start_of_source
from models.urls import netloc_of


@pytest.mark.parametrize(
    ("asked", "answered", "start"),
    [
        ("http://example.com/", "https://www.example.com/", "https://www.example.com/"),
        ("https://example.com/", "https://example.com/consent?to=/", "https://example.com/"),
        ("https://old.example/", "https://new.example/en/?from=old", "https://new.example/en/"),
        (
            "https://example.com/", "https://consent.example.net/?back=https%3A%2F%2Fexample.com",
            "https://example.com/",
        ),
    ],
)  # fmt: skip
def test_a_page_starts_its_site_where_it_answers(asked: str, answered: str, start: str) -> None:
    assert start_of_page(asked, answered) == start


STORIES = [f"https://www.example.com/sport/{n}" for n in range(3)]


@pytest.mark.parametrize(
    ("home", "links", "start"),
    [
        ("https://example.com/sport/", STORIES, "https://example.com/sport/"),
        ("https://example.com/", STORIES, "https://example.com/"),
        ("https://example.com/politics/", STORIES, "https://example.com/"),
        ("https://feeds.example.net/example", STORIES, "https://www.example.com/"),
        (None, [*STORIES, "https://other.example/1"], "https://www.example.com/"),
        ("https://example.com/sport/", [], "https://example.com/"),
        ("mailto:x", ["no address", "http://["], None),
        (None, [], None),
    ],
)
def test_a_feed_is_of_the_site_where_its_items_lead(
    home: str | None, links: list[str], start: str | None
) -> None:
    assert start_of_source(home, links) == start


@given(st.none() | st.text(), st.lists(st.text() | st.text().map("https://".__add__)))
def test_no_feed_is_a_traceback(home: str | None, links: list[str]) -> None:
    start = start_of_source(home, links)
    assert start is None or netloc_of(start)
