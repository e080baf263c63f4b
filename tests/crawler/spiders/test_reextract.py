"""reextract: the archive read again, with the site's server off."""

import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.desk import Desk, scrapy
from tests.support.site_server import SiteServer
from tests.support.town import found

PAGES = 30
SHORTER = '[extraction]\nremove = ["article p:last-of-type"]\n'


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a crawl left: a database, an archive, and a site whose server is off by now."""
    desk = Desk(tmp_path_factory.mktemp("crawled"))
    desk.upgrade()
    with SiteServer() as site:
        found(desk, site, PAGES)
    assert Counter(came for came, _ in desk.outcomes().values()) == {"stored": PAGES}
    return desk.folder


@pytest.fixture
def desk(crawled: Path, tmp_path: Path) -> Desk:
    """The test's own copy of it."""
    folder = shutil.copytree(crawled, tmp_path / "desk")
    return Desk(folder)


def shorten(desk: Desk) -> None:
    """A rule that takes the last paragraph off every story."""
    path = desk.sites / "town.toml"
    path.write_text(f"{path.read_text()}\n{SHORTER}")


def dump(desk: Desk) -> list[str]:
    with sqlite3.connect(desk.folder / "winnow.db") as database:
        return list(database.iterdump())


def test_a_dry_run_writes_nothing_and_says_what_would_change(desk: Desk) -> None:
    shorten(desk)
    before = dump(desk)
    said = desk.type("crawl", "reextract", "-a", "site=town", "-a", "dry_run=1").out
    assert dump(desk) == before
    summary, *diffs = said.splitlines()
    assert summary == (
        f"reextract town, dry run: {PAGES} captures: 0 the same,"
        f" 0 new, 0 changed, 0 grown, {PAGES} shrunk, 0 emptied"
    )
    assert sum(line.startswith("-The ") for line in diffs) == 5
    assert "\x1b" not in said


def test_without_it_the_same_becomes_revisions_marked_so(desk: Desk) -> None:
    shorten(desk)
    before = {row["url_id"]: row for row in desk.rows("SELECT * FROM urls")}
    desk.crawl("town", "reextract")
    rows = desk.rows("SELECT revision, change, count(*) AS n FROM v1_revisions GROUP BY 1, 2")
    assert [tuple(row.values()) for row in rows] == [
        (1, "first", PAGES),
        (2, "reextract", PAGES),
    ]
    # the site was not asked: when it is asked again, and with which validators, stays
    assert {row["url_id"]: row for row in desk.rows("SELECT * FROM urls")} == before
    desk.crawl("town", "reextract")
    assert {came for came, _ in desk.outcomes("reextract").values()} == {"unchanged"}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_was_stopped_is_gone_on_with(desk: Desk, how: signal.Signals) -> None:
    shorten(desk)
    stopped = desk.start("crawl", "reextract", "-a", "site=town")
    wait_for(lambda: counted(desk) > 0)
    stopped.send_signal(how)
    stopped.communicate(timeout=60)
    done = counted(desk)
    assert 0 < done < PAGES
    desk.crawl("town", "reextract")
    assert counted(desk) == PAGES
    urls = desk.rows(
        "SELECT url FROM v1_outcomes JOIN v1_runs USING (run_id) WHERE kind = 'reextract'"
    )
    assert len({row["url"] for row in urls}) == len(urls) == PAGES


def test_another_rule_is_another_plan_and_ends_what_a_stopped_run_began(desk: Desk) -> None:
    path = desk.sites / "town.toml"
    plain = path.read_text()
    stopped = desk.start("crawl", "reextract", "-a", "site=town")
    wait_for(lambda: counted(desk) > 0)
    stopped.kill()
    stopped.communicate(timeout=60)
    shorten(desk)
    desk.crawl("town", "reextract")
    assert Counter(came for came, _ in desk.outcomes("reextract").values()) == {"revised": PAGES}
    path.write_text(plain)
    desk.crawl("town", "reextract")
    assert Counter(came for came, _ in desk.outcomes("reextract").values()) == {"revised": PAGES}


def test_a_rule_that_is_taken_back_goes_back_to_the_revision_before_it(desk: Desk) -> None:
    path = desk.sites / "town.toml"
    plain, before = path.read_text(), desk.rows("SELECT * FROM v1_revisions")
    shorten(desk)
    desk.crawl("town", "reextract")
    shortened = desk.rows("SELECT * FROM v1_revisions WHERE revision = 2")
    path.write_text(plain)
    desk.crawl("town", "reextract")
    assert Counter(came for came, _ in desk.outcomes("reextract").values()) == {"revised": PAGES}
    assert desk.rows("SELECT DISTINCT revision FROM v1_articles") == [{"revision": 1}]
    assert desk.rows("SELECT * FROM v1_revisions WHERE revision = 1") == before
    assert desk.rows("SELECT * FROM v1_revisions WHERE revision = 2") == shortened


