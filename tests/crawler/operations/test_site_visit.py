"""One visit among many: its run is begun with others, ended in any case, and told in one line."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings
from sqlalchemy import Connection

from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_USAGE
from crawler.operations.site_visit import SharedMeans, SiteVisit, named
from models.clock import utc_now
from models.db.database import Database
from models.errors import DatabaseAway, SiteBusy
from models.scheduling import run_lifecycle
from tests.factories import make_site


def test_a_line_names_its_site_once() -> None:
    assert named("town", "no source could be read") == "town: no source could be read"
    assert named("town", "town is red: x") == "town is red: x"
    assert named("town", "visit town: 3 URLs") == "visit town: 3 URLs"
    assert named("town", "townhall is red") == "town: townhall is red"


@pytest.fixture
def means(sqlite_url: str, tmp_path: Path) -> Any:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict({
        "WINNOW_DATABASE_URL": sqlite_url,
        "WINNOW_SITES_DIR": str(tmp_path),
        "WINNOW_ARCHIVE_DIR": str(tmp_path / "archive"),
        "WINNOW_WORKERS": 0,
    })  # fmt: skip
    made = SharedMeans(settings)
    yield made
    made.close()


def scalar(means: SharedMeans, query: str) -> Any:
    return means.writer.read_now(lambda conn: conn.exec_driver_sql(query).scalar())


def test_runs_are_begun_together_and_a_site_that_is_held_fails_no_other(
    means: SharedMeans,
) -> None:
    held = make_site("held")
    means.writer.write_now(
        lambda conn: run_lifecycle.begin(conn, held, "visit", "elsewhere:1:ab", utc_now())
    )

    async def work() -> list[Any]:
        sites = [make_site(name) for name in ("one", "held", "two")]
        begun = (means.begin(site, None) for site in sites)
        return await asyncio.gather(*begun, return_exceptions=True)

    one, busy, two = asyncio.run(work())
    assert isinstance(busy, SiteBusy)
    assert one.owner != two.owner
    assert scalar(means, "select count(*) from leases") == 3


def test_a_run_that_nobody_waits_for_any_more_is_not_left_open(
    means: SharedMeans, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database comes back after the visit was given up."""
    monkeypatch.setattr(Database, "patience", 0.05)
    import threading

    go_on = threading.Event()

    def hold(_conn: Connection) -> None:
        go_on.wait(60)

    async def work() -> None:
        held = means.writer.ask(hold)
        with pytest.raises(DatabaseAway, match="cannot be reached"):
            await means.begin(make_site("late"), None)
        go_on.set()
        await asyncio.wrap_future(held)

    asyncio.run(work())
    means.writer.write_now(lambda conn: None)
    assert scalar(means, "select count(*) from runs where status = 'running'") == 0
    assert scalar(means, "select count(*) from leases") == 0


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (None, EXIT_USAGE, "town: no site 'town' in"),
        ("start = 1\n", EXIT_USAGE, "town: "),
    ],
)
def test_a_file_that_is_wrong_or_gone_is_told_and_begins_no_run(
    means: SharedMeans, tmp_path: Path, text: str | None, code: int, line: str
) -> None:
    if text is not None:
        (tmp_path / "town.toml").write_text(text)
    found = visit(means)
    assert (found["site"], found["code"]) == ("town", code)
    assert found["line"].startswith(line)
    assert scalar(means, "select count(*) from runs") == 0


def test_a_held_site_is_busy(means: SharedMeans, tmp_path: Path) -> None:
    (tmp_path / "town.toml").write_text('start = "https://town.test/"\n')
    means.writer.write_now(
        lambda conn: run_lifecycle.begin(
            conn, make_site("town"), "visit", "elsewhere:1:ab", utc_now()
        )
    )
    found = visit(means)
    assert found["code"] == EXIT_BUSY
    assert found["line"].startswith("town is held by elsewhere:1:ab")


def test_a_run_whose_crawl_cannot_begin_is_closed(means: SharedMeans, tmp_path: Path) -> None:
    (tmp_path / "town.toml").write_text('start = "https://town.test/"\n')

    class Broken(AsyncCrawlerRunner):
        def __init__(self) -> None:
            super().__init__(means.settings)

        def crawl(self, *_args: object, **_words: object) -> Any:
            async def fails() -> None:
                raise RuntimeError("no such component")

            return asyncio.ensure_future(fails())

    found = visit(means, Broken())
    assert (found["code"], found["line"]) == (EXIT_FAILED, "town: RuntimeError: no such component")
    assert scalar(means, "select status from runs") == "aborted"
    assert scalar(means, "select count(*) from leases") == 0


def visit(means: SharedMeans, runner: Any = None) -> Any:
    async def work() -> Any:
        return await SiteVisit(runner, means, "town", now=True, due_at=None, seconds=None).run()

    return asyncio.run(work())
