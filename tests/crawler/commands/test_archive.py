"""scrapy archive: where the files are; moved, and what is said of it."""

import json
from pathlib import Path

import pytest

from models.archive import files
from models.clock import utc_now
from models.crawl import runs
from models.db.database import Database
from tests.factories import NOW, known_site, open_run
from tests.support.desk import Result, scrapy
from tests.support.object_storage import S3Server
from tests.support.remote_archive import RemoteArchive


@pytest.fixture
def world(sqlite: Database, tmp_path: Path, s3: S3Server) -> RemoteArchive:
    """Two pages in a local folder."""
    made = RemoteArchive(sqlite, tmp_path / "archive", s3)
    made.pages(1, 2)
    return made


def typed(world: RemoteArchive, url: str, *words: str, store: str | None = None) -> Result:
    return scrapy(url, "archive", *words, **world.settings(store))


def test_where_the_files_are(world: RemoteArchive, sqlite_url: str) -> None:
    here = typed(world, sqlite_url, store=str(world.folder))
    assert here.out.startswith(f"archive  {world.folder}\nfolder   {world.folder} on ")
    assert ": 2 files, 2.3 kB\n" in here.out
    with world.database.transaction() as conn:
        run_id = open_run(conn, known_site(conn))
        runs.heartbeat(conn, run_id, utc_now())
        files.opened(conn, "example/2026/live.warc.gz", run_id, "beech", NOW)
        files.opened(conn, "example/2026/far.warc.gz", 1 << 40, "beech", NOW)
    (world.folder / "other/2026").mkdir(parents=True)
    (world.folder / "other/2026/run-000001-00001.warc.gz").write_bytes(b"of another database")
    said = typed(world, sqlite_url).out
    assert f"to move  2 files, 2.3 kB to {world.store}; type: scrapy archive move" in said
    assert "waits    spool of beech: 1 file waits for the upload since 2026-11-22" in said
    assert "1 file that runs write now" in said
    assert "unknown  1 file in the folder that this database does not know: left alone" in said
    shown = json.loads(typed(world, sqlite_url, "--json").out)
    assert (shown["archive"], shown["is_spool"]) == (world.store, True)
    assert shown["to_move"]["files"] == 2
    assert [spool["host"] for spool in shown["spools"]] == ["beech"]
    assert world.s3.requests == [], "no store is asked"
    moved = typed(world, sqlite_url, "move")
    assert "  1 file left: a run writes them; type this again after it" in moved.out
    assert "  1 file in the spool of beech; type there: scrapy archive move" in moved.out
    assert "  1 file that this database does not know: left alone" in moved.out
    assert f"store    {world.store}: 2 files, 2.3 kB" in typed(world, sqlite_url).out


def test_a_move_says_what_it_did(world: RemoteArchive, sqlite_url: str) -> None:
    dry = typed(world, sqlite_url, "move", "--dry-run")
    assert dry.out == f"2 files of 2.3 kB would be moved to {world.store}\n"
    done = json.loads(typed(world, sqlite_url, "move", "--json").out)
    assert (done["moved"], done["to"], done["failed"]) == (2, world.store, {})
    again = typed(world, sqlite_url, "move")
    assert again.out == f"nothing moved to {world.store}\n  2 files there already\n"
    back = typed(world, sqlite_url, "move", "--quiet", store=str(world.folder))
    assert (back.code, back.printed) == (0, "")
    assert len(world.on_disk()) == 2


def test_a_file_that_is_nowhere_fails_both(world: RemoteArchive, sqlite_url: str) -> None:
    (world.folder / world.names()[0]).unlink()
    for words in ((), ("--json",), ("move",)):
        assert typed(world, sqlite_url, *words, store=str(world.folder)).code == 1


def test_only_the_files_of_a_site_are_moved(world: RemoteArchive, sqlite_url: str) -> None:
    world.pages(3, site="other")
    assert typed(world, sqlite_url, "move", "--site", "other").code == 0
    assert [name.partition("/")[0] for name in world.in_store()] == ["other"]
    wrong = typed(world, sqlite_url, "move", "--site", "othr")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "did you mean 'other'?" in wrong.err


def test_faults_are_lines_and_exit_codes(world: RemoteArchive, sqlite_url: str) -> None:
    one, _ = world.names()
    with world.s3.failing(f"PUT /{world.bucket}/news/{one}", "503"):
        said = typed(world, sqlite_url, "move")
    assert said.code == 1
    assert said.out.startswith("1 file of ")
    assert said.err.count("\n") == 2
    assert "1 file not moved; mend what is said, then type the command again" in said.err
    refused = typed(world, sqlite_url, "move", store="s3://no-such-bucket-of-ours")
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "there is no bucket no-such-bucket-of-ours" in refused.err


@pytest.mark.parametrize("words", [("moove",), ("move", "it"), ("--dry-run",), ("--site", "x")])
def test_misuse_is_one_line(words: tuple[str, ...], sqlite_url: str) -> None:
    said = scrapy(sqlite_url, "archive", *words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
