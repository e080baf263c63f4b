"""The cases: each sets up a fresh folder and database, runs one command or two, and counts."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from benchmarks.newsroom import database, servers
from benchmarks.throughput import counts, profile, sizes
from benchmarks.throughput.bodies import SMALL_PAGES
from benchmarks.throughput.server import Served
from benchmarks.throughput.tree import Cost, Failed, measure
from models.db.database import Database

SITE: Final = "bench"
_STORED: Final = 0.9  # of the pages: the least share that makes a run one of these cases
_OUTCOMES: Final = text(
    "SELECT outcome, count(*) FROM v1_outcomes WHERE run_id > :after GROUP BY outcome"
)
_LAST_RUN: Final = text("SELECT coalesce(max(run_id), 0) FROM v1_runs")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: sites that are served, bodies on disk, how much of each."""

    one: Served  # one site with all pages
    many: Served  # small sites
    bodies: Path  # files of the pages of `cold`
    cold: int  # pages
    warm: int  # pages more
    few: int  # small sites of the smaller visit
    jobs: int
    workers: int
    folder: Path
    sampled: bool = False  # samples where the CPU goes, which costs some


@dataclass(frozen=True, slots=True)
class Measured:
    """What one command cost, and what it did."""

    case: str
    pages: int  # that it brought to an end; of a visit that finds nothing: the sites
    cost: Cost
    processes: list[dict[str, Any]]  # what counts.py wrote
    profile: dict[str, profile.Places]  # by kind of process, where it was sampled
    outcomes: dict[str, int] = field(default_factory=dict)
    tables: dict[str, int] = field(default_factory=dict)  # bytes by which it made them grow

    def total(self, name: str) -> float:
        """A figure of counts.py over all processes that wrote theirs."""
        return sum(process.get(name) or 0.0 for process in self.processes)

    def count(self, name: str) -> int:
        """A count of counts.py over all processes."""
        return sum(process["counts"].get(name, 0) for process in self.processes)


Case = Callable[[Plan, Callable[[str], bool]], Iterator[Measured]]


def _crawls(
    kind: str, cold: str, warm: str, plan: Plan, wanted: Callable[[str], bool]
) -> Iterator[Measured]:
    """One site, and after it more of the same site in the same database."""
    with _fresh(plan, kind) as desk:
        yield _crawl(desk, cold, plan.cold)
        if wanted(warm):
            yield _crawl(desk, warm, plan.cold + plan.warm)


def _visits(
    kind: str, before: str, plan: Plan, wanted: Callable[[str], bool]
) -> Iterator[Measured]:
    """`visit` of all small sites; then of few and of all again, which find nothing new."""
    names = [f"site{number:05}" for number in range(len(plan.many.origins))]
    with _fresh(plan, kind) as desk:
        for name, origin in zip(names, plan.many.origins, strict=True):
            desk.write_site(name, origin)
        yield _visit(desk, f"{before}visit", names)
        if wanted(f"{before}idle"):
            yield _visit(desk, f"{before}idle-few", names[: plan.few])
            yield _visit(desk, f"{before}idle", names)


# on a server, whose own CPU and memory are not counted, and in a file
sqlite: Final[Case] = partial(_crawls, "sqlite", "cold", "warm")
postgresql: Final[Case] = partial(_crawls, "postgresql", "postgresql", "postgresql-warm")
visits: Final[Case] = partial(_visits, "sqlite", "")
postgresql_visits: Final[Case] = partial(_visits, "postgresql", "postgresql-")


def spider(plan: Plan, _wanted: Callable[[str], bool]) -> Iterator[Measured]:
    """(b): Scrapy, trafilatura in the callback, a commit an item."""
    yield _rival(plan, "b", lambda folder: f"sqlite:///{folder}/articles.db")


def extractor(plan: Plan, _wanted: Callable[[str], bool]) -> Iterator[Measured]:
    """(c): trafilatura with metadata alone, in two processes."""
    with TemporaryDirectory(dir=plan.folder) as name:
        words = ["-m", "benchmarks.throughput.rivals", "extract", str(plan.bodies)]
        ran = _run(plan, Path(name), "c", words, {})
        pages = sum(process["counts"]["responses"] for process in ran.processes)
        yield Measured("c", pages, *ran)


def dropping(plan: Plan, _wanted: Callable[[str], bool]) -> Iterator[Measured]:
    """(d): Scrapy alone."""
    yield _rival(plan, "d", lambda _folder: "none")


# the names by which a case is asked for, and what measures them
CASES: Final[Mapping[str, Case]] = {
    "cold": sqlite,
    "warm": sqlite,
    "postgresql": postgresql,
    "postgresql-warm": postgresql,
    "visit": visits,
    "idle": visits,
    "postgresql-visit": postgresql_visits,
    "postgresql-idle": postgresql_visits,
    "b": spider,
    "c": extractor,
    "d": dropping,
}


