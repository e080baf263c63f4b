"""scrapy sites rename, as typed: file and row go together, also after a kill between the two."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from crawler.operations.command import EXIT_BUSY, EXIT_OK, EXIT_USAGE
from models.clock import utc_now
from models.db.database import Database
from models.fleet import handouts
from models.scheduling.run_lifecycle import begin
from models.sites import registry
from models.sites.config import load_site
from models.sites.toml_template import site_toml, write_site_toml
from tests.support.desk import Desk
from tests.support.site_server import SiteServer, article, feed

WORDS = ["The ferry line was opened again this morning after a long winter of repairs."] * 3
OTHER_OWNER = "elsewhere:1:x"  # of another machine, so nobody knows that it is dead


@pytest.fixture
def any_desk(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    """On SQLite, PostgreSQL and MariaDB in turn, with a site `old` that the database knows."""
    desk = Desk(tmp_path, database_url)
    know(desk, "old")
    yield desk


def know(desk: Desk, name: str, start: str = "https://old.example/") -> None:
    desk.write_site(name, start)
    database = Database.open(desk.url)
    with database.transaction() as conn:
        registry.ensure_site(conn, load_site(desk.sites, name), utc_now())
    database.close()


def files(desk: Desk) -> list[str]:
    return sorted(path.name for path in desk.sites.iterdir())


def rows(desk: Desk) -> list[str]:
    return [name for (name,) in desk.tuples("select name from sites order by name")]


def test_file_and_row_go_together(any_desk: Desk) -> None:
    before = (any_desk.sites / "old.toml").read_bytes()
    number = any_desk.tuples("select site_id from sites")
    done = any_desk.here("sites", "rename", "old", "new")
    assert (done.code, done.err) == (EXIT_OK, "")
    assert files(any_desk) == ["new.toml"] and rows(any_desk) == ["new"]
    assert (any_desk.sites / "new.toml").read_bytes() == before
    assert any_desk.tuples("select site_id from sites") == number
    assert any_desk.tuples("select count(*) from leases") == [(0,)]


def test_neither_name_stays_handed_out(any_desk: Desk) -> None:
    database, now = Database.open(any_desk.url), utc_now()
    with database.transaction() as conn:
        handouts.hand_out(conn, "batch", "", ["old", "new", "other"], now)
    assert any_desk.here("sites", "rename", "old", "new").code == EXIT_OK
    with database.reading() as conn:
        assert handouts.outstanding(conn, now) == {"other"}
    database.close()


@pytest.mark.parametrize("step", ["before the row", "after the row"])
def test_the_same_command_goes_on_after_a_kill(any_desk: Desk, step: str) -> None:
    (any_desk.sites / "old.toml").rename(any_desk.sites / "old.toml.to-new")
    if step == "after the row":
        any_desk.execute("update sites set name = 'new'")
    assert any_desk.here("sites", "list").out.startswith("no sites in")  # so nothing visits it
    assert any_desk.here("sites", "rename", "old", "new").code == EXIT_OK
    assert files(any_desk) == ["new.toml"] and rows(any_desk) == ["new"]


def test_a_fault_of_the_database_is_gone_on_from(any_desk: Desk) -> None:
    with (
        patch("models.sites.registry.rename", side_effect=RuntimeError("killed")),
        pytest.raises(RuntimeError),
    ):
        any_desk.here("sites", "rename", "old", "new")
    assert files(any_desk) == ["old.toml.to-new"] and rows(any_desk) == ["old"]
    assert any_desk.tuples("select count(*) from leases") == [(0,)]
    assert any_desk.here("sites", "rename", "old", "new").code == EXIT_OK
    assert files(any_desk) == ["new.toml"] and rows(any_desk) == ["new"]


@pytest.mark.parametrize("kind", ["visit", "reextract"])
def test_a_site_that_a_run_holds_keeps_its_name(any_desk: Desk, kind: str) -> None:
    database = Database.open(any_desk.url)
    with database.transaction() as conn:
        begin(conn, load_site(any_desk.sites, "old"), kind, OTHER_OWNER, utc_now())
    database.close()
    done = any_desk.here("sites", "rename", "old", "new")
    assert done.code == EXIT_BUSY and "old is held by elsewhere:1:x (run " in done.err
    assert files(any_desk) == ["old.toml"] and rows(any_desk) == ["old"]
    assert any_desk.tuples("select count(*) from leases") == [(1,)]


def test_a_name_that_is_taken_is_refused_and_nothing_is_half_done(any_desk: Desk) -> None:
    any_desk.write_site("file", "https://other.example/")
    know(any_desk, "row", "https://other.example/")
    (any_desk.sites / "row.toml").unlink()
    for name, said in (
        ("file", "there are old.toml and file.toml"),
        ("row", "a site 'row' already"),
    ):
        done = any_desk.here("sites", "rename", "old", name)
        assert done.code == EXIT_USAGE and said in done.err and done.err.count("\n") == 1
    assert files(any_desk) == ["file.toml", "old.toml"] and rows(any_desk) == ["old", "row"]


def test_a_file_that_was_renamed_by_hand_is_followed_by_its_row(any_desk: Desk) -> None:
    (any_desk.sites / "old.toml").rename(any_desk.sites / "new.toml")
    assert any_desk.here("sites", "rename", "old", "new").code == EXIT_OK
    assert rows(any_desk) == ["new"]
    again = any_desk.here("sites", "rename", "old", "new")
    assert again.code == EXIT_USAGE and "'new' is there" in again.err


def test_a_file_of_another_site_is_none_that_was_renamed(any_desk: Desk) -> None:
    (any_desk.sites / "old.toml").unlink()
    any_desk.write_site("new", "https://other.example/")
    done = any_desk.here("sites", "rename", "old", "new")
    assert done.code == EXIT_USAGE and "no site 'old' in" in done.err
    assert rows(any_desk) == ["old"]


def test_twins_are_told_apart_by_a_person(any_desk: Desk) -> None:
    (any_desk.sites / "old.toml").unlink()
    know(any_desk, "new")
    done = any_desk.here("sites", "rename", "old", "new")
    assert done.code == EXIT_USAGE and "the database has articles of a site 'new'" in done.err
    assert rows(any_desk) == ["new", "old"]


def test_the_comments_of_sites_add_name_the_site_as_it_is_called(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    start = "https://old.example/"
    write_site_toml(desk.sites, "old", site_toml("old", start))
    written = (desk.sites / "old.toml").read_text()
    desk.here("sites", "rename", "old", "new")
    lines = (desk.sites / "new.toml").read_text()
    write_site_toml(desk.sites, "other", site_toml("other", start))
    assert lines == (desk.sites / "other.toml").read_text().replace("other\n", "new\n").replace(
        "# other: ", "# new: "
    )
    assert lines != written and lines.count("old") == written.count("old") - 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "which site, and which name?"),
        (("old",), "which site, and which name?"),
        (("olf", "new"), "did you mean 'old'?"),
        (("old", "New"), "'New' is no site name"),
        (("old", "../x"), "'../x' is no site name"),
        (("../old", "new"), "no site '../old'"),
        (("old", "old"), "'old' is its name already"),
    ],
)
def test_bad_words_are_one_line(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    desk = Desk(tmp_path)
    desk.write_site("old", "https://old.example/")
    done = desk.here("sites", "rename", *words)
    assert (done.code, done.out) == (EXIT_USAGE, "")
    assert said in done.err and done.err.count("\n") == 1
    assert files(desk) == ["old.toml"]


def test_without_a_database_the_file_is_renamed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write_site("old", "https://old.example/")
    assert desk.here("sites", "rename", "old", "new").code == EXIT_OK
    assert files(desk) == ["new.toml"]
    done = desk.here("sites", "rename", "old", "new")
    assert done.code == EXIT_USAGE and "no site 'old'" in done.err
    assert not (tmp_path / "winnow.db").exists()


def test_articles_captures_and_runs_are_those_of_the_new_name(desk: Desk) -> None:
    with SiteServer() as site:
        url = site.page("/2026/05/24/story", article("A story", WORDS))
        site.page("/rss", feed([(url, "A story")]))
        desk.write_site("old", f"{site.url}/", f'[sources]\nfeeds = ["{site.url}/rss"]\n')
        desk.crawl("old")
        desk.here("sites", "rename", "old", "new")
        assert desk.tuples("select site from v1_articles") == [("new",)]
        assert desk.tuples("select site from v1_runs") == [("new",)]
        assert (
            "1 unchanged" in desk.crawl("new", "reextract").out
        )  # its captures stay where they are
        later = site.page("/2026/05/25/other", article("Another story", WORDS[:2] * 2))
        site.page("/rss", feed([(url, "A story"), (later, "Another story")]))
        desk.crawl("new")
        assert sorted(path.name for path in (desk.folder / "archive").iterdir()) == ["new", "old"]
        assert len(desk.tuples("select * from v1_articles where site = 'new'")) == 2
