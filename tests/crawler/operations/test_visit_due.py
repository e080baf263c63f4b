"""One round of visits: the due sites, but for those held by others; killed visits back off."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_OK, EXIT_RED
from crawler.operations.visit_due import DueVisits
from crawler.operations.visiting_processes import VisitingProcesses
from crawler.operations.visits import VisitResult, worst
from models.crawl import runs
from models.db.database import Database
from models.errors import DatabaseAway, UsageError
from models.scheduling import run_lifecycle
from models.sites import registry
from tests.databases import AtHead
from tests.factories import NOW, known_site, known_url, make_article, make_site, store_article
from tests.support.tcp_proxy import TcpProxy

SITES = [make_site(name) for name in ("one", "two", "three")]
KILLED = -9
BOUNDS = {
    "WINNOW_VISIT_SHORTEST": "5m",
    "WINNOW_VISIT_LONGEST": "1d",
    "WINNOW_ARCHIVE_DIR": "no_such_archive",
    "WINNOW_SITES_DIR": "no_such_sites",
}


@dataclass(slots=True)
class Fake(VisitingProcesses):
    """Visits that end with a code by the site's name, and no process."""

    codes: dict[str, int] = field(default_factory=dict)
    visited: list[str] = field(default_factory=list)
    stop_after: int = 99
    during: Callable[[str], Awaitable[None]] | None = None

    async def __call__(
        self, site: str, left: float | None, *, now: bool = False, due_at: datetime | None = None
    ) -> VisitResult:
        self.visited.append(site)
        self.stopping = len(self.visited) >= self.stop_after
        if self.during is not None:
            await self.during(site)
        return VisitResult(site, self.codes.get(site, EXIT_OK), f"{site} is done")


class Round:
    """A round of visits of three sites, of which `three` is not due."""

    def __init__(self, database: Database) -> None:
        self.database, self.fake = database, Fake((), {}, {})
        self.reported: list[VisitResult] = []
        self.asked_for: list[int] = []
        self.coming: asyncio.Future[None] | None = None
        now = datetime.now(UTC)
        with database.transaction() as conn:
            for site, hours in zip(SITES, (-2, -1, 1), strict=True):
                site_id = known_site(conn, site.name)
                registry.schedule(conn, site_id, now + timedelta(hours=hours), failed=False)

    def run(self, *, now: bool = False, jobs: int = 2, **settings: str) -> list[VisitResult]:
        def processes(jobs: int) -> Fake:
            self.asked_for.append(jobs)
            return self.fake

        visits = DueVisits(Settings({**BOUNDS, **settings}), processes, self.reported.append, now)
        return visits.run(self.database, SITES, jobs=jobs, seconds=None)

    def due_at(self, name: str) -> Any:
        with self.database.reading() as conn:
            return registry.known_sites(conn, name)[0].next_due_at


@pytest.fixture
def visits(sqlite: Database) -> Round:
    return Round(sqlite)


def names(results: Sequence[VisitResult]) -> set[str]:
    return {result.site for result in results}


def test_the_due_sites_are_visited_and_reported(visits: Round) -> None:
    results = visits.run()
    assert names(results) == names(visits.reported) == {"one", "two"}
    assert visits.fake.visited[0] == "one", "the longest overdue"
    assert visits.asked_for == [2]


def test_all_are_visited_if_somebody_asks(visits: Round) -> None:
    assert names(visits.run(now=True)) == {"one", "two", "three"}


def test_a_site_that_another_run_holds_costs_no_process(visits: Round) -> None:
    now = datetime.now(UTC)
    visits.database.patiently(
        lambda conn: run_lifecycle.begin(conn, SITES[0], "visit", "elsewhere:1:ab", now)
    )
    results = {result.site: result for result in visits.run(now=True)}
    assert results["one"].code == EXIT_BUSY
    assert "one is held by elsewhere:1:ab" in results["one"].line
    assert "one" not in visits.fake.visited


def test_a_visit_that_was_killed_is_put_off_and_one_that_failed_put_itself_off(
    visits: Round,
) -> None:
    visits.fake.codes = {"one": KILLED, "two": EXIT_FAILED}
    before, start = visits.due_at("two"), datetime.now(UTC)
    visits.run()
    assert visits.due_at("two") == before
    assert visits.due_at("one") > start + timedelta(minutes=5)
    with visits.database.reading() as conn:
        assert registry.known_sites(conn, "one")[0].failures == 1


