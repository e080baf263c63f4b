"""scrapy health: how each site does, compared with what is usual for it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from crawler.operations.command import EXIT_OK, EXIT_RED, WinnowCommand
from models.clock import utc_now
from models.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Command(WinnowCommand):
    """What the monitors last found of each site."""

    usage: ClassVar[str] = "[NAME] [--accept] [--json]"
    summary: ClassVar[str] = "Show how each site does; exit code 3 if any is red"
    example: ClassVar[str] = "scrapy health example"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --accept and --json."""
        super().add_options(parser)
        parser.add_argument(
            "--accept", action="store_true",
            help="make what the site NAME brings now its usual, and end its alarm",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 3 if a site shown is red. Raises UsageError for an unknown site."""
        from crawler.reports import health
        from crawler.reports.text_tables import as_json, rows_as_text

        if len(args) > 1 or (opts.accept and not args):
            raise UsageError(f"type: scrapy health {self.usage}")
        with self.ready_database(writes=bool(opts.accept)) as database:
            if opts.accept:
                database.patiently(lambda conn: _accept(conn, args[0]))
            with database.reading() as conn:
                rows = health.sites_health(conn, args[0] if args else None)
                if args:
                    rows[0]["sources"] = health.sources_of(conn, args[0])
        self._note_files(rows)
        shown = [row for row in rows if row["has_toml"] or args]
        if opts.json:
            print(as_json(rows))
        elif shown:
            print(rows_as_text([health.table_row(row) for row in shown]))
            if args:
                print("\n".join(health.site_lines(rows[0])))
        elif not rows:
            print("no site was visited yet; type: scrapy visit, or scrapy sites add URL")
        left_out = [row["site"] for row in rows if row not in shown]
        if left_out and not opts.json:
            print(f"left out, no TOML file names them any more: {', '.join(left_out)}")
        red = [row for row in shown if row["state"] == "red" and not row["disabled"]]
        return EXIT_RED if red else EXIT_OK

    def _note_files(self, rows: "list[dict[str, Any]]") -> None:
        """Says of each site whether it has a TOML file and is not disabled, and so is visited.

        Where there is no such file at all, another machine has them: then all count as visited.
        """
        from models.sites.enabled import is_disabled

        folder = Path(self.setting("WINNOW_SITES_DIR"))
        files = {path.stem for path in folder.glob("*.toml")}
        for row in rows:
            row["has_toml"] = not files or row["site"] in files
            row["disabled"] = is_disabled(folder / f"{row['site']}.toml")


def _accept(conn: "Connection", name: str) -> None:
    from crawler.operations.health_check import accept
    from crawler.reports.health import no_run_of
    from models.sites import registry

    for site_id, known in registry.names(conn).items():
        if known == name:
            accept(conn, site_id, utc_now())
            return
    raise no_run_of(name)
