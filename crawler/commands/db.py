"""scrapy db: the database's revision, the way to the newest, and what its views say."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from crawler.home import in_url
from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.quiet import add_quiet
from models.errors import UsageError

if TYPE_CHECKING:
    from crawler.operations.database import Answer
    from models.db.database import Database

_QUIET: Final = ("upgrade", "check", "downgrade", "rebuild-duplicates", "reindex", "prune")


class Command(WinnowCommand):
    """Makes the tables and views of the database, and takes it from one revision to another."""

    usage: ClassVar[str] = (
        "upgrade | check | current | downgrade REVISION | rebuild-duplicates [--fleet] | reindex"
        " | describe | prune [--dry-run]; each also [--json], or [--quiet] if it is not asked to"
        " print"
    )
    summary: ClassVar[str] = "Make or upgrade the database; say whether it is at head; describe it"
    details: ClassVar[str] = (
        "upgrade: brings the database to the newest revision, from an empty one too. "
        "check: exit code 0 at the newest revision, 2 at another; "
        "counts what the search index lacks. "
        "current: the revision it is at. "
        "downgrade REVISION: back to an older one; its tables go with their rows. "
        "rebuild-duplicates: looks every article up again; stopped, it resumes next time. "
        "reindex: adds to the search index the articles that it lacks, as after a time with "
        "WINNOW_SEARCH=off; stopped, it resumes next time. "
        "describe: the views that readers may rely on, column by column. "
        "prune: removes captures, outcomes, revisions and runs that are older than "
        "WINNOW_KEEP_CAPTURES, _OUTCOMES, _REVISIONS and _RUNS say, never "
        "what a current text rests on; --dry-run prints what, and removes nothing."
    )
    example: ClassVar[str] = "scrapy db upgrade"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --dry-run, --json and --quiet."""
        super().add_options(parser)
        self.add_option(
            parser, "--dry-run", of=["prune"], action="store_true",
            help="print what would be removed, and remove nothing",
        )  # fmt: skip
        self.add_option(
            parser, "--fleet", of=["rebuild-duplicates"], action="store_true",
            help="have the keys of texts made by the workers of the fleet (scrapy worker)",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON document")
        add_quiet(self, parser, of=_QUIET)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does one of the words of `usage`."""
        word, *rest = args or [""]
        if word == "describe" and not rest:
            from crawler.reports.text_tables import as_json
            from models.views import catalog

            print(as_json(catalog.document()) if opts.json else catalog.reference().rstrip("\n"))
            return EXIT_OK
        from crawler.operations import database as operations
        from crawler.reports.text_tables import as_json
        from models.archive.places import ArchivePlaces

        def announce(line: str) -> None:
            if not opts.json:
                self.inform(line)

        shows = sys.stderr.isatty() and not self.is_quiet
        steps: dict[str, Callable[..., operations.Answer]] = {
            "upgrade": partial(operations.upgrade, shows=shows),
            "check": operations.check,
            "current": operations.current,
            "downgrade": operations.downgrade,
            "rebuild-duplicates": partial(self._rebuild, shows=shows, fleet=bool(opts.fleet)),
            "reindex": partial(operations.reindex, shows=shows),
            "prune": lambda opened: operations.prune(
                opened,
                self.setting,
                ArchivePlaces.of(self.project),
                announce,
                dry_run=bool(opts.dry_run),
            ),
        }
        if word not in steps or len(rest) != (word == "downgrade"):
            raise UsageError(f"type one of: {self.usage}")
        if word == "upgrade":
            self._make_home()
        opened = self.database(writes=word not in {"check", "current"} and not opts.dry_run)
        try:
            answer = steps[word](opened, *rest)
        finally:
            opened.close()
        if opts.json:
            print(as_json(answer.document))
        elif answer.line:
            self.inform(answer.line)
        if self.is_quiet and answer.warning:
            self.say(answer.warning, EXIT_OK)
        return EXIT_OK

    def _rebuild(self, opened: "Database", *, shows: bool, fleet: bool) -> "Answer":
        from crawler.operations.database import rebuild_duplicates

        if not fleet:
            return rebuild_duplicates(opened, shows=shows)
        from crawler.fleet.broker import check_broker
        from crawler.fleet.keys_task import AHEAD, COMMAND, keys_by_fleet
        from crawler.fleet.require import require_server

        require_server(self.project)
        check_broker(self.project, COMMAND).close()
        with keys_by_fleet(self.project, lambda line: print(line, file=sys.stderr)) as make_keys:
            return rebuild_duplicates(opened, shows=shows, make_keys=make_keys, ahead=AHEAD)

    def _make_home(self) -> None:
        """Makes the folder of a database that is to be in the home of relative paths."""
        home = Path(self.setting("WINNOW_HOME"))
        if self.setting("WINNOW_DATABASE_URL") == f"sqlite:///{in_url(home)}/winnow.db":
            home.mkdir(parents=True, exist_ok=True)
