"""Each verb that takes --quiet: silent where all is well, and as loud as ever where it is not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, Result
from tests.support.press_town import front, put_articles
from tests.support.site_server import SiteServer, article, feed

SILENT = Result(0, "", "")


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        url = server.page("/ferry", article("Ferry opens", ["The night ferry sails again."] * 9))
        server.page("/rss", feed([(url, "Ferry")]), content_type="application/rss+xml")
        server.page("/", '<link rel="alternate" type="application/rss+xml" href="/rss">')
        yield server


@pytest.fixture
def desk(tmp_path: Path, site: SiteServer) -> Desk:
    desk = Desk(tmp_path)
    desk.write_site("loop", f"{site.url}/", f'[sources]\nfeeds = ["{site.url}/rss"]')
    return desk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    assert desk.here("db", "upgrade", "--quiet") == SILENT
    assert desk.crawl("loop", "discover", "-q") == SILENT
    assert len(desk.rows("SELECT run_id FROM v1_runs WHERE status = 'done'")) == 1
    return desk


def test_what_crawls_is_silent(filled: Desk, site: SiteServer) -> None:
    assert filled.type("visit", "--now", "-q") == SILENT
    out = filled.crawl("loop", "recrawl", "-q", "-o", "-:jsonl")
    assert (out.err, "ferry" in out.out) == ("", True), "the articles were asked for"
    site.pages.clear()
    lost = filled.type("visit", "--now", "-q", code=1, RETRY_ENABLED=0)
    assert (lost.out, lost.err.count("\n")) == ("", 1)
    assert lost.err == filled.type("visit", "--now", code=1, RETRY_ENABLED=0).err


def test_no_line_of_progress_is_in_a_quiet_crawl_s_log(filled: Desk) -> None:
    def extensions(*words: str) -> bool:
        said = filled.crawl("loop", "discover", "--loglevel", "INFO", *words)
        assert "Enabled extensions" in said.err
        return "crawler.extensions.progress.Progress" in said.err

    assert (extensions(), extensions("-q")) == (True, False)


@pytest.mark.parametrize(
    "words",
    [
        "db check", "db prune", "db reindex", "db rebuild-duplicates", "db upgrade",
        "sites check", "sites check loop", "sites disable loop", "sites enable loop",
        "sites forget loop", "sites rename loop ring", "sites remove loop",
        "sites export sites.opml",
        "export --out articles.jsonl", "report sites.html",
    ],
)  # fmt: skip
def test_what_went_well_is_not_told(filled: Desk, words: str) -> None:
    assert filled.type(*words.split(), "--quiet") == SILENT


def test_what_the_index_lacks_needs_a_person(desk: Desk) -> None:
    desk.upgrade()
    desk.crawl("loop", "discover", "-q", WINNOW_SEARCH="off")
    told = desk.here("db", "check", "-q")
    assert told.err.startswith("scrapy db: search index: 1 articles missing, 0 left over; type:")
    assert (told.code, told.out) == (0, "")
    assert desk.here("db", "check", "-q", WINNOW_SEARCH="off") == SILENT


def test_where_files_are_is_not_said(filled: Desk, tmp_path: Path) -> None:
    filled.environment |= {"WINNOW_HOME": str(tmp_path)}
    filled.folder = tmp_path / "elsewhere"
    filled.folder.mkdir()
    said = filled.crawl("loop", "discover", "-s", f"WINNOW_DATABASE_URL={filled.url}")
    assert "archive" in said.err, "else this shows nothing"
    assert filled.crawl("loop", "discover", "-q") == SILENT


def test_a_list_is_imported_silently_but_for_what_failed(desk: Desk, site: SiteServer) -> None:
    (desk.folder / "list").write_text(site.url)
    assert desk.type("sites", "import", "list", "-q") == SILENT
    (desk.folder / "list").write_text(f"http://127.0.0.1:9/\n{site.url}\n")
    failed = desk.type("sites", "import", "list", "-q", code=1)
    assert failed.out.startswith("url,name,outcome,reason")
    assert failed.err == "scrapy sites: imported 0, known 1, failed 1\n"


def test_a_site_is_added_silently_but_for_a_hint(desk: Desk, site: SiteServer) -> None:
    (desk.sites / "loop.toml").unlink()
    words = ("sites", "add", site.url, "--private", "-q")
    assert desk.type(*words, "--name", "feeds", DOWNLOAD_DELAY=0) == SILENT
    (desk.sites / "feeds.toml").unlink()
    site.pages.pop("/rss")
    site.page("/", front(put_articles(site, "news", range(9))))
    told = desk.type(*words, "--name", "none", DOWNLOAD_DELAY=0)
    assert told.out.startswith("hint: no sitemap or feed")
