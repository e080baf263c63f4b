"""scrapy health: how each site does, compared with what is usual for it."""

import argparse
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from crawler.home import as_typed
from crawler.operations.command import (
    EXIT_FAILED,
    EXIT_OK,
    EXIT_RED,
    EXIT_USAGE,
    WinnowCommand,
)
from models.clock import utc_now
from models.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crawler.reports.fleet import Fleet


_STDOUT: Final = "-"  # of --prometheus without a file


class Command(WinnowCommand):
    """What the monitors last found of each site."""

    usage: ClassVar[str] = (
        "[NAME] [--accept] [--json] | --fleet [--json] | --prometheus [FILE] | --notify-test"
    )
    summary: ClassVar[str] = "Show how each site does; exit code 3 if any is red"
    details: ClassVar[str] = (
        "Exit code 3 if a site is red. With WINNOW_NOTIFY, alerts that wait are delivered too. "
        "--prometheus exits with 0 once all is written: the states are metrics themselves. "
        "--notify-test exits with 1 if a message was not delivered."
    )
    example: ClassVar[str] = "scrapy health example"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --accept, --json, --fleet, --prometheus and --notify-test."""
        super().add_options(parser)
        parser.add_argument(
            "--accept", action="store_true",
            help="make what the site NAME brings now its usual, and end its alarm",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON document")
        parser.add_argument(
            "--fleet", action="store_true",
            help="only the workers, and what is handed out to them",
        )  # fmt: skip
        parser.add_argument(
            "--prometheus", nargs="?", const=_STDOUT, metavar="FILE",
            help="metrics of all sites, printed or written to FILE, for node_exporter",
        )  # fmt: skip
        parser.add_argument(
            "--notify-test", action="store_true",
            help="send a test message to each address of WINNOW_NOTIFY",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 3 if a site shown is red. Raises UsageError for an unknown site."""
        instead = [opts.prometheus is not None, opts.notify_test]
        beside = bool(args or opts.accept or opts.json or opts.fleet)
        if sum(instead) + beside > 1 and any(instead):
            raise UsageError(f"type: scrapy health {self.usage}")
        if len(args) > 1 or (opts.accept and not args) or (opts.fleet and args):
            raise UsageError(f"type: scrapy health {self.usage}")
        if opts.fleet:
            return self._fleet(as_json=opts.json)
        if opts.notify_test:
            return self._notify_test()
        if opts.prometheus is not None:
            return self._metrics(None if opts.prometheus == _STDOUT else opts.prometheus)
        return self._health(args[0] if args else None, accept=opts.accept, as_json=opts.json)

    def _health(self, name: str | None, *, accept: bool, as_json: bool) -> int:
        from crawler.operations.alerts import failing
        from crawler.reports import fleet, health, spools

        with self.ready_database(writes=accept) as database:
            if accept and name is not None:
                database.patiently(lambda conn: _accept(conn, name))
            with database.reading() as conn:
                rows = health.sites_health(conn, name)
                if name is not None:
                    rows[0]["sources"] = health.sources_of(conn, name)
                workers = fleet.Fleet(utc_now()) if name else fleet.read(conn, utc_now())
            for row in rows:
                row["has_toml"] = self._has_file(row["site"])
                row["disabled"] = self._is_disabled(row["site"])
            shown = [row for row in rows if row["has_toml"] or name]
            self._print(rows, shown, name, as_json=as_json)
            if workers.is_used:
                self._print_fleet(workers, warnings_only=as_json)
            for line in [] if name else spools.warnings(spools.read(database), utc_now()):
                print(as_typed(f"warn: {line}"), file=sys.stderr if as_json else sys.stdout)
            sys.stdout.flush()  # a receiver of alerts may take its time
            mistakes = self._deliver()
            undelivered = failing(database, utc_now())
        for line in undelivered:
            print(line, file=sys.stderr if as_json else sys.stdout)
        if any(row["state"] == "red" and not row["disabled"] for row in shown):
            return EXIT_RED
        return EXIT_USAGE if mistakes else EXIT_OK

    def _print(
        self,
        rows: Sequence[dict[str, Any]],
        shown: Sequence[dict[str, Any]],
        name: str | None,
        *,
        as_json: bool,
    ) -> None:
        from crawler.reports import health, text_tables
        from crawler.reports.colors import wants_color

        if as_json:
            print(text_tables.as_json(rows))
            return
        if shown:
            colours = wants_color()
            table = [health.table_row(row) for row in shown]
            print(text_tables.rows_as_text(table, "state" if colours else None))
            if name is not None:
                print("\n".join(health.site_lines(rows[0], colours=colours)))
        elif not rows:
            print(as_typed("no site was visited yet; type: scrapy visit, or scrapy sites add URL"))
        left_out = [row["site"] for row in rows if row not in shown]
        if left_out:
            print(f"left out, no TOML file names them any more: {', '.join(left_out)}")

    def _fleet(self, *, as_json: bool) -> int:
        from crawler.reports import fleet, text_tables

        with self.ready_database() as database, database.reading() as conn:
            found = fleet.read(conn, utc_now())
        if as_json:
            print(text_tables.as_json(fleet.document(found)))
        elif found.is_used:
            self._print_fleet(found)
        else:
            print(as_typed("no worker runs, and nothing is handed out; type: scrapy worker"))
        return EXIT_OK

    def _print_fleet(self, found: "Fleet", *, warnings_only: bool = False) -> None:
        """On stdout; warnings alone go to stderr, beside the JSON of the sites."""
        from crawler.reports import fleet
        from crawler.reports.colors import wants_color

        if warnings_only:
            for line in fleet.warnings(found):
                print(as_typed(f"warn: {line}"), file=sys.stderr)
            return
        for line in fleet.lines(found, colours=wants_color()):
            print(as_typed(line))

    def _is_visited(self, name: str) -> bool:
        """Whether the site has a TOML file that is not disabled."""
        return self._has_file(name) and not self._is_disabled(name)

    def _is_disabled(self, name: str) -> bool:
        from models.sites.enabled import is_disabled

        return is_disabled(Path(self.setting("WINNOW_SITES_DIR")) / f"{name}.toml")

    def _has_file(self, name: str) -> bool:
        """Whether the site has a TOML file.

        Where there is no such file at all, another machine has them: then all count as visited.
        """
        return not self._files or name in self._files

    @cached_property
    def _files(self) -> frozenset[str]:
        return frozenset(p.stem for p in Path(self.setting("WINNOW_SITES_DIR")).glob("*.toml"))

    def _deliver(self) -> Sequence[str]:
        """Delivers the alerts that wait; a line on stderr for each mistake in WINNOW_NOTIFY."""
        setting = self.setting("WINNOW_NOTIFY")
        if not setting:
            return ()
        from crawler.operations.alerts import deliver_now

        database = self.database(writes=True)  # the rest of the command only reads
        try:
            mistakes, fault = deliver_now(database, setting)
        finally:
            database.close()
        for line in (*mistakes, *([fault] if fault else [])):
            self.say(line, EXIT_USAGE)
        return mistakes

    def _notify_test(self) -> int:
        from crawler.operations.alert_trial import send_test

        tested = send_test(self.setting("WINNOW_NOTIFY"))
        for shown in tested.sent:
            print(f"sent to {shown}")
        for shown, error in tested.failed:
            print(f"not sent to {shown}: {error}")
        for line in tested.mistakes:
            self.say(line, EXIT_USAGE)
        return EXIT_USAGE if tested.mistakes else EXIT_FAILED if tested.failed else EXIT_OK

    def _metrics(self, out: str | None) -> int:
        from crawler.operations import metrics

        with self.ready_database() as database:
            metrics.write(database, self._is_visited, out)
        return EXIT_OK


def _accept(conn: "Connection", name: str) -> None:
    from crawler.operations.health_check import accept
    from crawler.reports.health import no_run_of
    from models.sites import registry

    for site_id, known in registry.names(conn).items():
        if known == name:
            accept(conn, site_id, utc_now())
            return
    raise no_run_of(name)
