"""scrapy db: every word ends with the exit code and the next step."""

from pathlib import Path

import pytest
from sqlalchemy import text

from migrations.revision import head_revision
from models.db.database import Database
from tests.factories import NOW, known_site, known_url, make_article, store_article
from tests.support.desk import Desk, scrapy

LONG = " ".join(f"word{n} stands in the harbour of town {n * 7}" for n in range(60))


def test_an_empty_database_is_upgraded_checked_and_taken_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    before = scrapy(url, "db", "check")
    assert before.code == 2
    assert before.err == f"scrapy db: {url} does not exist; type: scrapy db upgrade\n"
    assert not (tmp_path / "new.db").exists()
    made = scrapy(url, "db", "upgrade")
    assert (made.code, made.err) == (0, "")
    assert f"from nothing to revision {head_revision()}" in made.out
    assert f"already at revision {head_revision()}" in scrapy(url, "db", "upgrade").out
    assert scrapy(url, "db", "check").code == 0
    assert scrapy(url, "db", "current").out == f"{head_revision()} (head: {head_revision()})\n"
    assert "at revision base (empty)" in scrapy(url, "db", "downgrade", "base").out
    assert scrapy(url, "db", "check").err == before.err.replace("does not exist", "is empty")


@pytest.mark.parametrize(
    "words", [("db", "upgrade"), ("db", "check"), ("runs",), ("crawl", "discover", "-a", "site=x")]
)
def test_a_database_from_before_the_base_revision_is_one_line(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    database = Database.open(url)
    with database.transaction() as conn:
        conn.execute(text("create table alembic_version (version_num varchar(32) not null)"))
        conn.execute(text("insert into alembic_version values ('0008')"))
    database.close()
    desk = Desk(tmp_path, url)
    desk.write_site("x", "https://example.test/")
    said = desk.type(*words, code=2)  # a process: a crawl wants Scrapy's reactor
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "is at revision 0008, older than 0100" in said.err
    assert "a new database in WINNOW_DATABASE_URL" in said.err


def test_misuse_is_one_line_and_exit_2(sqlite_url: str) -> None:
    for words in ((), ("updrade",), ("downgrade",), ("check", "twice"), ("downgrade", "77")):
        said = scrapy(sqlite_url, "db", *words)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), words


def test_a_database_that_cannot_be_reached_is_one_line() -> None:
    said = scrapy("sqlite:////no/such/folder/winnow.db", "db", "upgrade")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "WINNOW_DATABASE_URL" in said.err


def test_a_url_that_is_none_is_misuse() -> None:
    said = scrapy("winnow.db", "db", "upgrade")
    assert said.code == 2
    assert "sqlite:///FILE" in said.err


@pytest.mark.parametrize("url", ["mysql://root@127.0.0.1/winnow", "mssql+pytds://sa@host/winnow"])
def test_a_driver_that_no_extra_brings_names_those_that_do(url: str) -> None:
    said = scrapy(url, "db", "check")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "mysql+pymysql://USER@HOST/NAME" in said.err
    assert "install winnow" not in said.err


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "winnow.db").write_text("notes, and no database at all")
    said = scrapy(f"sqlite:///{tmp_path}/winnow.db", "db", "check")
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "is not a database; is WINNOW_DATABASE_URL right?" in said.err


@pytest.mark.parametrize("workers", ["many", "-1"])
def test_a_setting_that_is_no_number_is_one_line(workers: str, sqlite_url: str) -> None:
    said = scrapy(sqlite_url, "db", "check", WINNOW_WORKERS=workers)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert said.err.startswith(f"scrapy db: WINNOW_WORKERS: '{workers}': write a number")


def test_the_views_are_described(sqlite_url: str) -> None:
    assert "| `change_id` | grows" in scrapy(sqlite_url, "db", "describe").out


def test_duplicates_are_looked_up_again(sqlite: Database, sqlite_url: str) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for n in range(3):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            store_article(conn, site_id, make_article(LONG, url_id=url_id), NOW)
    said = scrapy(sqlite_url, "db", "rebuild-duplicates")
    assert (said.code, said.out) == (0, "3 articles looked up; clusters of two and more: 1\n")


def test_the_index_is_checked_and_filled_again(database: Database, database_url: str) -> None:
    assert "\nsearch index: complete\n" in scrapy(database_url, "db", "check").out
    off = Database.open(database_url, search=False)
    with off.transaction() as conn:
        site_id = known_site(conn)
        store_article(conn, site_id, make_article(url_id=known_url(conn, site_id)))
    off.close()
    lacks = "1 articles missing, 0 left over"
    said = scrapy(database_url, "db", "check")
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith(f"search index: {lacks}; type: scrapy db reindex\n")
    said = scrapy(database_url, "db", "check", WINNOW_SEARCH="off")
    assert said.out.endswith(f"search index: WINNOW_SEARCH is off; {lacks}\n")
    said = scrapy(database_url, "db", "reindex", WINNOW_SEARCH="off")
    assert said.code == 2
    assert said.err == ("scrapy db: WINNOW_SEARCH is off, so no words are indexed; set it to on\n")
    done = scrapy(database_url, "db", "reindex")
    assert (done.code, done.out) == (0, "search index: 1 articles added, 0 removed\n")
    assert scrapy(database_url, "db", "reindex").out.endswith(" 0 articles added, 0 removed\n")
    assert "harbour" in scrapy(database_url, "search", "harbour").out
