"""A fetched page is safe in the archive before it is worked on, and can be read again."""

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from models.archive import captures, local_folder
from models.archive.captures import CaptureArchive
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.errors import ArchiveError
from models.items import Page, WarcLocation
from tests.factories import known_site, known_url, make_page, open_run


def page_in(conn: Connection, **parts: object) -> Page:
    site = known_site(conn)
    return make_page(run_id=open_run(conn, site), url_id=known_url(conn, site), **parts)


def keep(conn: Connection, archive: CaptureArchive, page: Page) -> int:
    place = archive.append(page)
    archive.sync()
    return captures.keep(conn, page, place)


def checked(folder: Path) -> bool:
    files = [str(path) for path in folder.rglob("*.warc.gz")]
    check = [sys.executable, "-m", "warcio.cli", "check", *files]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


def test_a_capture_is_read_again_as_it_was_fetched(database: Database, tmp_path: Path) -> None:
    with database.transaction() as conn:
        page = page_in(conn, final_url="https://example.test/after", status=203)
        archive = CaptureArchive(tmp_path, page.run_id)
        first = keep(conn, archive, replace(page, body=b"old"))
        second = keep(conn, archive, page)
        assert captures.latest(conn, [page.url_id, 0]) == {page.url_id: second}
    with database.reading() as conn:
        capture = captures.read(conn, ArchivePlaces(tmp_path), second)
        assert captures.read(conn, ArchivePlaces(tmp_path), first).body == b"old"
    assert capture.body == page.body
    assert (capture.url_id, capture.run_id) == (page.url_id, page.run_id)
    assert (capture.final_url, capture.status) == ("https://example.test/after", 203)
    assert capture.headers[0] == page.headers[0]
    assert capture.fetched_at == page.fetched_at
    archive.close()
    assert checked(tmp_path)


def test_a_run_writes_one_file_until_it_is_full(tmp_path: Path) -> None:
    archive = CaptureArchive(tmp_path, 123, rotate_at=5000)
    places = [archive.append(make_page(body=os.urandom(2000))) for _ in range(5)]
    archive.close()
    assert places[0].file == "example/2026/run-000123-00001.warc.gz"
    assert {place.file for place in places} == {
        f"example/2026/run-000123-{n:05d}.warc.gz" for n in (1, 2, 3)
    }
    assert checked(tmp_path)


def test_nothing_is_written_before_the_first_page(tmp_path: Path) -> None:
    archive = CaptureArchive(tmp_path / "archive", 1)
    archive.sync()
    archive.close()
    assert not (tmp_path / "archive").exists()


def test_another_run_of_the_same_number_is_not_written_over(tmp_path: Path) -> None:
    for _ in range(2):
        archive = CaptureArchive(tmp_path, 1)
        archive.append(make_page())
        archive.close()
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2


@pytest.mark.parametrize("site", ["..", ".", "", "a/b", "/etc", "a\0b", "ä", ".hidden"])
def test_a_sites_name_cannot_leave_the_archive(tmp_path: Path, site: str) -> None:
    with pytest.raises(ArchiveError):
        CaptureArchive(tmp_path / "archive", 1).append(make_page(site=site))
    assert list(tmp_path.iterdir()) == []


