"""Old captures pruned where their files are on object storage, as on disk."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crawler.operations import archive_move
from crawler.operations.archive_move import Archive
from models import retention
from models.archive import files, old_files, removing, spool_host
from models.archive.captures import CAPTURES
from models.archive.files import WARC_FILES
from models.archive.places import store_at
from models.archive.spool_host import named
from models.db.database import Database
from models.db.owners import this_host
from models.errors import StoreAway
from models.outcomes import Outcome
from models.retention import Keep, Removal
from tests.factories import NOW
from tests.support.archived_pages import archive_page
from tests.support.desk import scrapy
from tests.support.object_storage import S3Server
from tests.support.remote_archive import RemoteArchive

ALL = Keep(captures=NOW + timedelta(days=1))


@pytest.fixture
def world(database: Database, tmp_path: Path, s3: S3Server) -> RemoteArchive:
    """A store with one page that an article rests on, and two that were refused."""
    made = RemoteArchive(database, tmp_path / "archive", s3)
    made.pages(1)
    for number in (2, 3):
        archive_page(database, made.folder, number=number, outcome=Outcome.NOT_ARTICLE)
    archive = Archive(made.places, made.folder)
    archive_move.move(database, archive, None, lambda _: None, dry_run=False)
    return made


def rows(world: RemoteArchive) -> tuple[int, int]:
    """Captures, and files that are known."""
    with world.database.reading() as conn:
        counted = [select(func.count()).select_from(table) for table in (CAPTURES, WARC_FILES)]
        first, second = (int(conn.execute(query).scalar_one()) for query in counted)
        return first, second


def test_old_files_go_from_the_store_and_count_asks_it_nothing(world: RemoteArchive) -> None:
    needed, *old = world.names()
    size = sum(len(world.in_store()[name]) for name in old)
    world.s3.requests.clear()
    with world.database.reading() as conn:
        said = retention.count(conn, ALL, world.places)
    assert world.s3.requests == []
    assert said == Removal(captures=2, files=2, bytes=size)
    assert retention.prune(world.database, ALL, world.places) == said
    assert [*world.in_store()] == [needed]
    assert rows(world) == (1, 1)
    assert not retention.prune(world.database, ALL, world.places)


@pytest.mark.parametrize("call", ["remove_file", "forget"])
def test_a_killed_prune_goes_on(
    world: RemoteArchive, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed, *_ = world.names()
    function = getattr(old_files, call)

    def killed(*given: object) -> None:
        function(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(old_files, call, killed)
        with pytest.raises(KeyboardInterrupt):
            retention.prune(world.database, ALL, world.places)
    retention.prune(world.database, ALL, world.places)
    assert [*world.in_store()] == [needed]
    assert rows(world) == (1, 1)


def test_a_store_that_is_away_costs_no_row(world: RemoteArchive) -> None:
    with world.s3.failing(f"/{world.bucket}", "503"), pytest.raises(StoreAway):
        retention.prune(world.database, ALL, world.places)
    assert rows(world) == (3, 3)
    with (
        world.s3.failing(f"DELETE /{world.bucket}", "503"),
        world.s3.failing(f"POST /{world.bucket}", "503"),
        pytest.raises(StoreAway),
    ):
        retention.prune(world.database, ALL, world.places)
    assert rows(world) == (3, 3), "a file goes before its rows"
    assert retention.prune(world.database, ALL, world.places).files == 2


def test_what_waits_in_another_hosts_spool_stays_until_it_was_uploaded(
    sqlite: Database, tmp_path: Path, s3: S3Server
) -> None:
    world = RemoteArchive(sqlite, tmp_path / "archive", s3)
    archive_page(sqlite, world.folder, number=2, outcome=Outcome.NOT_ARTICLE)
    [name] = world.names()
    (world.folder / name).rename(tmp_path / "on-beech.warc.gz")
    with sqlite.transaction() as conn:
        files.opened(conn, name, 1, "beech", NOW)
    assert not retention.prune(sqlite, ALL, world.places)
    assert rows(world) == (1, 1)
    (tmp_path / "on-beech.warc.gz").rename(world.folder / name)
    archive_move.move(sqlite, Archive(world.places, world.folder), None, print, dry_run=False)
    assert retention.prune(sqlite, ALL, world.places).files == 1
    assert rows(world) == (0, 0)


def test_what_should_be_here_and_is_not_keeps_its_rows(
    sqlite: Database, tmp_path: Path, s3: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = RemoteArchive(sqlite, tmp_path / "archive", s3)
    for number in (2, 3):
        archive_page(sqlite, world.folder, number=number, outcome=Outcome.NOT_ARTICLE)
    with sqlite.transaction() as conn:
        for name in world.names():
            files.opened(conn, name, 1, this_host(), NOW)
    wrong = world.places._replace(local=tmp_path / "elsewhere")
    with sqlite.reading() as conn:
        assert retention.count(conn, ALL, wrong) == Removal(files_missing=2)
    assert retention.prune(sqlite, ALL, wrong) == Removal(files_missing=2)
    assert rows(world) == (2, 2)
    given = world.settings(WINNOW_ARCHIVE_SPOOL=str(wrong.local), WINNOW_KEEP_CAPTURES="1d")
    said = scrapy(sqlite.engine.url.render_as_string(), "db", "prune", **given)
    assert f"2 WARC files that wait for their upload are not in {wrong.local}" in said.out
    assert "is WINNOW_ARCHIVE_SPOOL right?" in said.out
    quiet = scrapy(sqlite.engine.url.render_as_string(), "db", "prune", "--quiet", **given)
    assert quiet.out == "" and "2 WARC files that wait for their upload" in quiet.err
    assert len(world.on_disk()) == 2
    named(world.folder)
    monkeypatch.setattr(spool_host, "this_host", lambda: "a-container-made-anew")
    assert retention.prune(sqlite, ALL, world.places).files == 2
    assert (rows(world), world.on_disk()) == ((0, 0), {})


def test_a_file_that_was_not_there_is_not_counted(world: RemoteArchive) -> None:
    _, gone, there = world.names()
    store_at(world.store).delete(gone)
    size = len(world.in_store()[there])
    done = retention.prune(world.database, ALL, world.places)
    assert done == Removal(captures=2, files=1, bytes=size)


def test_an_upload_that_was_killed_goes_with_its_file(
    sqlite: Database, tmp_path: Path, s3: S3Server
) -> None:
    world = RemoteArchive(sqlite, tmp_path / "archive", s3)
    [name] = world.pages(1)
    s3.put(world.bucket, f"news/{name}", (world.folder / name).read_bytes())
    assert removing.remove_file(sqlite, world.places, name)
    assert world.in_store() == world.on_disk() == {}
    [name] = world.pages(2)[1:]
    s3.put(world.bucket, f"news/{name}", b"of another database")
    assert removing.remove_file(sqlite, world.places, name)
    assert world.in_store() == {name: b"of another database"}
