"""contrib/datasette, as Datasette serves it: hidden tables, labels, canned queries, links."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

import pytest
from datasette.app import Datasette
from httpx import Response

from migrations.upgrade import upgrade
from models.db.database import Database
from models.views.catalog import VIEWS
from tests.support.desk import ROOT
from tests.support.look_data import fill_small

FOLDER = ROOT / "contrib/datasette"
METADATA = json.loads((FOLDER / "metadata.json").read_text("utf-8"))
QUERIES = METADATA["databases"]["winnow"]["queries"]
FIELDS = {
    "site": "site-1", "since": "2000-01-01", "until": "2100-01-01", "change_id": "0",
    "article_id": "1", "cluster_id": "1", "run_id": "200", "words": "harbour",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    file = tmp_path_factory.mktemp("datasette") / "winnow.db"
    url = f"sqlite:///{file}"
    database = Database.open(url)
    upgrade(database)
    database.close()
    fill_small(url)
    yield Datasette(
        [str(file)],
        metadata=METADATA,
        plugins_dir=str(FOLDER / "plugins"),
        settings={"sql_time_limit_ms": 5000},
    )


def get(served: Datasette, path: str) -> Response:
    return asyncio.run(served.client.get(path, follow_redirects=True))


def test_the_file_is_what_its_writer_writes() -> None:
    done = subprocess.run(
        [sys.executable, FOLDER / "write_metadata.py"],
        env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == METADATA
    assert done.stdout == (FOLDER / "metadata.json").read_text("utf-8")


def test_only_the_views_are_shown(served: Datasette) -> None:
    found = get(served, "/winnow.json").json()
    shown = {table["name"] for table in found["tables"] if not table["hidden"]}
    assert shown == set()
    assert {view["name"] for view in found["views"]} == {view.name for view in VIEWS}
    assert {query["name"] for query in found["queries"]} == set(QUERIES)


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
def test_each_view_has_a_page_with_its_columns_described(served: Datasette, view: str) -> None:
    page = get(served, f"/winnow/{view}")
    assert page.status_code == 200
    described = {column.comment for one in VIEWS if one.name == view for column in one.columns}
    text = unescape(page.text)
    assert all(comment in text for comment in described)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_each_query_runs_and_its_links_lead_somewhere(served: Datasette, name: str) -> None:
    fields = re.findall(r":([a-z_]+)", QUERIES[name]["sql"])
    asked = "&".join(f"{field}={FIELDS[field]}" for field in fields)
    answer = get(served, f"/winnow/{name}.json?{asked}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["ok"]
    if name not in {"articles-to-delete-from-your-copy", "what-is-new-since-i-last-looked"}:
        assert answer.json()["rows"], name  # the made database has no change feed
    page = get(served, f"/winnow/{name}?{asked}").text
    links = {unescape(link) for link in re.findall(r'<td[^>]*><a href="(/winnow/[^"]+)"', page)}
    assert all(get(served, link).status_code == 200 for link in sorted(links)[:8])


def test_an_article_leads_to_its_cluster_its_revisions_and_its_site(served: Datasette) -> None:
    page = unescape(get(served, "/winnow/article?article_id=1").text)
    for link in (
        "/winnow/cluster?cluster_id=1",
        "/winnow/revisions?article_id=1",
        "/winnow/v1_articles?_sort_desc=published_at&site=site-1",
    ):
        assert f'<a href="{link}">' in page, link


def test_articles_are_found_by_their_words(served: Datasette) -> None:
    found = get(served, "/winnow/v1_articles.json?_search=harbour&_size=5").json()
    assert found["rows"]


@pytest.mark.parametrize(
    "words", ["Hàrbour", '"harbour" -', "harb*", "harbour's", "har東bour harbour"]
)
def test_words_are_taken_as_by_scrapy_search(served: Datasette, words: str) -> None:
    asked = quote(words)
    box = get(served, f"/winnow/v1_articles.json?_search={asked}&_size=5").json()
    query = get(served, f"/winnow/which-articles-say-something.json?words={asked}").json()
    is_there = words in {"Hàrbour", '"harbour" -', "harb*"}
    assert (bool(box["rows"]), bool(query["rows"])) == (is_there, is_there)


@pytest.mark.parametrize("words", ["", "%22", "-harbour", "***", "a%20b%20" * 200])
def test_words_that_name_nothing_find_nothing(served: Datasette, words: str) -> None:
    answer = get(served, f"/winnow/which-articles-say-something.json?words={words}")
    assert (answer.status_code, answer.json()["rows"]) == (200, [])


def test_a_query_of_ones_own_may_name_its_columns_alike(served: Datasette) -> None:
    for column in ("revisions", "removed"):
        found = get(served, f"/winnow?sql=select+3+as+{column}")
        assert found.status_code == 200 and ">3<" in found.text