def test_a_site_whose_visits_are_killed_in_a_row_is_told_as_red(visits: Round) -> None:
    """None of them could check it: their parent does."""
    visits.fake.codes = {"one": KILLED}
    dead = f"{socket.gethostname()}:{_ended_process()}:ab"
    with visits.database.transaction() as conn:
        site_id = known_site(conn, "one")
        store_article(conn, site_id, make_article(url_id=known_url(conn, site_id)))
        for _ in range(3):
            runs.open_run(conn, "visit", site_id, dead, NOW)
    results = visits.run()
    assert [r.code for r in results if r.site == "one"] == [KILLED, EXIT_RED]
    assert visits.reported[-1] == results[-1]
    assert results[-1].line.startswith("one is red: the last 3 runs failed, last: killed: ")
    assert worst([result.code for result in results]) == EXIT_RED


def _ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_nothing_begins_after_the_visits_were_stopped(visits: Round) -> None:
    visits.fake.stop_after = 1
    assert names(visits.run(now=True)) == {"one"}


def test_wrong_bounds_are_misuse_before_any_visit(visits: Round) -> None:
    with pytest.raises(UsageError, match="WINNOW_VISIT_SHORTEST is longer than"):
        visits.run(WINNOW_VISIT_SHORTEST="2d")
    assert visits.fake.visited == []


@pytest.fixture(params=["postgresql", "mariadb"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[TcpProxy]:
    """A server that can be cut off."""
    with at_head.database(request.param, tmp_path) as url, TcpProxy(url) as proxy:
        yield proxy


@pytest.fixture
def behind(proxy: TcpProxy, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:
    """A round whose database is behind the proxy, and is not waited for for long."""
    monkeypatch.setattr(Database, "patience", 0.3)
    database = Database.open(proxy.url)
    yield Round(database)
    database.close()


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not happened():
            await asyncio.sleep(0.01)


def test_a_database_that_comes_back_costs_no_visit(proxy: TcpProxy) -> None:
    database = Database.open(proxy.url)
    visits = Round(database)

    async def back() -> None:
        await until(lambda: proxy.refused >= 3)
        proxy.admit()

    async def during(site: str) -> None:
        if site == "one":
            proxy.refuse()
            visits.coming = asyncio.ensure_future(back())

    visits.fake.during = during
    visits.fake.codes = {"two": KILLED}
    results = visits.run(now=True, jobs=1)
    assert {result.site: result.code for result in results} == {
        "one": EXIT_OK, "two": KILLED, "three": EXIT_OK,
    }  # fmt: skip
    with database.reading() as conn:
        assert registry.known_sites(conn, "two")[0].failures == 1
    database.close()


def test_a_database_that_stays_away_ends_no_visit_and_begins_none(
    proxy: TcpProxy, behind: Round
) -> None:
    async def during(site: str) -> None:
        if site == "one":
            await until(lambda: "two" in behind.fake.visited)
            proxy.refuse()
            await until(lambda: "three" in names(behind.reported))
        elif site == "two":
            await until(lambda: proxy.refusing)

    behind.fake.during = during
    results = {result.site: result for result in behind.run(now=True)}
    assert {name: result.code for name, result in results.items()} == {
        "one": EXIT_OK, "two": EXIT_OK, "three": EXIT_FAILED,
    }  # fmt: skip
    assert "cannot be reached: " in results["three"].line
    assert results["three"].line.endswith("; no visit begins, three is visited next time")
    assert set(behind.fake.visited) == {"one", "two"}
    with pytest.raises(DatabaseAway):
        behind.run()


def test_a_visit_that_was_killed_while_the_database_is_away_keeps_the_others_codes(
    proxy: TcpProxy, behind: Round
) -> None:
    async def during(site: str) -> None:
        await until(lambda: len(behind.fake.visited) == 2)
        proxy.refuse()

    behind.fake.during = during
    behind.fake.codes = {"one": EXIT_RED, "two": KILLED}
    codes = [result.code for result in behind.run()]
    assert sorted(codes) == [KILLED, EXIT_FAILED, EXIT_RED]
    assert "cannot be reached: " in behind.reported[-1].line
