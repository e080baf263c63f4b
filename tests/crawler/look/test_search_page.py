"""Search, and the address of an article by its number."""

import re
from pathlib import Path

import pytest

from tests.support.look_data import fill_small
from tests.support.look_server import LookServer, look_server

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


def test_words_of_texts_in_any_order_and_case(filled: LookServer) -> None:
    text = filled.get("/search?q=LIBRARY+harbour").text
    assert f"{len(found(text))} found, the newest first." in text  # all were looked at
    assert "WINNOW_SEARCH" not in text
    assert found(filled.get("/search?q=harbour+nothing").text) == []
    without = found(filled.get("/search?q=harbour+-ferry").text)
    assert without
    assert not set(without) & set(found(filled.get("/search?q=harbour+ferry").text))
    phrase = filled.get("/search?q=%22ferry+harbour%22").text
    assert 0 < len(found(phrase)) <= 50


def test_without_an_index_titles_are_searched_and_the_page_says_so(
    sqlite_url: str, tmp_path: Path
) -> None:
    fill_small(sqlite_url)
    with look_server(sqlite_url, tmp_path, search=False) as served:
        text = served.get("/search?q=FERRY+harbour").text
        nothing = served.get("/search?q=harbour+nothing").text
    assert found(text)
    for page in (text, nothing):
        assert "WINNOW_SEARCH is off: words are looked for in titles and addresses" in page
    assert "No article has these words in its title or address" in nothing


def test_the_beginning_of_an_address(filled: LookServer) -> None:
    text = filled.get("/search?q=https://site-1.test/2026/council-story-of-the-day-2").text
    assert set(found(text)) == {25, 201, 209, 217, 225, 233}
    assert found(filled.get("/search?q=https://site-1.test/2027/").text) == []


def test_sites_are_named_too(filled: LookServer) -> None:
    assert 'href="/site/site-3"' in filled.get("/search?q=site-3").text


def test_a_question_that_cannot_be_right(filled: LookServer) -> None:
    assert filled.get(f"/search?q={'x' * 2001}").status == 400
    nothing = "Nothing to search for: it has no letter and no digit; type words."
    assert nothing in filled.get("/search?q=%25_%27%22").text
    assert "No article says this" in filled.get("/search?q=%25_%27%22%3Cb%3E").text
    assert "No article says this" in filled.get("/search?q=12345678901234567").text
