"""The rule loop over HTTP, with the real commands behind it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.inspection import selector_matches
from models.articles.extractions import EXTRACTIONS
from models.articles.rows import ARTICLES
from models.db.database import Database
from tests.factories import NOW
from tests.support.archived_pages import STORY, archive_page
from tests.support.desk import wait_for
from tests.support.look_server import LookServer, look_server

PAGES = 3
RULE = {"site": "example", "action": "remove", "selector": ".partner-box"}
FILE = '# ours\nstart = "https://example.test/"\n'


@dataclass(frozen=True)
class Loop:
    """A server over a site of three articles, each with a partner's advert."""

    server: LookServer
    toml: Path
    database: Database

    def post(self, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        answer = self.server.post(path, json.dumps(body))
        return answer.status, json.loads(answer.text)

    def ended(self, number: str) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def is_over() -> bool:
            found.update(json.loads(self.server.get(f"/rules/jobs/{number}").text))
            return found["state"] != "running"

        wait_for(is_over, 60)
        return found

    def texts(self) -> list[str]:
        with self.database.reading() as conn:
            return [row.text for row in conn.exec_driver_sql("SELECT text FROM v1_articles")]


@pytest.fixture
def loop(sqlite: Database, sqlite_url: str, tmp_path: Path) -> Iterator[Loop]:
    for number in range(1, PAGES + 1):
        archive_page(sqlite, tmp_path / "archive", number=number)
    (tmp_path / "sites").mkdir()
    toml = tmp_path / "sites" / "example.toml"
    toml.write_text(FILE)
    with look_server(sqlite_url, tmp_path) as server:
        yield Loop(server, toml, sqlite)


def test_from_a_preview_to_the_mended_archive_and_back(loop: Loop) -> None:
    before = loop.texts()
    status, started = loop.post("/rules/preview", RULE)
    assert (status, started["pages"], started["total"]) == (200, PAGES, PAGES)
    found = loop.ended(started["job"])
    assert (found["state"], found["reason"], found["read"]) == ("done", None, PAGES)
    assert found["result"]["kinds"]["shrunk"] == PAGES
    assert "<del>" in found["result"]["largest"][0]
    assert loop.texts() == before and loop.toml.read_text() == FILE, "nothing is written"

    status, draft = loop.post("/rules/write", {**RULE, "show": True})
    assert status == 200 and '+remove = [".partner-box"]' in draft["diff"]
    assert loop.toml.read_text() == FILE
    status, _ = loop.post("/rules/write", {**RULE, "digest": draft["digest"]})
    assert status == 200 and loop.toml.read_text().startswith(FILE)
    status, started = loop.post("/rules/apply", {"site": "example"})
    found = loop.ended(started["job"])
    assert found["state"] == "done" and found["printed"][-1].startswith("reextract example")
    assert all("Sea boots" in text for text in before)
    assert not any("Sea boots" in text for text in loop.texts())

    assert loop.post("/rules/undo", {"site": "example"})[0] == 200
    assert loop.toml.read_text() == FILE
    status, again = loop.post("/rules/undo", {"site": "example"})
    assert status == 400 and "is left to take back" in again["error"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**RULE, "selector": "p["}, "is no CSS selector"),
        ({**RULE, "selector": " "}, "write a CSS selector"),
        ({**RULE, "action": "hide"}, 'write "keep" or "remove"'),
        ({**RULE, "site": "nowhere"}, "No such file"),
        ({**RULE, "site": "../example"}, "write the name of a site"),
        ({**RULE, "site": 7}, "write the name of a site"),
        ([], "not a JSON object"),
    ],
)
def test_what_is_asked_wrongly_is_one_line(loop: Loop, body: Any, said: str) -> None:
    for path in ("/rules/preview", "/rules/write"):
        status, found = loop.post(path, body)
        assert status == 400 and said in found["error"] and "\n" not in found["error"]
    assert loop.toml.read_text() == FILE


def test_a_file_that_changed_since_is_not_written(loop: Loop) -> None:
    _, draft = loop.post("/rules/write", {**RULE, "show": True})
    loop.toml.write_text(f"{FILE}# by hand\n")
    status, found = loop.post("/rules/write", {**RULE, "digest": draft["digest"]})
    assert status == 400 and "has changed since" in found["error"]
    assert loop.toml.read_text() == f"{FILE}# by hand\n"


