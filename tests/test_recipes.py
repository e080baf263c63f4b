"""The manual's recipes in Python run as they are written, on a database of articles."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.desk import ROOT, Desk
from tests.support.site_server import SiteServer, article, feed

MANUAL = (ROOT / "docs/reading.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n# ([^\n]+)\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
TITLES = [title for title, _ in BLOCKS]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with winnow.db and news.parquet, of three articles."""
    desk = Desk(tmp_path_factory.mktemp("recipes"))
    desk.upgrade()
    with SiteServer() as site:
        pages = {f"/2026/05/{n}/story": f"Story {n} of the harbour" for n in (21, 22, 23)}
        urls = [(site.page(path, article(title, [f"{title} has words."] * 9)), title)
                for path, title in pages.items()]  # fmt: skip
        site.page("/rss", feed(urls))
        desk.write_site("harbour", site.url + "/", f'[sources]\nfeeds = ["{site.url}/rss"]')
        desk.crawl("harbour")
    desk.type("export", "--out", str(desk.folder / "news.parquet"))
    return desk.folder


def run(title: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(compile(dict(BLOCKS)[title], title, "exec"), names)
    return names


def test_there_are_recipes_for_each_library() -> None:
    assert [title.split()[0].strip(":,") for title in TITLES] == ["pandas", "polars", "DuckDB", "a"]


def test_pandas(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    daily = run(TITLES[0], crawled, monkeypatch)["daily"]
    assert list(daily.columns) == ["harbour"]
    assert daily["harbour"].sum() == 3
    assert all(isinstance(day, datetime.date) for day in daily.index)


def test_polars(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    longest = run(TITLES[1], crawled, monkeypatch)["longest"]
    assert longest.height == 3
    assert all(isinstance(authors, list) for authors in longest["authors"].to_list())


def test_duckdb(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [(site, articles, words)] = run(TITLES[2], crawled, monkeypatch)["sites"]
    assert (site, articles) == ("harbour", 3)
    assert words > 10


def test_the_copy_follows_and_forgets(crawled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = run(TITLES[3], crawled, monkeypatch)["copy"]
    assert copy.execute("select count(*) from articles").fetchone() == (3,)
    copy.close()
    desk = Desk(crawled)
    [first, *_] = desk.rows("select article_id from v1_articles order by article_id")
    desk.type("erase", str(first["article_id"]), "--why", "asked to")
    copy = run(TITLES[3], crawled, monkeypatch)["copy"]
    assert copy.execute("select count(*) from articles").fetchone() == (2,)
    copy.close()
