"""One text of a page over HTTP: its evidence in words, and selectors that were tested."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from models.db.database import Database
from tests.support.archived_pages import archive_page
from tests.support.look_server import LookServer, look_server


@pytest.fixture
def server(sqlite: Database, sqlite_url: str, tmp_path: Path) -> Iterator[LookServer]:
    for number in (1, 2, 3):
        archive_page(sqlite, tmp_path / "archive", number=number)
    with look_server(sqlite_url, tmp_path) as made:
        yield made


def test_a_text_has_its_reason_and_selectors(server: LookServer) -> None:
    cookie = server.get("/page/1/text/0")
    assert cookie.status == 200
    assert "Removed: a cookie or consent notice" in cookie.text
    assert 'value=".cookie-bar"' in cookie.text and "Keep it" in cookie.text
    lead = server.get("/page/1/text/3").text
    assert "Kept: reads like article text" in lead and 'value=".lead"' in lead
    assert "Remove it" in lead and "with a probability of" in lead


def test_selectors_are_counted_on_the_site_s_pages(server: LookServer) -> None:
    query = urlencode([("selector", ".lead"), ("selector", ".nowhere")])
    found = json.loads(server.get(f"/page/1/counts?{query}").text)
    assert found == {"pages": 3, "matches": {".lead": 3, ".nowhere": 0}}


def test_any_selector_can_be_tried_on_the_page(server: LookServer) -> None:
    found = json.loads(server.get(f"/page/1/covered?{urlencode({'selector': 'footer'})}").text)
    assert len(found["covers"]) == 1
    wrong = server.get(f"/page/1/covered?{urlencode({'selector': 'p['})}")
    assert (wrong.status, json.loads(wrong.text)["error"]) == (400, "'p[' is not a CSS selector")
    assert server.get(f"/page/1/counts?{urlencode({'selector': 'p['})}").status == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/page/1/text/999", 404),
        ("/page/9/text/0", 404),
        ("/page/1/covered", 400),
        ("/page/1/covered?selector=", 400),
        ("/page/1/counts?" + "&".join(["selector=p"] * 9), 400),
        ("/page/1/covered?selector=" + "a" * 501, 400),
    ],
)
def test_bad_questions_are_refused(server: LookServer, path: str, status: int) -> None:
    assert server.get(path).status == status


def test_without_the_copy_no_selector_is_offered(server: LookServer, tmp_path: Path) -> None:
    for warc in tmp_path.rglob("*.warc.gz"):
        warc.unlink()
    answer = server.get("/page/1/text/0")
    assert answer.status == 200 and "No selector can be offered" in answer.text
