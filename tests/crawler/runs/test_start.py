"""How a spider comes to its run, or why it does not."""

import socket
from pathlib import Path
from typing import Any

import pytest
from scrapy.utils.test import get_crawler
from sqlalchemy import text

from crawler.runs.start import open_run
from models.db.database import Database
from models.db.writer import Writer
from models.errors import DatabaseAway, DatabaseNotReady, SiteBusy, SiteConfigError, UnknownSite


def crawler(folder: Path, url: str) -> Any:
    sites = folder / "sites"
    sites.mkdir(exist_ok=True)
    (sites / "example.toml").write_text('start = "https://example.test/"\n')
    return get_crawler(
        settings_dict={
            "WINNOW_DATABASE_URL": url,
            "WINNOW_SITES_DIR": str(sites),
            "WINNOW_ARCHIVE_DIR": str(folder / "archive"),
        }
    )


def test_a_run_has_its_row_and_the_site(tmp_path: Path, sqlite: Database, sqlite_url: str) -> None:
    made = crawler(tmp_path, sqlite_url)
    run = open_run(made, "example", "discover")
    assert (run.kind, run.site.start) == ("discover", "https://example.test/")
    with sqlite.reading() as conn:
        assert conn.execute(text("select status from runs")).scalars().all() == ["running"]
    with pytest.raises(SiteBusy):
        open_run(crawler(tmp_path, sqlite_url), "example", "visit")
    Writer.shared(made, made.settings).close()


def test_a_site_that_is_none_or_wrong_is_told(tmp_path: Path, sqlite_url: str) -> None:
    made = crawler(tmp_path, sqlite_url)
    with pytest.raises(UnknownSite, match="did you mean 'example'"):
        open_run(made, "exampel", "discover")
    (tmp_path / "sites" / "wrong.toml").write_text('start = "x"\n')
    with pytest.raises(SiteConfigError):
        open_run(made, "wrong", "discover")


def test_a_database_that_is_not_ready_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseNotReady, match="type: scrapy db upgrade"):
        open_run(crawler(tmp_path, f"sqlite:///{tmp_path}/new.db"), "example", "discover")
    (tmp_path / "text.db").write_text("not a database " * 100)
    with pytest.raises(DatabaseAway, match="cannot be opened or written: file is not a database"):
        open_run(crawler(tmp_path, f"sqlite:///{tmp_path}/text.db"), "example", "discover")


def test_a_server_that_stays_away_is_told_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Database, "patience", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # nobody listens there once it is closed
    url = f"postgresql+psycopg://winnow:secret@127.0.0.1:{port}/winnow"
    with pytest.raises(
        DatabaseAway, match=r"winnow:\*\*\*@127.0.0.1.* cannot be reached: "
    ) as told:
        open_run(crawler(tmp_path, url), "example", "discover")
    assert len(str(told.value).splitlines()) == 1
