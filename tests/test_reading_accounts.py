"""Commands that only look work for an account that may only read, and write nothing."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from models.crawl import runs
from models.db.database import Database
from tests.databases import KINDS, SERVERS, AtHead, server
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article
from tests.support.desk import scrapy
from tests.support.readers import listing

PAGE = "https://example.test/1"
RUN = "1"  # stands for the number of the last run
LOOKS = (
    ("health",), ("health", "example"), ("health", "--json"), ("health", "--fleet"),
    ("why", PAGE), ("why", PAGE, "--json"), ("runs",), ("runs", RUN), ("runs", "--json"),
    ("export",), ("export", "--site", "example"), ("report", "-"),
    ("sites", "list"), ("sites", "show", "example"), ("sites", "memory", "example"),
    ("db", "check"), ("db", "current"), ("db", "prune", "--dry-run"),
)  # fmt: skip


@contextmanager
def reader(kind: str, url: str) -> Iterator[str]:
    """The URL for an account that may SELECT all of the database at `url`, and nothing else."""
    name, password = f"winnow_reader_{secrets.token_hex(4)}", secrets.token_hex(8)
    theirs = make_url(url)
    if kind == "sqlite":
        yield f"sqlite:///file:{theirs.database}?mode=ro&uri=true"
        return
    account = name if kind == "postgresql" else f"'{name}'@'%'"
    create = {
        "postgresql": f"create role {name} login password '{password}'",
        "mariadb": f"create user {account} identified by '{password}'",
    }
    grant = {
        "postgresql": f"grant select on all tables in schema public to {name}",
        "mariadb": f"grant select on {theirs.database}.* to {account}",
    }
    revoke = {"postgresql": [f"drop owned by {name}"], "mariadb": []}
    owner = Database.open(url)
    try:
        _run(owner, create[kind], grant[kind])
        mine = theirs.set(username=name, password=password)
        yield mine.render_as_string(hide_password=False)
    finally:
        _run(owner, *revoke[kind], f"drop {'role' if kind == 'postgresql' else 'user'} {account}")
        owner.close()


def _run(database: Database, *statements: str) -> None:
    with database.engine.connect() as conn:
        for statement in statements:
            conn.execute(text(statement))
        conn.commit()


@pytest.fixture(params=KINDS)
def reading_url(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[str]:
    """A database with an article, for an account that may only read."""
    if request.param in SERVERS:
        with server(request.param):
            pass
    folder = tmp_path / "database"
    folder.mkdir()
    with at_head.database(request.param, folder) as url:
        database = Database.open(url)
        with database.transaction() as conn:
            site_id = known_site(conn)
            run_id = open_run(conn, site_id)
            url_id = known_url(conn, site_id, PAGE)
            store_article(conn, site_id, make_article(url_id=url_id))
            runs.close_run(conn, run_id, "done", None, NOW)
        database.close()
        with reader(request.param, url) as theirs:
            yield theirs


def test_what_only_looks_needs_no_right_to_write(reading_url: str, tmp_path: Path) -> None:
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / "example.toml").write_text('start = "https://example.test/"\n')
    before = listing(tmp_path / "database")
    run_id = str(json.loads(scrapy(reading_url, "runs", "--json").out)[0]["run_id"])
    for words in LOOKS:
        typed = (run_id if word is RUN else word for word in words)
        said = scrapy(reading_url, *typed, WINNOW_SITES_DIR=str(sites))
        assert (said.code, "Traceback" in said.err) == (0, False), (words, said.printed)
        assert said.out, words
    assert listing(tmp_path / "database") == before


def test_what_writes_is_refused_in_one_line(reading_url: str) -> None:
    said = scrapy(reading_url, "health", "example", "--accept")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1), said.printed
    assert "WINNOW_DATABASE_URL" in said.err


def test_looking_for_a_missing_file_makes_none(tmp_path: Path) -> None:
    sites, database = tmp_path / "sites", tmp_path / "database"
    for folder in (sites, database):
        folder.mkdir()
    (sites / "example.toml").write_text('start = "https://example.test/"\n')
    for words in (*LOOKS, ("health", "example", "--accept"), ("visit",)):
        if words[:2] in {("sites", "list"), ("sites", "show")}:
            continue
        said = scrapy(f"sqlite:///{database}/winnow.db", *words, WINNOW_SITES_DIR=str(sites))
        assert (said.code, said.out) == (2, ""), (words, said.printed)
        assert said.err.endswith("winnow.db does not exist; type: scrapy db upgrade\n"), said.err
        assert said.err.count("\n") == 1
    assert listing(database) == {}
