"""scrapy health: how each site does, held against what is usual for it."""

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import Connection, select

from crawler.operations.command import EXIT_OK, EXIT_RED, WinnowCommand
from crawler.operations.health_check import accept
from crawler.reports.text_tables import as_json, format_time, rows_as_text
from models.errors import UsageError
from models.sites import registry
from models.views.run_views import HEALTH


class Command(WinnowCommand):
    """The monitors' last verdict on each site."""

    example: ClassVar[str] = "scrapy health example"

    def syntax(self) -> str:
        """What follows the verb."""
        return "[NAME] [--accept] [--json]"

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Show how each site does; exit code 3 if any is red"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --accept and --json."""
        super().add_options(parser)
        parser.add_argument(
            "--accept", action="store_true",
            help="take what the site NAME brings now for usual, and end its alarm",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 3 if a site shown is red. Raises UsageError for an unknown site."""
        if len(args) > 1 or (opts.accept and not args):
            raise UsageError(f"type: scrapy health {self.syntax()}")
        with self.ready_database() as database:
            if opts.accept:
                database.patiently(lambda conn: _accept(conn, args[0]))
            with database.reading() as conn:
                rows = verdicts(conn, args[0] if args else None)
        if opts.json:
            print(as_json(rows))
        elif rows:
            print(rows_as_text([_line(row) for row in rows]))
        else:
            print("no sites yet; type: scrapy sites add URL")
        return EXIT_RED if any(row["state"] == "red" for row in rows) else EXIT_OK


def verdicts(conn: Connection, name: str | None) -> list[dict[str, Any]]:
    """Rows of v1_site_health, red ones first. Raises UsageError for a site that is not there."""
    view = HEALTH.table()
    query = select(view) if name is None else select(view).where(view.c.site == name)
    rows = [row._asdict() for row in conn.execute(query)]
    if name is not None and not rows:
        raise UsageError(f"no run of a site {name!r} yet; `scrapy health` lists all")
    order = {"red": 0, "warn": 1, "ok": 2}
    return sorted(rows, key=lambda row: (order[row["state"]], row["site"]))


def _accept(conn: Connection, name: str) -> None:
    number = next((n for n, known in registry.names(conn).items() if known == name), None)
    if number is None:
        raise UsageError(f"no run of a site {name!r} yet; `scrapy health` lists all")
    accept(conn, number, datetime.now(UTC))


def _line(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "site": row["site"],
        "state": row["state"],
        "last run (UTC)": format_time(row["last_run_at"]),
        "due (UTC)": format_time(row["next_due_at"]),
        "articles": str(row["articles"]),
        "7 days": str(row["articles_7d"]),
        "a day": "" if row["usual_per_day"] is None else f"{row['usual_per_day']:.1f}",
        "empty": _against(row["empty_share"], row["usual_empty_share"], "{:.0%}"),
        "words": _against(row["median_words"], row["usual_median_words"], "{:.0f}"),
        "reason": row["reason"] or "",
    }


def _against(now: float | None, usual: float | None, form: str) -> str:
    """'12% (usual 3%)', as far as it is known."""
    if now is None:
        return ""
    return form.format(now) + ("" if usual is None else f" (usual {form.format(usual)})")
