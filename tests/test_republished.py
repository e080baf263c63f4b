"""A paper that republishes another's articles: found in the crawl itself, with no batch job."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.demo.press import papers
from models.duplicates.index_version import VERSION
from tests.support.desk import Desk
from tests.support.site_server import XML, Reply, SiteServer, article, sitemap

HARBOUR, VALLEY, _ = papers()
BOX = (
    "Our valley also keeps a weather diary: the schools of Oberau have measured rain and frost"
    " since 1952, and will show their books in the town hall in March."
)
CLUSTERED = "SELECT article_id FROM v1_changes WHERE kind = 'clustered' ORDER BY change_id"


@dataclass(frozen=True, slots=True)
class Region:
    """A desk, with both papers crawled: first the one that copies, then the one that wrote."""

    desk: Desk
    ids: dict[str, int]  # of articles, by path
    before: int  # changes of clusters before the second paper was crawled


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    desk = Desk(tmp_path_factory.mktemp("region"))
    desk.upgrade()
    with ExitStack() as stack:
        harbour = stack.enter_context(SiteServer("127.0.0.21"))
        valley = stack.enter_context(SiteServer("127.0.0.22"))
        _put_harbour(harbour)
        _put_valley(valley, harbour.url + "/mill")
        _open(desk, "valley", valley)
        desk.crawl("valley")
        before = len(desk.rows(CLUSTERED))
        _open(desk, "harbour", harbour)
        desk.crawl("harbour")
        rows = desk.rows("SELECT url, article_id FROM v1_articles")
        ids = {row["url"].removeprefix("http://").partition("/")[2]: row for row in rows}
        yield Region(desk, {path: row["article_id"] for path, row in ids.items()}, before)


def test_every_copy_is_stored_and_found_by_the_crawl_that_met_it(region: Region) -> None:
    ids = region.ids
    assert sorted(ids) == [
        "diary", "gardens", "herring", "herring-in-short", "mill", "mill-again", "pool", "storms",
    ]  # fmt: skip
    assert region.before == 0
    told = {row["article_id"] for row in region.desk.rows(CLUSTERED)}
    assert told == {ids["storms"], ids["diary"], ids["mill"], ids["mill-again"]}


def test_an_edited_copy_names_its_original_though_it_was_crawled_first(region: Region) -> None:
    original, copy = _cluster(region, "storms")
    assert (original["path"], original["reason"]) == ("storms", "published first")
    assert (copy["path"], copy["reason"]) == ("diary", "near-duplicate")
    assert 0.45 < copy["similarity"] < 0.95


def test_whom_the_copy_names_as_canonical_is_the_original_whatever_the_dates(
    region: Region,
) -> None:
    original, copy = _cluster(region, "mill")
    assert (original["path"], original["reason"]) == ("mill", "named as canonical by others")
    assert copy["path"] == "mill-again"


def test_a_cut_down_copy_is_linked_and_stays_a_story_of_its_own(region: Region) -> None:
    (linked,) = region.desk.rows("SELECT * FROM v1_excerpts")
    assert linked["article_id"] == region.ids["herring-in-short"]
    assert linked["excerpt_of"] == region.ids["herring"]
    assert linked["similarity"] > 0.8
    assert _duplicates(region)[region.ids["herring-in-short"]] is None


def test_each_duplicate_points_to_its_original_and_nothing_else_points_anywhere(
    region: Region,
) -> None:
    ids = region.ids
    found = {copy: of for copy, of in _duplicates(region).items() if of is not None}
    assert found == {ids["diary"]: ids["storms"], ids["mill-again"]: ids["mill"]}


def test_the_export_has_each_story_once(region: Region) -> None:
    lines = region.desk.type("export", "--unique").out.splitlines()
    exported = {json.loads(line)["article_id"] for line in lines}
    assert exported == set(region.ids.values()) - {region.ids["diary"], region.ids["mill-again"]}
    assert len(lines) == len(exported)


def test_a_run_on_keys_made_otherwise_is_refused_until_they_are_made_again(
    tmp_path: Path, region: Region
) -> None:
    desk = Desk(tmp_path)
    desk.write_site("valley", "http://127.0.0.1:9/")
    _copy(region.desk, desk)
    for change, said in (
        ("version = '0: other keys'", "with keys '0: other keys'"),
        (f"version = '{VERSION}', rebuilt_to = 3", "is not finished"),
    ):
        with sqlite3.connect(tmp_path / "winnow.db") as database:
            database.execute(f"UPDATE index_version SET {change}")
        refused = desk.type("crawl", "discover", "-a", "site=valley", code=2)
        assert said in refused.err
        assert refused.err.count("\n") == 1
        assert refused.err.endswith("type: scrapy db rebuild-duplicates\n")
    assert len(desk.rows("SELECT * FROM v1_runs")) == 2
    clusters = "SELECT * FROM v1_clusters ORDER BY article_id"
    before = desk.rows(clusters)
    desk.type("db", "rebuild-duplicates")
    assert desk.rows(clusters) == before == region.desk.rows(clusters)
    assert "rebuild-duplicates" not in desk.crawl("valley", code=1).printed


def _copy(one: Desk, other: Desk) -> None:
    with (
        sqlite3.connect(one.folder / "winnow.db") as source,
        sqlite3.connect(other.folder / "winnow.db") as target,
    ):
        source.backup(target)


def _cluster(region: Region, path: str) -> list[dict[str, Any]]:
    """The cluster of an article, its original first."""
    rows = region.desk.rows(
        "SELECT c.article_id, c.is_original, c.similarity, c.reason FROM v1_clusters c"
        " WHERE c.cluster_id = (SELECT cluster_id FROM v1_articles WHERE article_id = ?)"
        " ORDER BY c.is_original DESC",
        region.ids[path],
    )
    paths = {article_id: name for name, article_id in region.ids.items()}
    return [{**row, "path": paths[row["article_id"]]} for row in rows]


def _duplicates(region: Region) -> dict[int, int | None]:
    rows = region.desk.rows("SELECT article_id, duplicate_of FROM v1_articles")
    return {row["article_id"]: row["duplicate_of"] for row in rows}


def _open(desk: Desk, name: str, server: SiteServer) -> None:
    urls = [server.url + path for path in server.pages]
    server.pages["/map.xml"] = Reply(sitemap(urls).encode(), content_type=XML)
    desk.write_site(name, server.url + "/", f'[sources]\nsitemaps = ["{server.url}/map.xml"]')


def _put_harbour(server: SiteServer) -> None:
    for path, slug in (
        ("storms", "storm-archive"),
        ("mill", "tide-mill"),
        ("herring", "herring-quota"),
    ):
        text = HARBOUR.text(slug)
        _put(server, path, text.title, text.paragraphs, "2026-05-20T08:00:00Z")


def _put_valley(server: SiteServer, mill: str) -> None:
    storm = list(HARBOUR.text("storm-archive").paragraphs)
    del storm[2]
    _put(
        server,
        "diary",
        "Bakers kept the weather for a century",
        [*storm, BOX],
        "2026-05-20T11:00:00Z",
    )
    named = f'<link rel="canonical" href="{mill}">'
    paragraphs = HARBOUR.text("tide-mill").paragraphs
    _put(
        server,
        "mill-again",
        "From our partners: the mill",
        paragraphs,
        "2026-05-20T07:00:00Z",
        named,
    )
    lead, *_, end = HARBOUR.text("herring-quota").paragraphs
    _put(server, "herring-in-short", "Herring, in short", [lead, end], "2026-05-20T12:00:00Z")
    for path, slug in (("pool", "river-pool"), ("gardens", "apple-harvest")):
        text = VALLEY.text(slug)
        _put(server, path, text.title, text.paragraphs, "2026-05-20T09:00:00Z")


def _put(
    server: SiteServer, path: str, title: str, paragraphs: Sequence[str], at: str, more: str = ""
) -> None:
    told = [paragraph.removeprefix("## ").removeprefix("[box] ") for paragraph in paragraphs]
    date = f'<meta property="article:published_time" content="{at}">'
    server.page(f"/{path}", article(title, told, more=date + more))
