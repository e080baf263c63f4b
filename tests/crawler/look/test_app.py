"""The application has each page at its address, and nothing else."""

from pathlib import Path

from tests.support.look_data import fill_small
from tests.support.look_server import LookServer, look_server

PAGES = (
    "/", "/?q=site-2", "/site/site-1", "/site/site-1?days=90&before=100", "/cluster/1", "/live",
    "/site/site-1/charts/articles.svg", "/site/site-1/charts/outcomes.svg?days=90",
    "/site/site-1/charts/words.svg", "/site/site-1/charts/removed.svg", "/live/runs", "/search",
    "/search?q=harbour", "/search?q=https://site-1.test/", "/static/look.css", "/static/live.js",
)  # fmt: skip


def test_every_page_is_at_its_address_on_every_database(database_url: str, tmp_path: Path) -> None:
    fill_small(database_url)
    with look_server(database_url, tmp_path) as server:
        assert {path: server.get(path).status for path in PAGES} == dict.fromkeys(PAGES, 200)


def test_another_address_is_one_clear_page(filled: LookServer) -> None:
    answer = filled.get("/nothing/here")
    assert answer.status == 404
    assert "no page /nothing/here" in answer.text


def test_no_page_has_what_the_content_policy_forbids(filled: LookServer) -> None:
    for path in ("/", "/site/site-1", "/cluster/1", "/live", "/search?q=harbour", "/nothing"):
        text = filled.get(path).text
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert " on" + "click=" not in text, path
        assert "<script>" not in text, path


def test_an_empty_database_has_every_page_too(empty: LookServer) -> None:
    assert "No site was visited yet" in empty.get("/").text
    assert "Nothing runs now" in empty.get("/live").text
    assert "No article says this" in empty.get("/search?q=harbour").text