def test_another_url_of_a_stored_page_stays_one(desk: Desk) -> None:
    """Its copy may say what the page once said; that makes it no article of its own."""
    with sqlite3.connect(desk.folder / "winnow.db") as database:
        (twin,) = database.execute("SELECT url_id FROM urls WHERE url LIKE '%/news/7'").fetchone()
        for table in (
            "block_classifications",
            "extractions",
            "revisions",
            "changes",
            "cluster_members",
        ):
            these = "article_id IN (SELECT article_id FROM articles WHERE url_id = ?)"
            database.execute(f"DELETE FROM {table} WHERE {these}", (twin,))
        database.execute("DELETE FROM articles WHERE url_id = ?", (twin,))
        known = "UPDATE urls SET outcome = 'duplicate_url', article = 0 WHERE url_id = ?"
        database.execute(known, (twin,))
    said = desk.type("crawl", "reextract", "-a", "site=town", "-a", "dry_run=1").out
    assert f"{PAGES - 1} captures: {PAGES - 1} the same, 0 new" in said
    desk.crawl("town", "reextract")
    assert "/news/7" not in desk.outcomes("reextract")


def test_pages_that_another_run_holds_are_waited_for(desk: Desk) -> None:
    hold(desk, seconds=3)
    done = desk.crawl("town", "reextract")
    assert f"{PAGES} URLs: {PAGES} unchanged" in done.out


def test_what_a_site_forgot_it_is_taught_again(desk: Desk) -> None:
    taught = desk.rows("SELECT * FROM memory_occurrences WHERE words IS NOT NULL ORDER BY 1, 2, 3")
    desk.type("sites", "forget", "town")
    assert desk.rows("SELECT * FROM memory_occurrences") == []
    desk.crawl("town", "reextract")
    assert (
        desk.rows("SELECT * FROM memory_occurrences WHERE words IS NOT NULL ORDER BY 1, 2, 3")
        == taught
        != []
    )


def test_captures_that_cannot_be_read_are_told_and_the_rest_goes_on(desk: Desk) -> None:
    shorten(desk)
    (path,) = (desk.folder / "archive").rglob("*.warc.gz")
    places = desk.rows("SELECT warc_offset, warc_length FROM captures ORDER BY warc_offset")
    content = bytearray(path.read_bytes())
    third = places[2]["warc_offset"]
    content[third : third + 40] = b"not gzip at all, but forty bytes of text"
    path.write_bytes(content[: places[20]["warc_offset"] + 10])
    done = desk.type("crawl", "reextract", "-a", "site=town")
    unreadable = PAGES - 20 + 1
    assert f"{unreadable} captures failed" in done.out
    assert done.err.count("its archived copy is left out") == unreadable
    counts = Counter(came for came, _ in desk.outcomes("reextract").values())
    assert counts == {"revised": PAGES - unreadable, "database_error": unreadable}
    path.unlink()
    done = desk.type("crawl", "reextract", "-a", "site=town", code=1)
    assert "no capture could be read" in done.err
    assert done.err.count("its archived copy is left out") == 1, "the file is gone for all of them"
    (row,) = desk.rows("SELECT count(*) AS n FROM v1_articles WHERE text <> ''")
    assert row["n"] == PAGES


def test_all_sites_are_read_in_one_command(desk: Desk) -> None:
    desk.write_site("empty", "http://127.0.0.1:9/")
    done = desk.type("crawl", "reextract", "-a", "site=all", "-a", "limit=3")
    lines = done.out.splitlines()
    assert [line.partition(" in ")[0] for line in lines] == [
        "reextract empty: 0 URLs: 0 errors",
        "reextract town: 3 URLs: 3 unchanged, 0 errors",
    ]
    (desk.sites / "broken.toml").write_text("start = 7\n")
    wrong = desk.type("crawl", "reextract", "-a", "site=all", "-a", "dry_run=1", code=2)
    assert "broken.toml" in wrong.err
    assert f"reextract town, dry run: {PAGES} captures: {PAGES} the same" in wrong.out


@pytest.mark.parametrize(
    "word",
    [
        "since=yesterday",
        "since=0001-01-01T00:00:00+14:00",
        "match=",
        "until=2026-13-01",
        "match=(",
        "limit=0",
        "dry_run=yes",
        "sinse=2026-01-01",
    ],
)
def test_what_is_typed_wrong_is_said_before_anything_starts(desk: Desk, word: str) -> None:
    url = f"sqlite:///{desk.folder}/winnow.db"
    typed = ("crawl", "reextract", "-a", "site=town", "-a", word)
    said = scrapy(url, *typed, WINNOW_SITES_DIR=str(desk.sites))
    assert said.code == 2
    assert len(said.err.splitlines()) == 1 and word.partition("=")[0] in said.err


def hold(desk: Desk, seconds: float) -> None:
    """Has another run hold two pages for so long."""
    until = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(desk.folder / "winnow.db") as database:
        held = "UPDATE urls SET owner = 'elsewhere', leased_until = ? WHERE url_id IN (3, 4)"
        database.execute(held, (until,))


def counted(desk: Desk) -> int:
    """Outcomes of all re-extractions."""
    sql = "SELECT count(*) AS n FROM outcomes JOIN runs USING (run_id) WHERE kind = 'reextract'"
    (row,) = desk.rows(sql)
    return int(row["n"])


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until something happened; fails where it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
