"""`erase` and `sites remove --articles` where the archive is on object storage."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from models.archive import files
from models.archive.captures import CAPTURES
from models.archive.files import WARC_FILES
from models.archive.places import store_at
from models.db.database import Database
from models.db.owners import this_host
from tests.factories import NOW
from tests.support import traces
from tests.support.desk import Result, scrapy
from tests.support.object_storage import S3Server
from tests.support.remote_archive import RemoteArchive

MARK, PAGE = "Port 2", "https://example.test/2"
WHY = ("--why", "a letter")


@pytest.fixture
def world(database: Database, tmp_path: Path, s3: S3Server) -> RemoteArchive:
    """Three pages, uploaded."""
    made = RemoteArchive(database, tmp_path / "archive", s3)
    made.pages(1, 2, 3)
    return made


def typed(world: RemoteArchive, url: str, *words: str, **more: str) -> Result:
    sites = world.folder.parent / "sites"
    return scrapy(url, *words, **world.settings(WINNOW_SITES_DIR=str(sites)) | more)


def wait_for_upload(world: RemoteArchive) -> None:
    """Notes the files as a crawl leaves them whose store did not answer."""
    with world.database.transaction() as conn:
        for name in world.names():
            files.opened(conn, name, a_run(conn), this_host(), NOW)


def a_run(conn: Connection) -> int:
    """The number of a run of the site."""
    return int(conn.scalars(select(func.min(CAPTURES.c.run_id))).one())


def still_says(world: RemoteArchive, folder: Path) -> list[str]:
    """The stored files in which the mark is."""
    for name, body in world.in_store().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return traces.in_files(folder, MARK)


def test_an_erased_page_leaves_the_store(
    world: RemoteArchive, database_url: str, tmp_path: Path
) -> None:
    assert typed(world, database_url, "archive", "move").code == 0
    before, bodies = world.in_store(), world.bodies()
    assert len(still_says(world, tmp_path / "before")) == 1
    done = typed(world, database_url, "erase", PAGE, *WHY)
    assert (done.code, done.err) == (0, "")
    assert "taken out  1 record of 1 WARC file" in done.out
    assert still_says(world, tmp_path / "after") == []
    assert traces.in_database(database_url, MARK) == []
    after = world.in_store()
    assert {n: len(body) for n, body in after.items()} == {n: len(b) for n, b in before.items()}
    assert sum(after[name] != before[name] for name in before) == 1
    assert world.bodies() == {n: body for n, body in bodies.items() if MARK.encode() not in body}
    assert [*(world.folder / ".work").iterdir()] == []


def test_a_store_that_is_away_is_told_before_anything_goes_and_after(
    world: RemoteArchive, database_url: str, tmp_path: Path
) -> None:
    assert typed(world, database_url, "archive", "move").code == 0
    with world.s3.failing(f"/{world.bucket}", "503"):
        away = typed(world, database_url, "erase", PAGE, *WHY)
    assert (away.code, away.out, away.err.count("\n")) == (1, "", 1)
    assert "does not answer as it should" in away.err
    assert traces.in_database(database_url, MARK) != [], "nothing is half done"
    with world.s3.failing(f"PUT /{world.bucket}", "503"):
        cut = typed(world, database_url, "erase", PAGE, *WHY)
    assert (cut.code, cut.err.count("\n")) == (1, 1)
    assert "the rows are gone already: type the command again" in cut.err
    assert "finished; 1 records" in typed(world, database_url, "erase", PAGE).out
    assert still_says(world, tmp_path / "after") == []


@pytest.mark.parametrize(
    "words", [("erase", PAGE, *WHY), ("sites", "remove", "example", "--articles", "--yes")]
)
def test_a_file_in_another_hosts_spool_is_in_the_way(
    world: RemoteArchive, database_url: str, words: tuple[str, ...]
) -> None:
    with world.database.transaction() as conn:
        files.opened(conn, "example/2026/run-000001-00009.warc.gz", a_run(conn), "beech", NOW)
    (world.folder.parent / "sites").mkdir()
    said = typed(world, database_url, *words)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "is in the spool of beech; type there: scrapy archive move" in said.err
    assert traces.in_database(database_url, MARK) != []


@pytest.mark.parametrize(
    "words", [("erase", PAGE, *WHY), ("sites", "remove", "example", "--articles", "--yes")]
)
def test_a_file_that_waits_in_another_spool_of_this_host_is_in_the_way(
    world: RemoteArchive, database_url: str, words: tuple[str, ...]
) -> None:
    wait_for_upload(world)
    (world.folder.parent / "sites").mkdir()
    elsewhere = world.folder.parent / "elsewhere"
    said = typed(world, database_url, *words, WINNOW_ARCHIVE_SPOOL=str(elsewhere))
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert f"is not in {elsewhere}, where this host's files wait" in said.err
    assert "is WINNOW_ARCHIVE_SPOOL right?" in said.err
    assert traces.in_database(database_url, MARK) != [], "nothing is half done"
    assert len(world.on_disk()) == 3
    assert typed(world, database_url, *words).code == 0
    assert traces.in_files(world.folder, MARK) == []


def test_a_file_that_is_lost_for_good_stops_no_erasure_once_an_empty_one_says_so(
    world: RemoteArchive, database_url: str
) -> None:
    wait_for_upload(world)
    for name in world.names():
        (world.folder / name).unlink()
    assert typed(world, database_url, "erase", PAGE, *WHY).code == 1
    for name in world.names():
        (world.folder / name).touch()
    assert typed(world, database_url, "erase", PAGE, *WHY).code == 0


def test_an_object_that_is_missing_is_named_and_stops_nothing(
    world: RemoteArchive, database_url: str, tmp_path: Path
) -> None:
    assert typed(world, database_url, "archive", "move").code == 0
    gone, *_ = world.names()
    store_at(world.store).delete(gone)
    done = typed(world, database_url, "erase", PAGE, *WHY)
    assert (done.code, done.err) == (0, "")
    assert "taken out  1 record of 1 WARC file" in done.out
    named = f"missing: {world.store}/{gone}; what is not there holds nothing any more"
    assert done.out.splitlines()[-1] == named
    assert still_says(world, tmp_path / "after") == []
    again = typed(world, database_url, "erase", "--again")
    assert (again.code, again.out.splitlines()[-1]) == (0, named)


def test_a_removed_site_leaves_the_store(world: RemoteArchive, database_url: str) -> None:
    world.pages(4, site="other")
    assert typed(world, database_url, "archive", "move").code == 0
    with world.database.transaction() as conn:  # of a run that kept nothing
        files.opened(conn, "example/2026/empty.warc.gz", a_run(conn), this_host(), NOW)
        files.stored(conn, "example/2026/empty.warc.gz", world.store, 3, NOW)
        files.moved(conn, ["example/2026/empty.warc.gz"], NOW + timedelta(hours=1))
    world.s3.put(world.bucket, "news/example/2026/empty.warc.gz", b"abc")
    mine = [body for name, body in world.in_store().items() if name.startswith("example/")]
    words = ("sites", "remove", "example", "--articles", "--yes", "--json")
    said = typed(world, database_url, *words)
    assert (said.code, said.err) == (0, "")
    went = json.loads(said.out)["removed"]
    assert (went["files"], went["bytes"], went["files_left"]) == (4, sum(map(len, mine)), [])
    assert [name.partition("/")[0] for name in world.in_store()] == ["other"]
    with world.database.reading() as conn:
        left = conn.scalars(WARC_FILES.select().with_only_columns(WARC_FILES.c.warc_file)).all()
    assert [name.partition("/")[0] for name in left] == ["other"]
