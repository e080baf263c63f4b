"""scrapy report, typed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from models.db.database import Database
from models.views.catalog import VIEWS
from tests.databases import SERVERS, AtHead, empty_database, server
from tests.support.desk import scrapy
from tests.support.look_data import SITES, fill_small


@contextmanager
def views_reader(kind: str, at_head: AtHead, folder: Path) -> Iterator[str]:
    """The URL of a filled database for an account that may SELECT its views, and no table."""
    name, password = f"winnow_views_{secrets.token_hex(4)}", secrets.token_hex(8)
    with server(kind):
        pass
    with at_head.database(kind, folder) as url:
        fill_small(url)
        theirs = make_url(url)
        account = name if kind == "postgresql" else f"'{name}'@'%'"
        owner = Database.open(url)
        create = (
            f"create role {name} login password '{password}'"
            if kind == "postgresql"
            else f"create user {account} identified by '{password}'"
        )
        prefix = "" if kind == "postgresql" else f"{theirs.database}."
        try:
            run_all(
                owner, create,
                *(f"grant select on {prefix}{view.name} to {account}" for view in VIEWS),
            )  # fmt: skip
            mine = theirs.set(username=name, password=password)
            yield mine.render_as_string(hide_password=False)
        finally:
            drop = [f"drop owned by {name}"] if kind == "postgresql" else []
            kind_of = "role" if kind == "postgresql" else "user"
            run_all(owner, *drop, f"drop {kind_of} {account}")
            owner.close()


def run_all(database: Database, *statements: str) -> None:
    with database.engine.connect() as conn:
        for statement in statements:
            conn.execute(text(statement))
        conn.commit()


def test_it_writes_one_file_and_says_so(sqlite_url: str, tmp_path: Path) -> None:
    fill_small(sqlite_url)
    out = tmp_path / "sites.html"
    out.write_text("the report of yesterday")
    said = scrapy(sqlite_url, "report", str(out))
    assert (said.code, said.out) == (0, "")
    size = out.stat().st_size
    assert said.err == f"report of {SITES} sites: {size:,} bytes\n"
    assert out.read_text().startswith("<!doctype html>")
    assert [path for path in tmp_path.iterdir() if path.suffix == ".part"] == []


def test_some_sites_to_stdout(sqlite_url: str) -> None:
    fill_small(sqlite_url)
    said = scrapy(sqlite_url, "report", "-", "--site", "site-2", "--site", "site-3")
    assert said.code == 0
    assert said.err.startswith("report of 2 sites: ")
    assert said.out.count("<section") == 2
    assert "site-1<" not in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "write to which file? type: scrapy report sites.html"),
        (("a", "b"), "write to which file?"),
        (("--frob", "a"), "unknown option '--frob'"),
        (("no/such/folder/x.html",), "no/such/folder/x.html: No such file or directory"),
        (("x.html", "--site", "nobody"), "the database has no site 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    done = scrapy(sqlite_url, "report", *words)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done.printed
    assert said in done.err
    assert not (tmp_path / "x.html").exists()


def test_an_empty_database_and_a_missing_one(tmp_path: Path) -> None:
    missing = scrapy(f"sqlite:///{tmp_path}/none.db", "report", "-")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert "does not exist; type: scrapy db upgrade" in missing.err
    (tmp_path / "empty.db").touch()
    empty = scrapy(f"sqlite:///{tmp_path}/empty.db", "report", "-")
    assert (empty.code, empty.err.count("\n")) == (2, 1)
    assert "scrapy db upgrade" in empty.err


@pytest.mark.parametrize("kind", SERVERS)
def test_an_account_that_may_read_views_alone_can_make_it(
    kind: str, at_head: AtHead, tmp_path: Path
) -> None:
    with views_reader(kind, at_head, tmp_path) as url:
        said = scrapy(url, "report", "-")
        assert (said.code, said.err[:12]) == (0, "report of 6 "), said.err
        assert "Traceback" not in said.err
        assert scrapy(url, "health").code != 0  # it reads a table


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_without_the_views_is_one_line(kind: str, tmp_path: Path) -> None:
    with empty_database(kind, tmp_path) as url:
        said = scrapy(url, "report", "-")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1), said.err
    assert "type: scrapy db upgrade" in said.err
