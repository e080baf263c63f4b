"""A SQLite file is read by accounts that may not write it, and nothing is made beside it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from models.db import sqlite_file
from models.db.database import Database
from models.db.sqlite_file import FileChanged
from models.errors import DatabaseNotReady
from tests.factories import known_site
from tests.support.readers import listing, unprivileged


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account may enter: pytest's own are private."""
    with TemporaryDirectory(prefix="winnow-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def file(folder: Path, sqlite_url: str) -> Path:
    """A database at head with one site; nobody has it open."""
    made = Path(shutil.copy(sqlite_url.removeprefix("sqlite:///"), folder / "winnow.db"))
    with writing(made) as database, database.transaction() as conn:
        known_site(conn)
    return made


@contextmanager
def writing(file: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{file}")
    yield database
    database.close()


@contextmanager
def reading(file: Path, options: str = "") -> Iterator[Database]:
    uri = f"file:{file}{options}&uri=true" if options else f"{file}"
    database = Database.open(f"sqlite:///{uri}", reads_only=True)
    yield database
    database.close()


def sites(database: Database) -> list[str]:
    with database.reading() as conn:
        return list(conn.execute(text("select name from sites")).scalars())


def test_an_account_that_may_not_write_reads_and_leaves_nothing_behind(file: Path) -> None:
    before = listing(file.parent)
    with unprivileged(file.parent), reading(file) as database:
        assert sites(database) == ["example"]
        assert listing(file.parent) == before


def test_it_reads_beside_a_crawler_what_is_not_yet_in_the_file(file: Path) -> None:
    with writing(file) as crawler:
        with crawler.transaction() as conn:
            known_site(conn, "later")
        with unprivileged(file.parent), reading(file) as database:
            assert sites(database) == ["example", "later"]


def test_what_a_killed_run_left_beside_the_file_is_not_passed_over(file: Path) -> None:
    log = file.with_name("winnow.db-wal")
    with writing(file) as crawler:
        with crawler.transaction() as conn:
            known_site(conn, "later")
        kept = log.read_bytes()
    log.write_bytes(kept)
    missing = pytest.raises(DatabaseNotReady, match="type: scrapy db check")
    with unprivileged(file.parent), reading(file) as database, missing:
        sites(database)
    with reading(file) as database:  # as `db check` does
        assert "later" in sites(database)
    with unprivileged(file.parent), reading(file) as database:
        assert "later" in sites(database)


def test_a_write_under_a_reader_without_locks_is_noticed(file: Path) -> None:
    changed = pytest.raises(FileChanged, match="again")
    with reading(file, "?mode=ro") as database, changed, database.reading() as conn:
        conn.execute(text("select 1 from sites")).all()
        with writing(file) as crawler, crawler.transaction() as theirs:
            known_site(theirs, "later")


def test_a_file_replaced_under_a_reader_without_locks_is_noticed(file: Path) -> None:
    changed = pytest.raises(FileChanged, match="again")
    with reading(file, "?mode=ro") as database, changed, database.reading():
        file.unlink()


@pytest.mark.parametrize("options", ["", "?mode=ro"])
def test_a_reader_cannot_write(file: Path, options: str) -> None:
    refused = pytest.raises(OperationalError, match="readonly")
    with reading(file, options) as database, refused, database.transaction() as conn:
        known_site(conn, "mine")
    with reading(file) as database:
        assert sites(database) == ["example"]


def test_a_file_of_another_journal_mode_is_left_in_it(file: Path) -> None:
    with writing(file) as database, database.engine.connect() as conn:
        conn.exec_driver_sql("commit")
        conn.exec_driver_sql("PRAGMA journal_mode=DELETE")
    before, content = listing(file.parent), file.read_bytes()
    for options in ("", "?mode=ro"):
        with reading(file, options) as database:
            assert sites(database) == ["example"]
    assert (listing(file.parent), file.read_bytes()) == (before, content)


def test_a_missing_file_is_not_made(folder: Path) -> None:
    for missing in (folder / "winnow.db", folder / "no" / "winnow.db"):
        assert sqlite_file.is_missing(make_url(f"sqlite:///{missing}"))
        with reading(missing) as database, pytest.raises(DatabaseNotReady, match="does not exist"):
            sites(database)
    assert listing(folder) == {}


def test_a_file_that_may_not_be_read_says_so(file: Path) -> None:
    refused = pytest.raises(DatabaseNotReady, match="Permission denied")
    with unprivileged(file.parent, may_read=False), reading(file) as database, refused:
        sites(database)


def test_a_link_is_followed_to_the_folder_that_counts(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(file)
    with reading(link, "?mode=ro") as database:
        assert sites(database) == ["example"]
    assert set(listing(tmp_path)) <= {"link.db", "winnow.db"}


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file:x?mode=memory&uri=true", None),
        ("postgresql+psycopg://postgres@127.0.0.1/postgres", None),
        ("sqlite:///a%20b.db", "a b.db"),
        ("sqlite:////srv/winnow.db", "/srv/winnow.db"),
        ("sqlite:///file:///srv/win%20now.db?mode=ro&uri=true", "/srv/win now.db"),
    ],
)
def test_the_file_of_a_url(url: str, file: str | None) -> None:
    assert sqlite_file.file_of(make_url(url)) == (None if file is None else Path(file))
    assert not sqlite_file.is_missing(make_url("sqlite://"))
