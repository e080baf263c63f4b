"""Uploads in the background: own files first, what fails waits, and nobody waits for ever."""

import asyncio
import logging
import threading
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from models.archive import spool as spools
from models.archive.captures import CaptureArchive
from models.archive.places import ArchivePlaces, store_at
from models.archive.spool import Spool
from models.db.database import Database
from models.errors import StoreAway
from pipelines import spool_uploads
from pipelines.spool_uploads import SpoolUploads
from tests.factories import make_page
from tests.support.desk import wait_for


@pytest.fixture
def places(tmp_path: Path) -> ArchivePlaces:
    return ArchivePlaces(tmp_path / "spool", f"memory://bucket{tmp_path}")


def written(places: ArchivePlaces, database: Database, run_id: int) -> str:
    def note(name: str) -> None:
        with database.transaction() as conn:
            spools.note_opened(conn, name, run_id)

    archive = CaptureArchive(places.local, run_id, spooled=note)
    name = archive.append(make_page(run_id=run_id)).file
    archive.close()
    return name


def stored(places: ArchivePlaces) -> list[str]:
    return list(store_at(places.address).names())


def test_a_run_waits_for_its_files_and_for_what_was_left(
    places: ArchivePlaces, sqlite: Database
) -> None:
    left, mine = (written(places, sqlite, run) for run in (1, 2))
    uploads = SpoolUploads(places, sqlite)
    uploads.sweep()
    uploads.add([mine])
    asyncio.run(uploads.finish([mine]))
    assert stored(places) == [left, mine]


def test_a_visit_waits_for_its_own_files_only(
    places: ArchivePlaces, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, mine = (written(places, sqlite, run) for run in (1, 2))
    uploads = SpoolUploads(places, sqlite)
    crawler: Any = get_crawler()
    uploads.lend(crawler)
    assert SpoolUploads.shared(crawler, sqlite) is uploads
    go_on, original = threading.Event(), Spool.upload

    def upload(self: Spool, name: str) -> bool:
        if name == left:
            go_on.wait()
        return original(self, name)

    monkeypatch.setattr(Spool, "upload", upload)
    uploads.add([left, mine])
    asyncio.run(uploads.finish([mine]))
    assert stored(places) == [mine]
    go_on.set()
    uploads.close()
    assert stored(places) == [left, mine]


def test_what_fails_waits_with_one_warning_and_the_store_is_left_in_peace(
    places: ArchivePlaces,
    sqlite: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = [written(places, sqlite, run) for run in (1, 2, 3)]
    asked: list[str] = []

    def away(_self: Spool, name: str) -> bool:
        asked.append(name)
        raise StoreAway("no answer\nfrom it")

    monkeypatch.setattr(Spool, "upload", away)
    monkeypatch.setattr(spool_uploads, "_THREADS", 1)
    uploads = SpoolUploads(places, sqlite)
    with caplog.at_level(logging.WARNING):
        uploads.add(names)
        asyncio.run(uploads.finish(names))
        asyncio.run(uploads.finish(names))
    assert asked == names[:1]  # the others would meet the same
    [record] = caplog.records
    said = f"3 WARC files wait in the spool {places.local} for the next run on this host, 0.0 MB"
    assert record.getMessage() == f"{said}: no answer from it"
    assert stored(places) == []
    monkeypatch.undo()
    later = SpoolUploads(places, sqlite)
    later.sweep()
    later.close()
    assert stored(places) == names


def test_an_upload_that_hangs_is_left_behind(
    places: ArchivePlaces,
    sqlite: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    name, go_on = written(places, sqlite, 1), threading.Event()
    original = Spool.upload

    def hangs(self: Spool, name: str) -> bool:
        go_on.wait()
        return original(self, name)

    monkeypatch.setattr(Spool, "upload", hangs)
    monkeypatch.setattr(spool_uploads, "PATIENCE", 0.05)
    uploads = SpoolUploads(places, sqlite)
    uploads.add([name])
    asyncio.run(uploads.finish([name]))
    assert "1 WARC file waits in" in caplog.text and "not done within" in caplog.text
    go_on.set()
    wait_for(lambda: stored(places) == [name], 20)


def test_a_spool_is_looked_through_now_and_then(
    places: ArchivePlaces, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = SpoolUploads(places, sqlite)
    looks: list[int] = []
    monkeypatch.setattr(SpoolUploads, "_look", lambda self: looks.append(1))
    for _ in range(5):
        uploads.sweep()
    uploads.close()
    assert looks == [1]
    monkeypatch.setattr(spool_uploads, "SWEEP", 0.0)
    uploads.sweep()
    uploads.close()
    assert looks == [1, 1]


def test_files_of_this_host_that_are_not_there_are_said(
    places: ArchivePlaces, sqlite: Database, caplog: pytest.LogCaptureFixture
) -> None:
    name = written(places, sqlite, 1)
    (places.local / name).unlink()
    uploads = SpoolUploads(places, sqlite)
    uploads.sweep()
    uploads.close()
    assert f"not uploaded, and not in {places.local}: 1, the first is {name};" in caplog.text
    assert "is WINNOW_ARCHIVE_SPOOL right?" in caplog.text


def test_a_local_archive_starts_no_thread(tmp_path: Path, sqlite: Database) -> None:
    before = threading.active_count()
    uploads = SpoolUploads(ArchivePlaces(tmp_path), sqlite)
    uploads.sweep()
    uploads.add(["a"])
    asyncio.run(uploads.finish(["a"]))
    uploads.close()
    assert threading.active_count() == before
