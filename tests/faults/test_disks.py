"""Disks that are full, read-only or busy: the run ends with one line, and no page is lost."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Checked
from tests.faults.support.comparison import faults
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.own_fault import assert_ended_honestly
from tests.faults.support.running import running
from tests.faults.support.small_disk import small_disk
from tests.support.desk import Desk, Result, wait_for
from tests.support.site_server import SiteServer

PAGES = 90
ROOM = 20_000  # kilobytes: enough for all


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with SiteServer() as site:
        yield Newspaper(site, PAGES)


def _crawl(desk: Desk) -> Result:
    with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
        return crawl.result()


@pytest.mark.parametrize("how", ["full", "read-only"])
def test_an_archive_that_cannot_be_written_ends_the_run_and_loses_nothing(
    how: str, tmp_path: Path, sqlite_url: str, paper: Newspaper, checked: Checked
) -> None:
    with small_disk(tmp_path / "archive", 60) as disk:
        desk = Desk(tmp_path, sqlite_url)
        paper.add_to(desk, delay=0.02)
        if how == "read-only":
            disk.read_only()
        done = _crawl(desk)
        assert_ended_honestly(done, desk, paper, "No space left", "Read-only", "archive")
        disk.resize(ROOM)
        disk.read_only(False)
        paper.until_quiet(desk)
        assert faults(desk, paper.texts) == []
        checked(1)


def test_a_database_on_a_full_disk_ends_the_run_and_loses_nothing(
    tmp_path: Path, sqlite_url: str, paper: Newspaper, checked: Checked
) -> None:
    template = Path(sqlite_url.removeprefix("sqlite:///"))
    size = template.stat().st_size // 1024
    with small_disk(tmp_path / "db", size + 700) as disk:  # its journal takes room as well
        (disk.folder / "winnow.db").write_bytes(template.read_bytes())
        desk = Desk(tmp_path, f"sqlite:///{disk.folder / 'winnow.db'}")
        paper.add_to(desk, delay=0.02)
        done = _crawl(desk)
        disk.resize(ROOM)
        assert done.code == 1, done.err[-3000:]
        assert "Traceback" not in done.printed
        assert done.err.count("\n") <= 4, done.err[-3000:]
        assert "full" in done.err
        paper.until_quiet(desk)
        assert faults(desk, paper.texts) == []
        checked(1)


def test_another_writer_on_the_file_only_delays_a_crawl(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    file, release = sqlite_url.removeprefix("sqlite:///"), threading.Event()
    locked = threading.Event()

    def hold() -> None:
        writer = sqlite3.connect(file, isolation_level=None, timeout=30)
        writer.execute("begin immediate")
        locked.set()
        release.wait(20)
        writer.execute("rollback")
        writer.close()

    with SiteServer() as site:
        desk, few = Desk(tmp_path, sqlite_url), Newspaper(site, 20)
        few.add_to(desk, delay=0.1)
        other = threading.Thread(target=hold)
        with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
            wait_for(lambda: few.asked() >= 3)
            other.start()
            assert locked.wait(30)
            other.join(timeout=2)  # it holds the file meanwhile
            assert few.asked() < 12, "fetching waits for what keeps the pages"
            release.set()
            done = crawl.result()
        other.join()
        assert (done.code, done.err) == (0, "")
        assert faults(desk, few.texts) == []
        checked(1)
