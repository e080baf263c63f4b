"""`scrapy erase`, killed at each step, and what stands in its way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.operations import erase
from crawler.operations.erase import Wanted
from models.archive import rewriting
from models.archive.places import ArchivePlaces
from models.db.database import Database
from tests.databases import KINDS, AtHead
from tests.support import traces
from tests.support.desk import Desk
from tests.support.erased_page import MARK, crawled, records
from tests.support.site_server import SiteServer
from tests.support.town import Town


class Killed(Exception):
    """Stands for SIGKILL: what ran is gone, what was committed stays."""


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[Town]:
    """A town that was crawled, on each database."""
    with at_head.database(request.param, tmp_path) as url, SiteServer() as site:
        yield Town(Desk(tmp_path, url), site)


@pytest.mark.parametrize("files_done", [0, 1])
def test_a_kill_at_any_step_is_finished_by_the_same_command(
    town: Town, files_done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, site = town.desk, town.site
    url = crawled(desk, site)
    archive, left = desk.folder / "archive", iter(range(files_done))
    before = {u for kind, u, _ in records(archive) if kind == "response"}
    blank = rewriting.blank

    def killed_later(*given: object) -> object:
        if next(left, None) is None:
            raise Killed
        return blank(*given)

    database = Database.open(desk.url)
    with monkeypatch.context() as patched:
        patched.setattr(rewriting, "blank", killed_later)
        with pytest.raises(Killed):
            erase.erase(database, ArchivePlaces(archive), Wanted(url, "a letter"))
    assert traces.in_database(desk.url, MARK) == []
    assert {u for kind, u, _ in records(archive) if kind == "response"} <= before
    assert "the archive may still hold it" in desk.type("erase", "--list").out
    assert f"first type: scrapy erase {url}" in desk.type("erase", url, "--undo", code=2).err
    desk.crawl("town", "reextract")
    assert traces.in_database(desk.url, MARK) == []

    assert "finished" in desk.type("erase", url).out
    assert traces.in_files(desk.folder, MARK) == []
    assert "may still hold" not in desk.type("erase", "--list").out
    database.close()


def test_a_kill_before_the_commit_leaves_all_as_it_was(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, site = town.desk, town.site
    url = crawled(desk, site)
    texts = desk.tuples("SELECT url, text FROM v1_articles ORDER BY url")

    def killed(*_: object) -> None:
        raise Killed

    database = Database.open(desk.url)
    with monkeypatch.context() as patched:
        patched.setattr(erase.removal.erased, "leave", killed)
        with pytest.raises(Killed):
            erase.erase(database, ArchivePlaces(desk.folder / "archive"), Wanted(url, "a letter"))
    database.close()
    assert desk.tuples("SELECT url, text FROM v1_articles ORDER BY url") == texts
    assert desk.tuples("SELECT * FROM erasures") == desk.tuples("SELECT * FROM leases") == []
    assert "would erase" in desk.type("erase", url, "--dry-run").out


def test_a_site_that_a_run_holds_is_left_alone(desk: Desk) -> None:
    with SiteServer() as site:
        url = crawled(desk, site)
    desk.execute(
        "INSERT INTO leases (site_id, kind, owner, leased_until)"
        " SELECT site_id, 'fetch', 'elsewhere:1:ab',"
        " strftime('%Y-%m-%d %H:%M:%f', 'now', '+5 minutes') FROM sites"
    )
    assert "town is held by elsewhere" in desk.type("erase", url, "--why", "x", code=4).err
    assert desk.tuples("SELECT count(*) FROM erasures") == [(0,)]


def test_a_restored_archive_is_cleared_again(desk: Desk) -> None:
    with SiteServer() as site:
        url = crawled(desk, site)
    archive = desk.folder / "archive"
    [path, *_] = sorted(archive.rglob("*.warc.gz"))
    kept = path.read_bytes()
    desk.type("erase", url, "--why", "a letter")
    path.write_bytes(kept)
    assert traces.in_files(archive, MARK) != []
    assert "erased again" in desk.type("erase", "--again").out
    assert traces.in_files(archive, MARK) == []


def test_a_page_that_is_no_article_can_be_erased_too(desk: Desk) -> None:
    with SiteServer() as site:
        crawled(desk, site)
        url = site.page("/search", f"<html><title>{MARK}</title><p>{MARK} {MARK}</p></html>")
        (desk.folder / "urls.txt").write_text(url)
        desk.type("crawl", "recrawl", "-a", f"urls={desk.folder}/urls.txt")
    done = desk.type("erase", url, "--why", "x")
    assert "articles   none" in done.out and "1 copy in 1 WARC file" in done.out
    assert f"{url}: erased on" in desk.type("erase", url).out


def test_what_cannot_be_read_is_said_and_can_be_finished(desk: Desk) -> None:
    with SiteServer() as site:
        url = crawled(desk, site)
    stray = desk.folder / "archive" / "town" / "2026" / "stray.warc.gz"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"\x1f\x8b\x08" + bytes(40))
    err = desk.type("erase", url, "--why", "x", code=1).err
    assert "town/2026/stray.warc.gz at 0 cannot be read" in err and err.count("\n") == 1
    stray.unlink()
    assert traces.in_files(desk.folder, MARK) == []
    assert "finished" in desk.type("erase", url).out
