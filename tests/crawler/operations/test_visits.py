"""Many sites on a simulated clock: each visited when due, none twice at once, all adds up."""

import asyncio
import selectors
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import pytest

from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_OK, EXIT_RED, EXIT_USAGE
from crawler.operations.visits import (
    VisitResult,
    due,
    is_site_due,
    visit_all,
    worst,
)
from models.crawl import runs
from models.crawl.run import Run
from models.crawl.schedule import Bounds, share_of
from models.db.database import Database
from models.errors import SiteBusy
from models.scheduling import run_lifecycle, visit_policy
from models.sites import registry
from models.sites.config import Schedule, Site
from models.sites.registry import KnownSite
from tests.factories import make_site

T = TypeVar("T")
START = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BOUNDS = Bounds()


class _Leap(selectors.DefaultSelector):
    """Where a loop would sleep, its clock leaps."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and timeout:
            self.now += timeout
        return ready


class _Clock(asyncio.SelectorEventLoop):
    """An event loop that needs no time."""

    def __init__(self) -> None:
        self._leap = _Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return self._leap.now


def simulate(work: Coroutine[Any, Any, T]) -> T:
    loop = _Clock()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


class Hour:
    """Cron types `visit` each minute; what a visit writes goes to a real database."""

    def __init__(self, database: Database, sites: list[Site]) -> None:
        self.database, self.sites = database, {site.name: site for site in sites}
        self.running: Counter[str] = Counter()
        self.begun: list[tuple[str, timedelta]] = []
        self.busy = 0

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    async def cron(self) -> None:
        invocations = []
        for minute in range(60):
            invocations.append(asyncio.ensure_future(self.invocation()))
            await asyncio.sleep((minute + 1) * 60 - asyncio.get_running_loop().time())
        await asyncio.gather(*invocations)

    async def invocation(self) -> list[VisitResult]:
        names = due(list(self.sites.values()), self.known(), BOUNDS, self.now)
        return await visit_all(names, self.visit_if_due, jobs=8, seconds=50 * 60)

    async def visit_if_due(self, name: str, left: float | None) -> VisitResult | None:
        still = is_site_due(self.sites[name], self.known(name), BOUNDS, self.now)
        return await self.visit(name, left) if still else None

    def known(self, name: str | None = None) -> dict[str, KnownSite]:
        with self.database.reading() as conn:
            return {site.name: site for site in registry.known_sites(conn, name)}

    async def visit(self, name: str, left: float | None) -> VisitResult:
        assert left is not None
        if self.is_held(name):
            self.busy += 1
            return VisitResult(name, EXIT_BUSY, "")
        try:
            run = self.write(
                run_lifecycle.begin, self.sites[name], "visit", f"test:{len(self.begun)}"
            )
        except SiteBusy as busy:
            self.busy += 1
            return VisitResult(name, EXIT_BUSY, str(busy))
        self.begun.append((name, self.now - START))
        self.running[name] += 1
        assert self.running[name] == 1, "twice at once"
        await asyncio.sleep(5 + 100 * share_of(name[::-1]))
        self.running[name] -= 1
        self.write(self.end, run, failed=share_of(name) > 0.95)
        return VisitResult(name, EXIT_OK, "")

    def is_held(self, name: str) -> bool:
        with self.database.reading() as conn:
            numbers = [site.site_id for site in registry.known_sites(conn, name)]
            return any(
                run_lifecycle.working_owner(conn, number, "visit", self.now) for number in numbers
            )

    def end(self, c: Any, run: Run, failed: bool, now: datetime) -> None:
        visit_policy.schedule(c, run, now, failed=failed, bounds=BOUNDS)
        run_lifecycle.end(c, run, "failed" if failed else "done", None, now)

    def write(self, work: Any, *args: Any, **more: Any) -> Any:
        now = self.now
        return self.database.patiently(lambda conn: work(conn, *args, **more, now=now))


def paper(number: int) -> Site:
    every = {0: timedelta(minutes=5), 1: timedelta(minutes=20)}.get(number % 4)
    return make_site(f"paper-{number:03}", schedule=Schedule(every=every))


@pytest.mark.slow  # for its size
def test_an_hour_of_cron_over_two_hundred_sites(sqlite: Database) -> None:
    hour = Hour(sqlite, [paper(n) for n in range(200)])
    simulate(hour.cron())
    visits = Counter(name for name, _ in hour.begun)
    assert set(visits) == set(hour.sites), "each is visited"
    for name, site in hour.sites.items():
        every = site.schedule.every
        times = [at for visited, at in hour.begun if visited == name]
        gaps = [later - sooner for sooner, later in pairwise(times)]
        if every and share_of(name) <= 0.95:
            # not before it is due (half the interval, once), nor long after: cron's minute, the
            # visit itself, the jitter, and the wait for one of eight jobs
            assert all(every / 2 <= gap <= every * 1.1 + 5 * MINUTE for gap in gaps), (name, gaps)
            assert times[-1] >= HOUR - every * 1.1 - 7 * MINUTE
        elif every:
            assert all(gap >= every for gap in gaps), "failures back off"
    second_half = Counter(at // MINUTE for _, at in hour.begun if at >= HOUR / 2)
    assert max(second_half.values()) <= 3 * sum(second_half.values()) / 30, "spread"
    with sqlite.reading() as conn:
        found = [dict(row) for row in conn.exec_driver_sql("select * from runs").mappings()]
        leases = conn.exec_driver_sql("select count(*) from leases").scalar()
    assert len(found) == len(hour.begun)
    assert Counter(run["status"] for run in found).keys() == {"done", "failed"}
    assert leases == 0


def test_no_site_begins_after_the_time_is_over() -> None:
    async def three_minutes(name: str, left: float | None) -> VisitResult:
        assert left is not None and left > 0
        await asyncio.sleep(min(180, left))
        return VisitResult(name, EXIT_OK, name)

    names = [f"site-{n}" for n in range(20)]
    ends = simulate(visit_all(names, three_minutes, jobs=2, seconds=600))
    assert [ended.site for ended in ends] == names[:8]


def test_the_longest_overdue_goes_first_and_the_new_before_it() -> None:
    sites = [make_site(name) for name in ("late", "later", "new", "early")]
    times = {"late": START - HOUR, "later": START - 2 * HOUR, "early": START + HOUR}
    known = {
        name: KnownSite(n, name, "", START, at, 0) for n, (name, at) in enumerate(times.items())
    }
    assert due(sites, known, BOUNDS, START) == ["new", "later", "late"]
    assert due(sites, known, BOUNDS, START, all_of_them=True) == ["new", "later", "late", "early"]


def test_a_clock_that_jumped_leaves_no_site_alone_for_a_year() -> None:
    [site] = [make_site("ahead")]
    known = {"ahead": KnownSite(1, "ahead", "", START, START + timedelta(days=365), 0)}
    assert due([site], known, BOUNDS, START) == ["ahead"]
    monthly = replace(site, schedule=Schedule(every=timedelta(days=28)))
    soon = {"ahead": replace(known["ahead"], next_due_at=START + timedelta(days=27))}
    assert due([monthly], soon, BOUNDS, START) == []


def test_a_lease_and_a_run_of_a_clock_that_was_ahead_are_taken_over(sqlite: Database) -> None:
    site, year = make_site("ahead"), timedelta(days=365)
    sqlite.patiently(
        lambda conn: run_lifecycle.begin(conn, site, "visit", "elsewhere:1:ab", START + year)
    )
    with sqlite.transaction() as conn:
        assert len(run_lifecycle.reap_dead_runs(conn, START)) == 1
        run = run_lifecycle.begin(conn, site, "visit", "here:1:ab", START)
        assert runs.counts(conn, run.run_id) == {}


def test_an_owner_that_never_comes_back_loses_its_lease(sqlite: Database) -> None:
    site = make_site("held")
    sqlite.patiently(
        lambda conn: run_lifecycle.begin(conn, site, "discover", "elsewhere:1:ab", START)
    )
    with sqlite.transaction() as conn, pytest.raises(SiteBusy, match="held by elsewhere:1:ab"):
        run_lifecycle.begin(conn, site, "visit", "here:1:ab", START + MINUTE)
    with sqlite.transaction() as conn:
        later = START + 3 * MINUTE
        assert len(run_lifecycle.reap_dead_runs(conn, later)) == 1
        run_lifecycle.begin(conn, site, "visit", "here:1:ab", later)


def test_one_exit_code_stands_for_all() -> None:
    assert worst([]) == EXIT_OK
    assert worst([EXIT_OK, EXIT_FAILED, EXIT_RED, EXIT_USAGE]) == EXIT_RED
    assert worst([EXIT_OK, EXIT_FAILED, EXIT_USAGE]) == EXIT_FAILED
    assert worst([EXIT_OK, EXIT_USAGE, EXIT_BUSY]) == EXIT_USAGE
    assert worst([EXIT_OK, EXIT_BUSY]) == EXIT_OK
    assert worst([EXIT_BUSY, EXIT_BUSY]) == EXIT_BUSY
    assert worst([EXIT_OK, -9]) == EXIT_FAILED
