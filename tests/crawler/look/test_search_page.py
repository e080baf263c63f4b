"""Search, and the address of an article by its number."""

import re

import pytest

from tests.support.look_server import LookServer

URL = "https://site-1.test/2026/council-story-of-the-day-1"


def found(text: str) -> list[int]:
    return [int(n) for n in re.findall(r'href="/page/(\d+)"', text)]


@pytest.mark.parametrize("query", ["1", URL.replace("://", "%3A%2F%2F"), f"{URL}%23top", "%20001"])
def test_a_number_or_a_whole_address_leads_to_its_page(filled: LookServer, query: str) -> None:
    answer = filled.get(f"/search?q={query}")
    assert (answer.status, answer.headers.get("location")) == (303, "/page/1")


def test_an_article_is_found_by_its_number(filled: LookServer) -> None:
    answer = filled.get("/article/12")
    assert (answer.status, answer.headers.get("location")) == (303, "/page/12")
    assert "there is no article 900" in filled.get("/article/900").text


def test_words_of_titles_in_any_order_and_case(filled: LookServer) -> None:
    text = filled.get("/search?q=FERRY+harbour").text
    assert found(text)
    assert "newest" not in text  # all were looked at
    assert found(filled.get("/search?q=harbour+nothing").text) == []


def test_the_beginning_of_an_address(filled: LookServer) -> None:
    text = filled.get("/search?q=https://site-1.test/2026/council-story-of-the-day-2").text
    assert set(found(text)) == {25, 201, 209, 217, 225, 233}
    assert found(filled.get("/search?q=https://site-1.test/2027/").text) == []


def test_sites_are_named_too(filled: LookServer) -> None:
    assert 'href="/site/site-3"' in filled.get("/search?q=site-3").text


def test_a_question_that_cannot_be_right(filled: LookServer) -> None:
    assert filled.get(f"/search?q={'x' * 2001}").status == 400
    assert "No article has these words" in filled.get("/search?q=%25_%27%22%3Cb%3E").text
    assert "No article has these words" in filled.get("/search?q=12345678901234567").text