@dataclass(frozen=True, slots=True)
class _Desk:
    """A folder with a database at head, in which commands are typed."""

    plan: Plan
    folder: Path
    url: str

    def write_site(self, name: str, origin: str) -> None:
        path = self.folder / "sites" / f"{name}.toml"
        path.write_text(
            f'start = "{origin}/"\n[sources]\nsitemaps = ["{origin}/sitemap.xml"]\n'
            "[scope]\nprivate = true\n[fetch]\ndelay = 0\nconcurrency = 16\n",
            encoding="utf-8",
        )

    def type(self, case: str, *words: str) -> Measured:
        """Types `scrapy WORDS`; the pages are those with an outcome of the runs that it began."""
        environment = {
            "SCRAPY_SETTINGS_MODULE": "benchmarks.throughput.settings",
            "WINNOW_DATABASE_URL": self.url,
            "WINNOW_SITES_DIR": str(self.folder / "sites"),
            "WINNOW_ARCHIVE_DIR": str(self.folder / "archive"),
            "WINNOW_WORKERS": str(self.plan.workers),
        }
        after, before = self.last_run(), sizes.by_table(self.url)
        ran = _run(self.plan, self.folder, case, ["-m", "scrapy", *words], environment)
        if not ran.processes:
            raise Failed(f"{case}: no process wrote its counts")
        outcomes = self._outcomes(after)
        grown = Counter(sizes.by_table(self.url))
        grown.subtract(before)
        return Measured(case, sum(outcomes.values()), *ran, outcomes, dict(grown))

    def last_run(self) -> int:
        opened = Database.open(self.url)
        with opened.reading() as conn:
            last = int(conn.execute(_LAST_RUN).scalar_one())
        opened.close()
        return last

    def _outcomes(self, after: int) -> dict[str, int]:
        opened = Database.open(self.url)
        with opened.reading() as conn:
            found = {str(name): int(n) for name, n in conn.execute(_OUTCOMES, {"after": after})}
        opened.close()
        return found


@contextmanager
def _fresh(plan: Plan, kind: str) -> Iterator[_Desk]:
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(dir=plan.folder)))
        (folder / "sites").mkdir()
        url = closing.enter_context(database(kind, folder, servers()))
        yield _Desk(plan, folder, url)


def _crawl(desk: _Desk, case: str, listed: int) -> Measured:
    desk.plan.one.show(listed)
    desk.write_site(SITE, desk.plan.one.origins[0])
    found = desk.type(case, "crawl", "discover", "-a", f"site={SITE}")
    return _stored(found, listed - desk.plan.cold if listed > desk.plan.cold else listed)


def _visit(desk: _Desk, case: str, names: list[str]) -> Measured:
    found = desk.type(case, "visit", *names, "--now", "--jobs", str(desk.plan.jobs))
    if case.endswith("visit"):
        return _stored(found, len(names) * SMALL_PAGES)
    return replace(found, pages=len(names))


def _stored(found: Measured, pages: int) -> Measured:
    """The same. Raises Failed where pages were refused or lost: that is fast, and says nothing."""
    stored = found.outcomes.get("stored", 0)
    if stored < _STORED * pages:
        raise Failed(f"{found.case}: {stored} of {pages} pages stored: {found.outcomes}")
    return found


def _rival(plan: Plan, case: str, database_of: Callable[[Path], str]) -> Measured:
    plan.one.show(plan.cold)
    with TemporaryDirectory(dir=plan.folder) as name:
        folder, sitemap = Path(name), f"{plan.one.origins[0]}/sitemap.xml"
        words = ["-m", "benchmarks.throughput.rivals", "spider", sitemap, database_of(folder)]
        ran = _run(plan, folder, case, words, {})
        pages = sum(process["counts"].get("pages", 0) for process in ran.processes)
        if pages != plan.cold:
            raise Failed(f"{case}: {pages} of {plan.cold} pages came")
        return Measured(case, pages, *ran)


class _Ran(NamedTuple):
    """One command: its cost, the counts of its processes, and their samples."""

    cost: Cost
    processes: list[dict[str, Any]]
    profile: dict[str, profile.Places]


def _run(
    plan: Plan, folder: Path, case: str, words: list[str], environment: dict[str, str]
) -> _Ran:
    counted, samples = folder / f"{case}.counts", folder / f"{case}.samples"
    counted.mkdir()
    samples.mkdir()
    environment = {**environment, counts.FOLDER: str(counted)}
    if plan.sampled:
        environment |= profile.environment(samples)
    cost = measure([sys.executable, *words], environment, folder, case)
    processes = [json.loads(path.read_text("utf-8")) for path in sorted(counted.iterdir())]
    return _Ran(cost, processes, profile.read(samples))
