"""A dry run of archived pages: what would change, for people and programs; nothing is written."""

import json
import sqlite3

import pytest

from models.db.database import Database
from tests.factories import known_site, known_url
from tests.support.archived_pages import archive_page
from tests.support.desk import Desk
from tests.support.object_storage import S3Server

PAGES = 4
DRY = ("crawl", "reextract", "-a", "site=example", "-a", "dry_run=1")


@pytest.fixture
def pages(desk: Desk, sqlite: Database) -> list[str]:
    """URLs of articles, and a rule that takes a paragraph off each."""
    desk.sites.mkdir(exist_ok=True)
    (desk.sites / "example.toml").write_text(
        'start = "https://example.test/"\n[extraction]\nremove = [".lead"]\n'
    )
    folder = desk.folder / "archive"
    return [archive_page(sqlite, folder, number=n).url for n in range(1, PAGES + 1)]


def dump(desk: Desk) -> list[str]:
    with sqlite3.connect(desk.folder / "winnow.db") as database:
        return list(database.iterdump())


def test_programs_get_json_lines_and_nothing_is_written(desk: Desk, pages: list[str]) -> None:
    before = dump(desk)
    *progress, result = map(json.loads, desk.type(*DRY, "--json").out.splitlines())
    assert dump(desk) == before
    assert result["done"] and result["read"] == result["kinds"]["shrunk"] == PAGES
    assert {one["url"] for one in result["largest"]} == set(pages)
    assert all(one["url_id"] and one["words"] > 0 for one in result["largest"])
    assert progress and all("done" not in line for line in progress)


def test_people_get_a_summary(desk: Desk, pages: list[str]) -> None:
    said = desk.type(*DRY).out.splitlines()
    assert said[0].startswith(f"reextract example, dry run: {len(pages)} captures: 0 the same")


def test_a_limit_counts_pages_with_a_copy(desk: Desk, sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        known_url(conn, known_site(conn), "https://example.test/waiting")
    (desk.sites).mkdir(exist_ok=True)
    (desk.sites / "example.toml").write_text('start = "https://example.test/"\n')
    for number in (1, 2, 3):
        archive_page(sqlite, desk.folder / "archive", number=number)
    said = desk.type(*DRY, "-a", "limit=2", "--json").out
    assert json.loads(said.splitlines()[-1])["read"] == 2


def test_a_rule_that_leaves_nothing_is_named(desk: Desk, pages: list[str]) -> None:
    toml = desk.sites / "example.toml"
    toml.write_text(toml.read_text().replace(".lead", "article"))
    result = json.loads(desk.type(*DRY, "--json").out.splitlines()[-1])
    assert result["kinds"]["emptied"] == len(pages)
    assert "[extraction] of its file removes 6 texts" in result["largest"][0]["refused"]


def test_a_file_may_name_the_pages(desk: Desk, sqlite: Database, pages: list[str]) -> None:
    other = archive_page(sqlite, desk.folder / "archive", site="other").url
    listed = desk.folder / "urls.txt"
    listed.write_text(f"{pages[0]}\n{pages[1]}\n{pages[1]}#again\n{other}\nrubbish\n")
    said = desk.type(*DRY, "-a", f"urls={listed}", "--json")
    assert f"{listed}:4: {other}: no known page" in said.err
    assert f"{listed}:5: " in said.err
    result = json.loads(said.out.splitlines()[-1])
    assert {one["url"] for one in result["largest"]} == set(pages[:2])
    both = desk.type(*DRY, "-a", f"urls={listed}", "-a", "match=x", code=2)
    assert "-a urls names the pages itself" in both.err


def test_copies_that_cannot_be_read_are_named_and_fail_it(desk: Desk, pages: list[str]) -> None:
    sorted((desk.folder / "archive").rglob("*.warc.gz"))[0].unlink()
    said = desk.type(*DRY, "--json", code=1)
    result = json.loads(said.out.splitlines()[-1])
    assert result["read"] + len(result["unreadable"]) == PAGES
    assert result["unreadable"] and all("No such file" in one for one in result["unreadable"])


@pytest.mark.parametrize("fault", ["403", "503"])
def test_a_store_that_is_away_ends_it_in_one_line(
    desk: Desk, sqlite: Database, pages: list[str], s3: S3Server, fault: str
) -> None:
    store = f"s3://{s3.bucket()}/news"
    folder = str(desk.folder / "archive")
    desk.environment |= {**s3.environment, "WINNOW_ARCHIVE_SPOOL": folder}
    desk.environment["WINNOW_ARCHIVE_DIR"] = store
    desk.type("archive", "move")
    with s3.failing("warc.gz", fault):
        said = desk.type(*DRY, "--json", code=1)
    assert [json.loads(line) for line in said.out.splitlines() if "done" in line] == []
    [line] = [one for one in said.err.splitlines() if "nothing was written" in one]
    assert store in line and "Error processing" not in said.err