def test_a_preview_is_of_the_file_that_is_written(loop: Loop) -> None:
    _, started = loop.post("/rules/preview", RULE)
    assert '+remove = [".partner-box"]' in started["diff"]
    loop.ended(started["job"])
    status, _ = loop.post("/rules/write", {**RULE, "digest": started["digest"]})
    assert status == 200 and 'remove = [".partner-box"]' in loop.toml.read_text()


def test_a_rule_that_is_there_already_leaves_the_undo_of_the_one_before(loop: Loop) -> None:
    for diff in (True, False):
        _, draft = loop.post("/rules/write", {**RULE, "show": True})
        assert bool(draft["diff"]) is diff
        assert loop.post("/rules/write", {**RULE, "digest": draft["digest"]})[0] == 200
    assert loop.post("/rules/undo", {"site": "example"})[0] == 200
    assert loop.toml.read_text() == FILE


def test_other_origins_and_gets_write_nothing(loop: Loop) -> None:
    body = json.dumps({**RULE, "digest": ""})
    foreign = loop.server.post("/rules/write", body, Origin="https://evil.test")
    assert foreign.status == 403
    assert loop.server.get("/rules/write").status == 405
    assert loop.toml.read_text() == FILE


def test_a_site_without_articles_has_nothing_to_preview(loop: Loop) -> None:
    loop.toml.with_name("other.toml").write_text('start = "https://other.test/"\n')
    status, found = loop.post("/rules/preview", {**RULE, "site": "other"})
    assert status == 400 and "no run of a site 'other' yet" in found["error"]


def test_only_pages_on_which_the_selector_finds_something_are_read(loop: Loop) -> None:
    html = STORY.format(title="Port 9").replace("partner-box", "other-box")
    archive_page(loop.database, loop.toml.parents[1] / "archive", html, number=9)
    _, started = loop.post("/rules/preview", RULE)
    assert (started["pages"], started["sample"], started["total"]) == (PAGES, PAGES + 1, PAGES + 1)
    assert loop.ended(started["job"])["result"]["read"] == PAGES
    _, started = loop.post("/rules/preview", {**RULE, "all": True})
    assert (started["pages"], started["sample"]) == (PAGES + 1, PAGES + 1)
    assert loop.ended(started["job"])["result"]["read"] == PAGES + 1
    status, found = loop.post("/rules/preview", {**RULE, "selector": ".nowhere"})
    assert status == 400
    assert found["error"] == f"the selector finds nothing on the newest {PAGES + 1} articles"


@pytest.fixture
def one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample of one article; asked for before the server begins."""
    monkeypatch.setattr(selector_matches, "PAGES", 1)


def test_the_page_that_is_looked_at_is_read_too(one_page: None, loop: Loop) -> None:
    for page, pages in ((1, 2), (PAGES, 1), (999, 1)):
        _, started = loop.post("/rules/preview", {**RULE, "page": page})
        assert (started["pages"], started["sample"]) == (pages, pages), page


def test_articles_that_an_earlier_extractor_read_are_counted(loop: Loop) -> None:
    with loop.database.transaction() as conn:
        conn.execute(EXTRACTIONS.update().values(basis="winnow/1 trafilatura/1 -"))
    _, started = loop.post("/rules/preview", RULE)
    assert started["otherwise"] == PAGES


def test_what_was_refused_since_is_no_article(loop: Loop) -> None:
    with loop.database.transaction() as conn:
        first = ARTICLES.c.article_id == 1
        conn.execute(ARTICLES.update().where(first).values(refused_at=NOW))
    _, started = loop.post("/rules/preview", RULE)
    assert (started["pages"], started["sample"], started["total"]) == (PAGES - 1,) * 3


def test_rules_are_taken_back_one_by_one(loop: Loop) -> None:
    texts = [loop.toml.read_text()]
    for selector in (".lead", ".partner-box"):
        rule = {**RULE, "selector": selector}
        _, draft = loop.post("/rules/write", {**rule, "show": True})
        assert loop.post("/rules/write", {**rule, "digest": draft["digest"]})[0] == 200
        texts.append(loop.toml.read_text())
    for more, text in ((True, texts[1]), (False, texts[0])):
        assert loop.post("/rules/undo", {"site": "example"})[1]["more"] is more
        assert loop.toml.read_text() == text


def test_an_unknown_job_is_one_line(loop: Loop) -> None:
    answer = loop.server.get("/rules/jobs/none")
    assert answer.status == 404 and "no job none" in json.loads(answer.text)["error"]
