"""scrapy visit: cron's verb, every site that is due."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar, cast

from scrapy.settings import Settings
from sqlalchemy import Connection

from crawler.operations.command import EXIT_BUSY, EXIT_OK, EXIT_USAGE, WinnowCommand
from crawler.operations.visits import (
    START,
    WORST,
    Processes,
    VisitResult,
    due,
    is_site_due,
    visit_all,
    worst,
)
from crawler.spiders.visit import bounds
from models.crawl.schedule import Bounds, next_visit, share_of
from models.db.database import Database
from models.durations import duration
from models.errors import UsageError
from models.scheduling.run_lifecycle import working_owner
from models.sites import registry
from models.sites.config import Site, load_site, read_site
from models.sites.registry import KnownSite

JOBS = 4  # sites at once: a visit mostly waits between two requests


class Command(WinnowCommand):
    """Visits every site that is due, each in a process of its own."""

    example: ClassVar[str] = "scrapy visit --max-time 50m --jobs 4"

    def syntax(self) -> str:
        """What follows the verb."""
        return "[NAME ...] [--max-time 50m] [--jobs N] [--now]"

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Visit every site that is due: what is new, and articles worth another look"

    def long_desc(self) -> str:
        """What cron should know."""
        return (
            "For cron: safe to run every 5 minutes. Prints nothing when all is well and its "
            "output is no terminal; one line a trouble otherwise. Exit code, worst first: 3 a "
            "monitor is red, 1 a visit failed, 2 a TOML is wrong, 4 all that was due is held by "
            "other runs, 0 well."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """When to end, how many at once, and whether to wait for due times."""
        super().add_options(parser)
        parser.add_argument(
            "--max-time", metavar="TIME", help="no visit begins or goes on after this: 50m, 2h"
        )
        parser.add_argument(
            "--jobs", type=int, default=JOBS, metavar="N", help=f"sites at once ({JOBS})"
        )
        parser.add_argument("--now", action="store_true", help="visit them whether due or not")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Exit code as `long_desc` says; raises UsageError for what was typed wrong."""
        seconds = _seconds(opts.max_time)
        if seconds is not None and seconds <= START:
            raise UsageError(
                f"--max-time {opts.max_time}: no visit ends in less than {START:.0f} s"
            )
        if opts.jobs < 1:
            raise UsageError(f"--jobs {opts.jobs}: write 1 or more")
        limits = bounds(self._given)
        sites, mistakes = self._sites(args)
        for mistake in mistakes:
            self._say(mistake, EXIT_USAGE)
        with self.ready_database() as database:
            known = _known(database)
            names = due(sites, known, limits, datetime.now(UTC), all_of_them=opts.now)
            visits = Processes(_command(opts), self._environment(min(opts.jobs, len(names))))
            by_name = {site.name: site for site in sites}

            def wanted(name: str) -> bool:
                if visits.stopping:
                    return False
                fresh = _known(database, name)
                return opts.now or is_site_due(by_name[name], fresh, limits, datetime.now(UTC))

            async def visit(name: str, left: float | None) -> VisitResult:
                owner = _owner(database, name)
                if owner is not None:  # known without the price of a process
                    return VisitResult(name, EXIT_BUSY, f"{name} is held by {owner}")
                return await visits(name, left)

            work = visit_all(
                names, visit, jobs=opts.jobs, seconds=seconds, wanted=wanted, told=self._tell
            )
            ends = asyncio.run(_stoppable(work, visits))
            _put_off(database, ends, limits)
        ends = [ended for ended in ends if not self._removed(ended)]
        code = worst([ended.code for ended in ends] + [EXIT_USAGE] * bool(mistakes))
        for ended in ends:
            if ended.code == EXIT_BUSY and (code == EXIT_BUSY or sys.stdout.isatty()):
                self._say(ended.line, EXIT_BUSY)
        return code

    def _tell(self, ended: VisitResult) -> None:
        """A line a site on a terminal; under cron a line a trouble."""
        if ended.code == EXIT_OK:
            if sys.stdout.isatty():
                print(ended.line, flush=True)
        elif ended.code != EXIT_BUSY and not self._removed(ended):
            self._say(ended.line, ended.code)

    def _removed(self, ended: VisitResult) -> bool:
        """Whether the site's TOML went away meanwhile: it is left alone, which is no error."""
        return ended.code == EXIT_USAGE and not (self._folder / f"{ended.site}.toml").exists()

    def _sites(self, names: Sequence[str]) -> tuple[list[Site], list[str]]:
        """The sites of these names, or all; and one line for each file with mistakes."""
        if names:
            paths = [self._folder / f"{name}.toml" for name in dict.fromkeys(names)]
        else:
            paths = sorted(self._folder.glob("*.toml"))
        if not paths:
            raise UsageError(f"no sites in {self._folder}; type: scrapy sites add URL")
        sites, lines = [], []
        for path in paths:
            site, mistakes = read_site(path) if path.exists() else (self._named(path.stem), [])
            if site is not None:
                sites.append(site)
            if mistakes:
                more = f" (and {len(mistakes) - 1} more)" if mistakes[1:] else ""
                lines.append(f"{mistakes[0]}{more}")
        return sites, lines

    def _named(self, name: str) -> Site:
        return load_site(self._folder, name)  # raises UnknownSite with the nearest name

    def _environment(self, jobs: int) -> dict[str, str]:
        """Ours, with the settings that we were given; the extraction processes are shared out."""
        given = {n: str(self._given[n]) for n in self._given if str(n).startswith("WINNOW_")}
        workers = self._given.getint("WINNOW_WORKERS")
        share = max(1, workers // max(1, jobs)) if workers else 0
        return {**os.environ, **given, "WINNOW_WORKERS": str(share)}

    @property
    def _folder(self) -> Path:
        return Path(self._given["WINNOW_SITES_DIR"])

    @property
    def _given(self) -> Settings:
        return cast(Settings, self.settings)


def _command(opts: argparse.Namespace) -> list[str]:
    """How one site is visited: with the settings and the log that we were given."""
    words = [sys.executable, "-m", "scrapy", "crawl", "visit"]
    for setting in opts.set:
        if not setting.startswith("WINNOW_"):  # these go by the environment: ps shows passwords
            words += ["-s", setting]
    for option, value in (("--loglevel", opts.loglevel), ("--logfile", opts.logfile)):
        words += [option, value] if value else []
    return words


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else duration(text).total_seconds()
    except ValueError as wrong:
        raise UsageError(f"--max-time: {wrong}") from wrong


async def _stoppable(
    work: Coroutine[None, None, list[VisitResult]], visits: Processes
) -> list[VisitResult]:
    for sent in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sent, visits.stop)
    return await work


def _known(database: Database, name: str | None = None) -> dict[str, KnownSite]:
    with database.reading() as conn:
        return {site.name: site for site in registry.known_sites(conn, name)}


def _owner(database: Database, name: str) -> str | None:
    """Who works on the site of that name now."""
    with database.reading() as conn:
        for site in registry.known_sites(conn, name):
            return working_owner(conn, site.site_id, "visit", datetime.now(UTC))
    return None


def _put_off(database: Database, ends: Sequence[VisitResult], limits: Bounds) -> None:
    """Backs off from sites whose visit was killed, before it could say when it is due again."""
    now = datetime.now(UTC)
    for site in (_known(database).get(ended.site) for ended in ends if ended.code not in WORST):
        if site is None:
            continue
        again = next_visit(
            now, limits.shortest, failures=site.failures + 1, share=share_of(site.name)
        )
        number = site.site_id
        database.patiently(partial(_schedule, site_id=number, due_at=again))


def _schedule(conn: Connection, site_id: int, due_at: datetime) -> None:
    registry.schedule(conn, site_id, due_at, failed=True)
