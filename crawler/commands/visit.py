"""scrapy visit: cron's command, every site that is due."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from crawler.operations.command import EXIT_BUSY, EXIT_OK, EXIT_USAGE, WinnowCommand
from crawler.operations.quiet import add_quiet
from models.errors import DatabaseAway, UsageError

if TYPE_CHECKING:
    from crawler.operations.visits import VisitResult
    from models.sites.config import Site

_TOLD = ("site", "code", "line", "run")  # of a visit that ended, with --json
JOBS = 32  # sites at once: a visit mostly waits between two requests


class Command(WinnowCommand):
    """Visits every site that is due, many in each of a few processes."""

    usage: ClassVar[str] = (
        "[NAME ...] [--max-time 50m] [--jobs N | --fleet] [--now] [--json | --quiet]"
    )
    summary: ClassVar[str] = (
        "Visit every site that is due: what is new, and articles worth another look"
    )
    details: ClassVar[str] = (
        "For cron: safe to run every 5 minutes. Prints nothing when all is well and its "
        "output is no terminal, or with --quiet; otherwise a line for each problem. Exit code, "
        "worst first: 3 a monitor is red, 1 a visit failed, 2 a TOML file or WINNOW_NOTIFY has a "
        "mistake, 4 other runs hold every site that is due, 0 all is well. With --fleet it visits "
        "nothing itself, but hands out what is due to the workers of WINNOW_BROKER_URL."
    )
    example: ClassVar[str] = "scrapy visit --max-time 50m --jobs 100"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """When to end, how many at once, and whether to wait for due times."""
        super().add_options(parser)
        parser.add_argument(
            "--max-time", metavar="TIME", help="no visit begins or goes on after this: 50m, 2h"
        )
        parser.add_argument(
            "--jobs", type=int, default=None, metavar="N", help=f"sites at once ({JOBS})"
        )
        parser.add_argument(
            "--fleet", action="store_true", help="hand them out to workers: scrapy worker"
        )
        parser.add_argument("--now", action="store_true", help="visit them whether due or not")
        parser.add_argument(
            "--json", action="store_true", help="a line of JSON as each visit ends, and a last one"
        )
        add_quiet(self, parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Exit code as `details` says; raises UsageError for what was typed wrong."""
        from crawler.operations.alerts import Alerts
        from crawler.operations.live_visits import LiveVisits
        from crawler.operations.visit_due import DueVisits
        from crawler.operations.visiting_start import visiting_processes
        from crawler.operations.visits import START, worst
        from crawler.reports.spools import refused_here
        from crawler.reports.status_screen import StatusScreen
        from crawler.reports.text_tables import as_json_line
        from models.archive.places import ArchivePlaces

        seconds = _seconds(opts.max_time)
        if seconds is not None and seconds <= START:
            raise UsageError(
                f"--max-time {opts.max_time}: no visit ends in less than {START:.0f} s"
            )
        jobs = JOBS if opts.jobs is None else opts.jobs
        if jobs < 1:
            raise UsageError(f"--jobs {jobs}: write 1 or more")
        if opts.fleet:
            return self._hand_out(args, opts, seconds)

        self._as_json = opts.json
        screen = None if opts.json or self.is_quiet else StatusScreen.of(sys.stderr)
        live = None if screen is None else LiveVisits(screen, self._is_removed)
        visits = DueVisits(
            self.project,
            partial(visiting_processes, self.project),
            self._report,
            opts.now,
            live,
        )
        visits.check()
        places = ArchivePlaces.of(self.project)
        sites, mistakes = self._sites(args)
        for mistake in mistakes:
            self.say(mistake, EXIT_USAGE)
        with self.ready_database(writes=True, patiently=True) as database:
            alerts = Alerts.prepare(database, self.setting("WINNOW_NOTIFY"))
            for mistake in alerts.mistakes:
                self.say(mistake, EXIT_USAGE)
            results = visits.run(database, sites, jobs, seconds)
            with suppress(DatabaseAway):  # reported as the visits ended; `health` warns too
                for line in database.when_there(lambda: refused_here(database, places)):
                    self.say(line, EXIT_OK)
            for line in alerts.deliver_if_there(database):
                self.say(line, EXIT_OK)
        results = [result for result in results if not self._is_removed(result)]
        code = worst(
            [result.code for result in results] + [EXIT_USAGE] * bool(mistakes or alerts.mistakes)
        )
        for result in results:
            if result.code == EXIT_BUSY and (code == EXIT_BUSY or self._tells_all):
                self.say(result.line, EXIT_BUSY)
        if opts.json:
            ended = Counter(result.code for result in results)
            visits_by_code = {str(one): ended[one] for one in sorted(ended)}
            print(as_json_line({"done": True, "code": code, "visits": visits_by_code}))
        return code

    def _hand_out(self, names: list[str], opts: argparse.Namespace, seconds: float | None) -> int:
        """Hands out what is due to the workers of the fleet."""
        from datetime import timedelta

        from crawler.fleet.broker import check_broker
        from crawler.fleet.hand_out import HandOut
        from crawler.fleet.require import require_server
        from crawler.operations.alerts import Alerts
        from crawler.operations.killed_visits import look_after_the_dead
        from crawler.operations.visits import worst
        from crawler.reports.text_tables import as_json_line
        from crawler.spiders.visit import bounds
        from models.clock import utc_now
        from models.db.server_clock import require_same_clock

        if opts.jobs is not None:
            raise UsageError("--jobs is the worker's: type scrapy worker --jobs N")
        limits, until = bounds(self.project), None
        if seconds is not None:
            until = utc_now() + timedelta(seconds=seconds)
        require_server(self.project)
        app = check_broker(self.project, "scrapy visit --fleet")
        sites, mistakes = self._sites(names)
        for mistake in mistakes:
            self.say(mistake, EXIT_USAGE)
        wanted = {site.name for site in sites} if names else None
        sites = self._sites(())[0] if names else sites  # some share a host with others
        with self.ready_database(writes=True, patiently=True) as database:
            require_same_clock(database)
            alerts = Alerts.prepare(database, self.setting("WINNOW_NOTIFY"))
            for mistake in alerts.mistakes:
                self.say(mistake, EXIT_USAGE)
            red = look_after_the_dead(database, self.project)
            hand_out = HandOut(app, self.project, database, limits, now=opts.now, until=until)
            handed = hand_out.run(sites, wanted)
            for line in alerts.deliver_if_there(database):
                self.say(line, EXIT_OK)
        for result in red:
            self.say(result.line, result.code)
        code = worst(
            [result.code for result in red] + [EXIT_USAGE] * bool(mistakes or alerts.mistakes)
        )
        if opts.json:
            print(as_json_line({"code": code, **asdict(handed)}))
        elif self._tells_all:
            print(handed.line())
        return code

    def _report(self, result: "VisitResult") -> None:
        """A line a site on a terminal; under cron a line a trouble; of JSON if asked for."""
        from crawler.reports.text_tables import as_json_line

        if self._as_json and not self._is_removed(result):
            print(as_json_line({name: getattr(result, name) for name in _TOLD}), flush=True)
        if result.code == EXIT_OK:
            if self._tells_all and not self._as_json:
                print(result.line, flush=True)
        elif result.code != EXIT_BUSY and not self._is_removed(result):
            self.say(result.line, result.code)

    @property
    def _tells_all(self) -> bool:
        """Whether a person watches the output: then successful visits are reported too."""
        return sys.stdout.isatty() and not self.is_quiet

    def _is_removed(self, result: "VisitResult") -> bool:
        """Whether the site was removed or disabled meanwhile, and is left alone: no error."""
        from models.sites.enabled import is_disabled

        path = self._folder / f"{result.site}.toml"
        return result.code == EXIT_USAGE and (not path.exists() or is_disabled(path))

    def _sites(self, names: Sequence[str]) -> "tuple[list[Site], list[str]]":
        """The sites of these names, or all; and one line for each file with mistakes.

        Those that are disabled are left out, which a person who names one is told.
        """
        from models.sites.config import read_site

        if names:
            paths = [self._folder / f"{name}.toml" for name in dict.fromkeys(names)]
        else:
            paths = sorted(self._folder.glob("*.toml"))
        if not paths:
            raise UsageError(f"no sites in {self._folder}; type: scrapy sites add URL")
        sites, lines = [], []
        for path in paths:
            site, mistakes = read_site(path) if path.exists() else (self._named(path.stem), [])
            if site is not None and site.enabled:
                sites.append(site)
            elif site is not None and names and self._tells_all:
                self.say(f"{site.name} is disabled: left out", EXIT_OK)
            if mistakes:
                more = f" (and {len(mistakes) - 1} more)" if mistakes[1:] else ""
                lines.append(f"{mistakes[0]}{more}")
        return sites, lines

    def _named(self, name: str) -> "Site":
        from models.sites.config import load_site

        return load_site(self._folder, name)  # raises UnknownSite with the nearest name

    @property
    def _folder(self) -> Path:
        return Path(self.setting("WINNOW_SITES_DIR"))


def _seconds(text: str | None) -> float | None:
    from models.durations import duration

    try:
        return None if text is None else duration(text).total_seconds()
    except ValueError as wrong:
        raise UsageError(f"--max-time: {wrong}") from wrong
