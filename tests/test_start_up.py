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
    "crawler.sources.reader", "pipelines",
)  # fmt: skip
TYPE = (
    "import sys\n"
    "from scrapy.cmdline import execute\n"
    "try:\n"
    "    execute(['scrapy', *sys.argv[1:]])\n"
    "finally:\n"
    "    print(*sys.modules, file=sys.stderr)\n"
)


def loaded(url: str, folder: Path, *words: str) -> set[str]:
    """The modules that a command has loaded at its end."""
    environment = {
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "WINNOW_DATABASE_URL": url,
        "WINNOW_SITES_DIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", TYPE, *words],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
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
