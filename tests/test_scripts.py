"""`--json` prints what docs/scripts.md shows: the examples have real output's keys and types."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from models.views.catalog import VIEWS
from tests.support.desk import ROOT, Desk, scrapy
from tests.support.site_server import SiteServer, article, feed

SHOWN = dict(
    re.findall(
        r"^`scrapy ([^`]*)`\n\n```json\n((?:.+\n)+?)```$",
        (ROOT / "docs/scripts.md").read_text("utf-8"),
        re.MULTILINE,
    )
)
VISIT = "visit --json"
CRAWL = "crawl discover -a site=example --json"
RULES = "sites import-rules example.com.txt --json"
FREE = ("outcomes", "visits")  # whose keys are names of outcomes, and exit codes


def shape(value: Any) -> Any:
    """Its keys and types."""
    if isinstance(value, dict):
        return {key: dict if key in FREE else shape(one) for key, one in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value)


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    desk = Desk(tmp_path, sqlite_url)
    desk.write_site("example", "https://example.com/")
    return desk


@pytest.mark.parametrize("words", sorted(SHOWN.keys() - {CRAWL, RULES, VISIT}))
def test_output_has_the_shape_of_its_example(words: str, desk: Desk) -> None:
    said = desk.here(*words.split())
    assert (said.code, said.err) == (0, "")
    assert shape(json.loads(said.out)) == shape(json.loads(SHOWN[words]))


def test_a_run_s_summary_has_the_shape_of_its_example(desk: Desk) -> None:
    with SiteServer() as site:
        url = site.page("/ferry", article("Ferry opens", ["The night ferry sails again."] * 9))
        site.page("/rss", feed([(url, "Ferry")]))
        desk.write_site("example", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        said = desk.type(*CRAWL.split())
        refused = desk.type(*CRAWL.split(), "-O", "-:jsonl", code=2)
    assert (refused.out, refused.err.count("\n")) == ("", 1)
    assert "--json prints to stdout too" in refused.err
    told = json.loads(said.out)
    assert said.out.count("\n") == 1
    assert shape(told) == shape(json.loads(SHOWN[CRAWL]))
    [run] = desk.rows("SELECT run_id, status, urls FROM v1_runs")
    assert {name: told[name] for name in run} == run
    assert sum(told["outcomes"].values()) == told["urls"] == 1


def test_rules_have_a_line_for_each_file(desk: Desk) -> None:
    shown = json.loads(SHOWN[RULES])
    texts = {one["line"]: one["text"] for one in (*shown["carried"], *shown["left_out"])}
    text = "\n".join(texts[line] for line in sorted(texts))
    (desk.folder / "example.com.txt").write_text(text)
    told = json.loads(desk.type(*RULES.split()).out)
    assert told == {**shown, "toml": str(desk.sites / "example.toml")}


def test_visits_have_a_line_each_and_one_at_the_end(desk: Desk) -> None:
    with SiteServer() as site:
        url = site.page("/ferry", article("Ferry opens", ["The night ferry sails again."] * 9))
        site.page("/rss", feed([(url, "Ferry")]))
        desk.write_site("example", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        desk.write_site("gone", "http://127.0.0.1:9/", '[sources]\nfeeds = ["http://127.0.0.1:9/"]')
        said = desk.type(*VISIT.split(), code=1, RETRY_ENABLED=0)
        nothing = desk.type(*VISIT.split())
    *visits, last = [json.loads(line) for line in said.out.splitlines()]
    shown = [json.loads(line) for line in SHOWN[VISIT].splitlines()]
    told = {visit["site"]: visit for visit in visits}
    assert [shape(told["example"]), shape(last)] == [shape(one) for one in shown]
    assert last == {"done": True, "code": 1, "visits": {"0": 1, "1": 1}}
    assert told["gone"]["run"]["failure"] in said.err
    ids = {row["run_id"] for row in desk.rows("SELECT run_id FROM v1_runs")}
    assert {visit["run"]["run_id"] for visit in visits} == ids
    assert json.loads(nothing.out) == {"done": True, "code": 0, "visits": {}}


def test_a_failed_run_has_its_reason_in_its_line_and_on_stderr(desk: Desk) -> None:
    gone = "http://127.0.0.1:9/"
    desk.write_site("example", gone, f'[sources]\nfeeds = ["{gone}rss"]')
    said = desk.type(*CRAWL.split(), code=1, RETRY_ENABLED=0)
    told = json.loads(said.out)
    assert told["status"] == "failed"
    assert told["failure"] in said.err
    assert len(told["source_faults"]) == 1


def test_mistakes_are_on_stderr_and_the_other_sites_on_stdout(desk: Desk) -> None:
    (desk.sites / "wrong.toml").write_text("strat = 1\n")
    for word in ("list", "check"):
        said = desk.here("sites", word, "--json")
        assert said.code == 2
        assert [json.loads(line)["site"] for line in said.out.splitlines()] == ["example"]
        assert "wrong.toml" in said.err


def test_a_database_that_is_not_at_head_is_an_error_and_no_document(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    said = scrapy(url, "db", "check", "--json")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    made = json.loads(scrapy(url, "db", "upgrade", "--json").out)
    assert made["revision_before"] is None
    assert json.loads(scrapy(url, "db", "current", "--json").out)["revision"] == made["revision"]


def test_the_views_are_a_document(sqlite_url: str) -> None:
    told = json.loads(scrapy(sqlite_url, "db", "describe", "--json").out)
    assert {name: list(view["columns"]) for name, view in told.items()} == {
        view.name: [column.name for column in view.columns] for view in VIEWS
    }


def test_each_word_of_sites_prints_a_document(desk: Desk) -> None:
    def told(*words: str, **settings: object) -> dict[str, Any]:
        said = desk.type("sites", *words, "--json", **settings)
        assert said.err == ""
        document: dict[str, Any] = json.loads(said.out)
        return document

    with SiteServer() as site:
        url = site.page("/ferry", article("Ferry opens", ["The night ferry sails again."] * 9))
        site.page("/rss", feed([(url, "Ferry")]))
        site.page("/", '<link rel="alternate" type="application/rss+xml" href="/rss">')
        added = told("add", site.url, "--name", "loop", "--private", DOWNLOAD_DELAY=0)
        desk.hurry("loop")
        desk.crawl("loop")
    assert (added["site"], added["start"]) == ("loop", f"{site.url}/")
    assert ("feed", f"{site.url}/rss") in [(one["kind"], one["url"]) for one in added["sources"]]
    found = {source["url"]: source for source in told("show", "loop")["sources"]}
    assert found[f"{site.url}/rss"].items() >= {"kind": "feed", "links": 1, "error": None}.items()
    memory = told("memory", "loop")
    assert memory.keys() == {"site", "templates", "texts", "dom_paths"}
    [path, *_] = memory["dom_paths"]
    assert path.keys() == {"path", "pages", "article_share", "first_seen_at", "last_seen_at"}
    [template] = memory["templates"]
    assert (template["state"], template["pages"]) == ("few", 1)
    assert told("forget", "loop") == {"site": "loop", "texts": [], "classified": 1, "corrected": 0}
    assert told("disable", "loop") == {"site": "loop", "enabled": False}
    assert told("enable", "loop") == {"site": "loop", "enabled": True}
    assert told("rename", "loop", "ring") == {"site": "ring", "site_before": "loop"}
    file = str(desk.sites / "ring.toml.removed")
    assert told("remove", "ring") == {"site": "ring", "file": file, "articles": 1}
    removed = told("remove", "ring", "--articles", "--yes")
    assert removed.items() >= {"site": "ring", "file": None, "articles": 0}.items()
    assert {name: removed["removed"][name] for name in ("articles", "runs", "files")} == {
        "articles": 1, "runs": 1, "files": 1,
    }  # fmt: skip
