"""scrapy export: whole, in constant memory, and safe to open in a spreadsheet."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest
from sqlalchemy import insert

from crawler.reports import export
from models.articles import known_pages
from models.db.database import Database
from models.duplicates.tables import CLUSTER_MEMBERS as MEMBERS
from models.duplicates.tables import CLUSTERS
from tests.factories import NOW, known_site, known_url, make_article, make_metadata, store_article
from tests.support.desk import scrapy

TITLES = ('=HYPERLINK("http://evil.test")', "Ärger am 🧊 Hafen", None, "Ends")


@pytest.fixture
def url(database: Database, database_url: str) -> str:
    """Four articles, the last a day later; the last of another site."""
    with database.transaction() as conn:
        for n, title in enumerate(TITLES):
            site_id = known_site(conn, "second" if title == "Ends" else "example")
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            metadata = make_metadata(authors=("Ada Lind", "Bo, Ek"))
            article = make_article(title=title, url_id=url_id, metadata=metadata)
            store_article(conn, site_id, article, NOW + timedelta(days=title == "Ends"))
    return database_url


def test_jsonl_has_a_line_an_article(url: str) -> None:
    said = scrapy(url, "export")
    assert (said.code, said.err) == (0, "articles written to stdout: 4\n")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["title"] for row in rows] == list(TITLES)
    assert rows[0]["authors"] == ["Ada Lind", "Bo, Ek"]
    assert datetime.fromisoformat(rows[0]["fetched_at"]) == NOW
    assert list(rows[0]) == list(export.COLUMNS)


def test_csv_comes_back_as_it_was_and_holds_no_formula(url: str, tmp_path: Path) -> None:
    out = tmp_path / "articles.csv"
    assert scrapy(url, "export", "--out", str(out)).code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"), newline="")))
    assert [row["title"] for row in rows] == ["'" + str(TITLES[0]), TITLES[1], "", "Ends"]
    assert json.loads(rows[0]["authors"]) == ["Ada Lind", "Bo, Ek"]
    assert rows[0]["text"].count("\n\n") == 1


def test_parquet_has_lists_and_times(url: str, tmp_path: Path) -> None:
    out = tmp_path / "articles.parquet"
    assert scrapy(url, "export", "--out", str(out)).code == 0
    rows = pq.read_table(out).to_pylist()
    assert [row["title"] for row in rows] == list(TITLES)
    assert rows[0]["authors"] == ["Ada Lind", "Bo, Ek"]
    assert rows[0]["fetched_at"] == NOW


def test_a_site_and_what_changed_since(url: str) -> None:
    assert len(scrapy(url, "export", "--site", "example").out.splitlines()) == 3
    assert len(scrapy(url, "export", "--since", "2026-11-23").out.splitlines()) == 1
    assert scrapy(url, "export", "--since", "2026-11-25T00:00+02:00").out == ""


def test_each_story_once(database: Database, url: str) -> None:
    with database.transaction() as conn:
        first, second, *_ = (
            found.article_id
            for name in ("example", "second")
            for found in known_pages.of_site(conn, known_site(conn, name))
        )
        conn.execute(
            MEMBERS.update().where(MEMBERS.c.article_id.in_([first, second])),
            {"cluster_id": first},
        )
        conn.execute(
            insert(CLUSTERS),
            [{"cluster_id": first, "original_id": second, "reason": "published first", "size": 2,
              "due": 0, "updated_at": NOW}],
        )  # fmt: skip
    rows = [json.loads(line) for line in scrapy(url, "export", "--unique").out.splitlines()]
    assert first not in {row["article_id"] for row in rows}
    assert len(rows) == 3


def test_more_articles_than_are_read_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_CHUNK", 2)
    assert len(scrapy(url, "export").out.splitlines()) == 4


def test_a_file_appears_only_when_it_is_whole(url: str, tmp_path: Path) -> None:
    out = tmp_path / "articles.parquet"
    out.write_bytes(b"the one before")
    with patch.dict(sys.modules, {"pyarrow": None}):
        said = scrapy(url, "export", "--out", str(out))
    assert said.code == 2
    assert "winnow[parquet]" in said.err
    assert out.read_bytes() == b"the one before"
    assert [path.name for path in tmp_path.glob("*parquet*")] == ["articles.parquet"]


def test_what_is_no_file_is_not_replaced(sqlite_url: str, tmp_path: Path) -> None:
    pipe = tmp_path / "articles.csv"
    os.mkfifo(pipe)
    said = scrapy(sqlite_url, "export", "--out", str(pipe))
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert pipe.is_fifo()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_reader_that_has_gone_is_no_fault(form: str, url: str) -> None:
    end, ours = os.pipe()
    os.close(end)
    words = (sys.executable, "-m", "scrapy", "export", "--format", form)
    settings = {"WINNOW_DATABASE_URL": url, "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    done = subprocess.run(
        words, stdout=ours, stderr=subprocess.PIPE, env=os.environ | settings, check=False
    )
    os.close(ours)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "xml"),
        ("--format", "parquet"),
        ("--since", "tuesday"),
        ("--site", "exampel"),
        ("--out", "/no/such/folder/x.csv"),
        ("--out", f"{__file__}/x.csv"),  # below a file
        ("everything",),
    ],
)
def test_misuse_is_one_line_and_exit_2(sqlite_url: str, words: tuple[str, ...]) -> None:
    said = scrapy(sqlite_url, "export", *words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