def test_what_is_gone_cut_or_another_page_is_an_error(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.transaction() as conn:
        page = page_in(conn)
        archive = CaptureArchive(tmp_path, page.run_id)
        place, other = archive.append(page), archive.append(replace(page, body=b"other" * 9))
        archive.close()
        good = captures.keep(conn, page, place)
        swapped = captures.keep(conn, page, other)
        outside = captures.keep(conn, page, WarcLocation("../../etc/passwd", 0, 99))
    with sqlite.reading() as conn:
        assert captures.read(conn, ArchivePlaces(tmp_path), good).body == page.body
        with pytest.raises(ArchiveError, match=f"not .* of capture {swapped}"):
            captures.read(conn, ArchivePlaces(tmp_path), swapped)
        with pytest.raises(ArchiveError, match="outside of the archive"):
            captures.read(conn, ArchivePlaces(tmp_path), outside)
        with pytest.raises(ArchiveError, match="no capture 0"):
            captures.read(conn, ArchivePlaces(tmp_path), 0)
        os.truncate(tmp_path / place.file, place.offset + 10)
        with pytest.raises(ArchiveError, match="cut"):
            captures.read(conn, ArchivePlaces(tmp_path), good)
        (tmp_path / place.file).unlink()
        with pytest.raises(ArchiveError, match="No such file"):
            captures.read(conn, ArchivePlaces(tmp_path), good)


def test_a_full_disk_leaves_the_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = CaptureArchive(tmp_path, 1)
    archive.append(make_page())

    class Full:
        """A file on a disk that takes ten more bytes."""

        def __init__(self, file: object) -> None:
            self._file, self._left = file, 10

        def write(self, data: memoryview) -> int:
            if not self._left:
                raise OSError(errno.ENOSPC, "No space left on device")
            written, self._left = self._file.write(data[: self._left]), 0
            return int(written)

        def __getattr__(self, name: str) -> object:
            return getattr(self._file, name)

    whole = archive._file
    monkeypatch.setattr(archive, "_file", Full(whole))
    with pytest.raises(OSError, match="No space"):
        archive.append(make_page())
    monkeypatch.setattr(archive, "_file", whole)
    assert checked(tmp_path)
    place = archive.append(make_page())
    archive.close()
    assert (tmp_path / place.file).stat().st_size == place.offset + place.length
    assert checked(tmp_path)


def test_a_killed_runs_file_is_mended_and_its_captures_stay(
    sqlite: Database, tmp_path: Path
) -> None:
    with sqlite.transaction() as conn:
        page = page_in(conn)
        archive = CaptureArchive(tmp_path, page.run_id)
        capture = keep(conn, archive, page)
        place = archive.append(page)
        archive.close()
    os.truncate(tmp_path / place.file, place.offset + place.length // 2)
    living = CaptureArchive(tmp_path, page.run_id + 1)
    living.append(page)
    assert local_folder.mend(tmp_path, [page.run_id, page.run_id, 77]) == [tmp_path / place.file]
    assert local_folder.mend(tmp_path, [page.run_id]) == []
    living.close()
    assert checked(tmp_path)
    with sqlite.reading() as conn:
        assert captures.read(conn, ArchivePlaces(tmp_path), capture).body == page.body


CRAWL = """
import os, sys
from pathlib import Path
from models.archive import captures
from models.archive.captures import CaptureArchive
from models.db.database import Database
from tests.factories import known_site, known_url, make_page, open_run
database, folder = Database.open(sys.argv[1]), Path(sys.argv[2])
with database.transaction() as c:
    site = known_site(c)
    page = make_page(run_id=open_run(c, site), url_id=known_url(c, site))
archive = CaptureArchive(folder, page.run_id, rotate_at=2_000_000)
while True:
    page = make_page(run_id=page.run_id, url_id=page.url_id, body=os.urandom(300_000))
    place = archive.append(page)
    archive.sync()
    with database.transaction() as c:
        captures.keep(c, page, place)
    print("kept", flush=True)
"""


def test_what_a_killed_process_kept_can_be_read(
    sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    command = [sys.executable, "-c", CRAWL, sqlite_url, str(folder)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as crawl:
        assert crawl.stdout is not None
        for _ in range(12):
            assert crawl.stdout.readline() == b"kept\n"
        crawl.kill()
    local_folder.mend(folder, [1])
    assert checked(folder)
    with sqlite.reading() as conn:
        kept = conn.execute(select(captures.CAPTURES.c.capture_id)).scalars().all()
        assert len(kept) >= 12
        assert all(
            len(captures.read(conn, ArchivePlaces(folder), one).body) == 300_000 for one in kept
        )
