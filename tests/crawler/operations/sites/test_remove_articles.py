"""`scrapy sites remove NAME --articles`: nothing of the site is left, the others stay."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.operations.command import EXIT_BUSY, EXIT_OK, EXIT_USAGE
from tests.databases import KINDS, AtHead
from tests.support import traces
from tests.support.desk import Desk
from tests.support.erased_page import MARK, crawled, records
from tests.support.site_server import SiteServer
from tests.support.town import Town, found

OTHERS = ("echo", "mirror")  # tell the first stories of the town again
PAGES = 3


@pytest.fixture(params=KINDS)
def town(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[Town]:
    """A desk on each database, and a site."""
    with at_head.database(request.param, tmp_path) as url, SiteServer() as site:
        yield Town(Desk(tmp_path, url), site)


def files(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.sites.iterdir())


def test_nothing_of_the_site_is_left_and_others_stay(town: Town) -> None:
    desk, site = town.desk, town.site
    crawled(desk, site)
    with SiteServer("127.0.0.2") as echo, SiteServer("127.0.0.2") as mirror:
        for name, server in zip(OTHERS, (echo, mirror), strict=True):
            found(desk, server, PAGES, name)
    numbers = {n for (n,) in desk.tuples("select article_id from v1_articles where site = 'town'")}
    clusters = "select cluster_id from clusters"
    assert len(desk.tuples(clusters)) == PAGES
    originals = "select count(*) from v1_articles where site = 'town' and duplicate_of is null"
    assert desk.tuples(originals) == [(len(numbers),)], "its addresses come first"
    texts = (
        "select url, title, text from v1_articles where site <> 'town' order by url",
        "select url, warc_file, warc_offset from v1_captures where site <> 'town' order by url",
        "select url, outcome from v1_outcomes where site <> 'town' order by url",
    )
    before = [desk.tuples(query) for query in texts]
    [(last,)] = desk.tuples("select max(change_id) from v1_changes")

    done = desk.type("sites", "remove", "town", "--articles", "--yes")

    assert f"town is removed: {len(numbers)} articles" in done.out and "3 runs" in done.out
    assert "3 WARC files" in done.out and "town.toml.removed" in done.out
    assert traces.in_database(desk.url, MARK) == traces.in_database(desk.url, site.url) == []
    assert traces.in_files(desk.folder / "archive", site.url) == []
    assert not (desk.folder / "archive" / "town").exists()
    assert desk.tuples("select name from sites order by name") == [(name,) for name in OTHERS]
    assert [desk.tuples(query) for query in texts] == before
    assert len(records(desk.folder / "archive")) > PAGES
    told = desk.tuples(
        f"select article_id, kind from v1_changes where change_id > {last} order by change_id"
    )
    erased = [number for number, kind in told if kind == "erased"]
    assert sorted(erased) == sorted(numbers)
    assert {kind for _, kind in told} == {"erased", "clustered"}
    left = desk.tuples("select article_id, cluster_id, duplicate_of from v1_articles")
    there = {number for number, _, _ in left}
    assert len({cluster for _, cluster, _ in left}) == PAGES
    assert sorted(of in there for _, _, of in left if of is not None) == [True] * PAGES
    assert {number for number, kind in told if kind == "clustered"} == there
    assert desk.type("db", "check").code == EXIT_OK

    again = desk.type("sites", "remove", "town", "--articles", "--yes")
    assert "town was removed before" in again.out


def test_a_site_that_is_added_again_is_crawled_anew(town: Town) -> None:
    desk, site = town.desk, town.site
    url = crawled(desk, site)
    desk.type("erase", url, "--why", "a letter")
    [(last,)] = desk.tuples("select max(article_id) from v1_changes")
    count = "select count(*), min(article_id) from v1_articles"
    [(articles, _)] = desk.tuples(count)
    desk.type("sites", "remove", "town", "--articles", "--yes")
    (desk.sites / "town.toml.removed").rename(desk.sites / "town.toml")
    desk.crawl("town")
    [(now, first)] = desk.tuples(count)
    assert now == articles
    assert first > last, "no number is given out twice"
    assert desk.outcomes()["/news/77"][0] == "erased", "what was erased stays away"


def test_a_site_that_a_run_holds_is_left_alone(desk: Desk) -> None:
    with SiteServer() as site:
        found(desk, site, 2)
    desk.execute(
        "INSERT INTO leases (site_id, kind, owner, leased_until)"
        " SELECT site_id, 'fetch', 'elsewhere:1:ab',"
        " strftime('%Y-%m-%d %H:%M:%f', 'now', '+5 minutes') FROM sites"
    )
    refused = desk.type("sites", "remove", "town", "--articles", "--yes", code=EXIT_BUSY)
    assert "town is held by elsewhere" in refused.err
    assert files(desk) == ["town.toml"]
    assert desk.tuples("select count(*) from v1_articles") == [(2,)]


def test_without_a_terminal_it_asks_for_yes_in_one_line(desk: Desk) -> None:
    with SiteServer() as site:
        found(desk, site, 2)
    refused = desk.type("sites", "remove", "town", "--articles", code=EXIT_USAGE)
    assert "removes 2 articles of town for good" in refused.err and "add --yes" in refused.err
    assert (refused.err.count("\n"), refused.out) == (1, "")
    assert files(desk) == ["town.toml"]
    assert desk.tuples("select count(*) from v1_articles") == [(2,)]


@pytest.mark.parametrize(("typed", "left"), [("twon\n", 2), ("\x04", 2), ("town\n", 0)])
def test_at_a_terminal_the_name_is_to_be_typed(desk: Desk, typed: str, left: int) -> None:
    with SiteServer() as site:
        found(desk, site, 2)
    code, said = at_terminal(desk, typed, "sites", "remove", "town", "--articles")
    assert "This removes 2 articles of town for good" in said
    assert code == (EXIT_USAGE if left else EXIT_OK)
    assert ("nothing was removed" in said) == bool(left)
    assert desk.tuples("select count(*) from v1_articles") == [(left,)]


def at_terminal(desk: Desk, typed: str, *words: str) -> tuple[int, str]:
    """Exit code, and what stands on the terminal at which the words are typed and answered."""
    ours, theirs = pty.openpty()
    try:
        os.write(ours, typed.encode())
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *words], env=desk.environment, cwd=desk.folder,
            stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        code = process.wait(timeout=120)
        return code, os.read(ours, 1 << 16).decode()
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_site_whose_file_went_before_can_lose_its_articles_too(desk: Desk) -> None:
    with SiteServer() as site:
        found(desk, site, 2)
    desk.type("sites", "remove", "town")
    done = desk.type("sites", "remove", "town", "--articles", "--yes", "--json")
    assert '"articles": 2' in done.out and '"file": null' in done.out
    assert desk.tuples("select count(*) from sites") == [(0,)]
    assert files(desk) == ["town.toml.removed"]


def test_a_site_that_was_never_crawled_loses_its_file_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write_site("paper", "https://example.test/")
    done = desk.here("sites", "remove", "paper", "--articles")
    assert done.code == EXIT_OK and "paper is removed" in done.out
    assert files(desk) == ["paper.toml.removed"]
    assert not (tmp_path / "winnow.db").exists()


def test_files_that_this_database_does_not_know_stay_and_are_named(desk: Desk) -> None:
    with SiteServer() as site:
        found(desk, site, 2)
    [known] = (desk.folder / "archive").rglob("*.warc.gz")
    stray = known.with_name("run-000009-00001.warc.gz")
    stray.write_bytes(known.read_bytes())
    partial = known.with_name(known.name + ".erasing")
    partial.write_bytes(b"cut")
    done = desk.type("sites", "remove", "town", "--articles", "--yes")
    assert "1 WARC file" in done.out and stray.name in done.out
    assert list((desk.folder / "archive" / "town").rglob("*.*")) == [stray]


def test_another_archive_is_refused_before_anything_goes(desk: Desk) -> None:
    with SiteServer() as site:
        found(desk, site, 2)
    elsewhere = f"WINNOW_ARCHIVE_DIR={desk.folder}/none"
    words = ("sites", "remove", "town", "--articles", "--yes", "-s", elsewhere)
    assert "is WINNOW_ARCHIVE_DIR right?" in desk.type(*words, code=EXIT_USAGE).err
    assert desk.tuples("select count(*) from v1_articles") == [(2,)]
    assert files(desk) == ["town.toml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--articles",), "which site?"),
        (("papr", "--articles", "--yes"), "did you mean 'paper'?"),
        (("../paper", "--articles", "--yes"), "no site '../paper'"),
        (("paper", "--yes"), "--yes goes with --articles"),
    ],
)
def test_bad_words_are_one_line(desk: Desk, words: tuple[str, ...], said: str) -> None:
    desk.write_site("paper", "https://example.test/")
    done = desk.here("sites", "remove", *words)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert said in done.err and done.err.count("\n") == 1
    assert files(desk) == ["paper.toml"]
