"""The bundled demo: whole texts, pages with all the usual clutter, and the run itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from crawler.demo import next_steps
from crawler.demo.press import Paper, article_page, front_page, papers
from crawler.demo.server import SiteServer
from tests.support.desk import Desk

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAPERS = {paper.name: paper for paper in papers()}
CLUTTER = ["cookie", "newsletter", "comment", "Advertisement", "breadcrumb"]


@pytest.fixture
def post() -> Iterator[SiteServer]:
    """The Harbour Post, served."""
    with SiteServer(PAPERS["harbour-post"], NOW) as server:
        yield server


@pytest.mark.parametrize("paper", PAPERS.values(), ids=list(PAPERS))
def test_every_article_has_a_head_and_four_paragraphs(paper: Paper) -> None:
    assert len(paper.texts) >= 6
    for text in paper.texts:
        assert text.title and text.author and text.tags and len(text.paragraphs) >= 4, text.slug


@pytest.mark.parametrize("paper", PAPERS.values(), ids=list(PAPERS))
def test_every_page_shows_all_of_its_text(paper: Paper) -> None:
    for text in paper.texts:
        page = article_page(paper, text, "http://127.0.0.1:1", NOW)
        for paragraph in text.paragraphs:
            assert paragraph.removeprefix("## ").removeprefix("[box] ") in page, text.slug


def test_a_page_has_the_clutter_that_pages_have() -> None:
    paper = PAPERS["harbour-post"]
    page = article_page(paper, paper.texts[0], "http://127.0.0.1:1", NOW)
    assert [word for word in CLUTTER if word not in page] == []


def test_one_site_republishes_stories_of_another_with_edits() -> None:
    post, courier = PAPERS["harbour-post"], PAPERS["valley-courier"]
    original, copy = post.text("tide-mill"), courier.text("tide-mill-agency")
    assert set(original.paragraphs) & set(copy.paragraphs)
    assert set(original.paragraphs) - set(copy.paragraphs)
    assert set(copy.paragraphs) - set(original.paragraphs)
    assert original.title != copy.title


def test_an_edit_changes_one_article_of_a_new_paper() -> None:
    paper = PAPERS["harbour-post"]
    edited = paper.edited("ferry-timetable", "24 crowns", "28 crowns")
    assert edited.text("ferry-timetable") != paper.text("ferry-timetable")
    assert edited.texts[1:] == paper.texts[1:]


def test_the_front_page_names_every_article() -> None:
    paper = PAPERS["leuchtturm"]
    page = front_page(paper, paper.texts, None)
    assert all(f'href="{text.path}"' in page for text in paper.texts)


def test_a_page_that_has_not_changed_is_answered_with_304(post: SiteServer) -> None:
    url = post.url + post.paper.texts[0].path
    with urlopen(url) as first:
        etag = first.headers["ETag"]
    with pytest.raises(HTTPError) as unchanged:
        urlopen(Request(url, headers={"If-None-Match": etag}))
    assert unchanged.value.code == 304


def test_the_server_has_the_traps_of_a_real_site(post: SiteServer) -> None:
    replies = {path: post.reply(path) for path in ("/n/1042", "/files/tide-tables.pdf", "/no")}
    assert [reply.status for reply in replies.values()] == [301, 200, 404]
    post.gone.add("/n/1042")
    assert post.reply("/n/1042").status == 410


def test_a_folder_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    done = Desk(tmp_path).type("demo", "--keep", str(tmp_path), code=2)
    assert "--keep another folder" in done.err
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_the_demo_runs_and_runs_again(tmp_path: Path) -> None:
    for _ in range(2):
        said = Desk(tmp_path, workers=2).type("demo", "--keep", str(tmp_path / "kept")).out
        for word in ("stored", "revised", "gone", "robots", "bad_type", "no_content", "copy, "):
            assert word in said, said
        assert said.rstrip().endswith("uv run scrapy look"), "and asks nothing without a terminal"
        assert "SELECT" in said and str(tmp_path / "kept" / "winnow.db") in said


@pytest.mark.parametrize(("answer", "opens"), [("y", True), ("", False), ("no", False)])
def test_at_a_terminal_the_browser_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, opens: bool
) -> None:
    started: list[tuple[list[str], str]] = []
    monkeypatch.setattr(next_steps.sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(next_steps.sys, "stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("builtins.input", lambda _: answer)
    monkeypatch.setattr(
        next_steps.os, "execve",
        lambda _, words, env: started.append((words[3:], env["WINNOW_DATABASE_URL"])),
    )  # fmt: skip
    next_steps.offer_browser(tmp_path)
    wanted = (["scrapy", "look", "--port", "0"], f"sqlite:///{tmp_path}/winnow.db")
    assert started == [wanted] * opens
