"""A command loads what it needs: cron types one every few minutes, and people wait for others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desk import ROOT

HEAVY = (
    "trafilatura", "htmldate", "dateparser", "justext", "alembic", "tldextract",
    "feedparser", "warcio", "crawler.spiders.base", "sqlalchemy.orm",
    "crawler.sources.reader", "pipelines", "starlette", "uvicorn", "jinja2", "pygal", "apprise",
    "prometheus_client",
)  # fmt: skip
TYPE = (
    "import sys\n"
    "from scrapy.cmdline import execute\n"
    "try:\n"
    "    execute(['scrapy', *sys.argv[1:]])\n"
    "finally:\n"
    "    print(*sys.modules, file=sys.stderr)\n"
)


def loaded(url: str, folder: Path, *words: str, code: int = 0) -> set[str]:
    """The modules that a command has loaded at its end; `code` is its exit code."""
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "WINNOW_DATABASE_URL": url,
        "WINNOW_SITES_DIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", TYPE, *words],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr[:2000]
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "words", ["why https://example.com/1", "runs", "health", "db check", "export"]
)
def test_a_question_to_the_database_loads_no_crawl_and_no_extraction(
    words: str, sqlite_url: str, tmp_path: Path
) -> None:
    modules = loaded(sqlite_url, tmp_path, *words.split())
    assert "sqlalchemy" in modules
    assert modules & set(HEAVY) == set()


def test_a_question_to_the_files_loads_no_database(sqlite_url: str, tmp_path: Path) -> None:
    modules = loaded(sqlite_url, tmp_path, "sites", "list")
    assert modules & {*HEAVY, "sqlalchemy", "migrations"} == set()


def test_a_crawl_that_finds_nothing_loads_no_extraction_and_none_of_what_is_switched_off(
    sqlite_url: str, tmp_path: Path
) -> None:
    nobody = "http://127.0.0.1:9/"
    (tmp_path / "gone.toml").write_text(
        f'start = "{nobody}"\n[sources]\nsitemaps = ["{nobody}sitemap.xml"]\n'
        "[scope]\nprivate = true\n[fetch]\ndelay = 0\n",
        encoding="utf-8",
    )
    modules = loaded(
        sqlite_url,
        tmp_path,
        "crawl",
        "discover",
        "-a",
        "site=gone",
        "-s",
        "RETRY_ENABLED=0",
        code=1,
    )
    assert "crawler.spiders.discover" in modules
    assert modules & {"trafilatura", "htmldate", "aiohttp", "tldextract", "requests"} == set()
