"""scrapy db: the database's revision, the way to head, and what its views say."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from crawler.operations.command import EXIT_OK, WinnowCommand
from migrations import revision
from models import retention
from models.db.database import Database
from models.durations import duration
from models.errors import SiteBusy, UsageError
from models.retention import Keep, Removal
from models.views import catalog


class Command(WinnowCommand):
    """Makes the tables and views of the database, and takes it from one revision to another."""

    example: ClassVar[str] = "scrapy db upgrade"

    def syntax(self) -> str:
        """What follows the verb."""
        return (
            "upgrade | check | current | downgrade REVISION | rebuild-duplicates | describe"
            " | prune [--dry-run]"
        )

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Make or upgrade the database; say whether it is at head; describe its views"

    def long_desc(self) -> str:
        """What each of the words does."""
        return (
            "upgrade: brings the database to the newest revision, from an empty one too. "
            "check: exit code 0 at head, 2 otherwise. "
            "current: the revision it is at. "
            "downgrade REVISION: back to an older one; its tables go with their rows. "
            "rebuild-duplicates: looks every article up again; stopped, it goes on next time. "
            "describe: the views that readers may rely on, column by column. "
            "prune: removes captures, outcomes and revisions that are older than "
            "WINNOW_KEEP_CAPTURES, WINNOW_KEEP_OUTCOMES and WINNOW_KEEP_REVISIONS say, never "
            "what a current text rests on; --dry-run says what and removes nothing."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --dry-run."""
        super().add_options(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="prune: say what would go, and remove nothing"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does one of the words of `syntax`."""
        word, *rest = args or [""]
        if word == "describe" and not rest:
            print(catalog.reference(), end="")
            return EXIT_OK
        steps: dict[str, Callable[[Database, list[str]], None]] = {
            "upgrade": _upgrade,
            "check": _check,
            "current": _current,
            "downgrade": _downgrade,
            "rebuild-duplicates": _rebuild,
            "prune": lambda database, _rest: self._prune(database, dry_run=opts.dry_run),
        }
        if word not in steps or len(rest) != (word == "downgrade"):
            raise UsageError(f"type one of: {self.syntax()}")
        database = self.database()
        try:
            steps[word](database, rest)
        finally:
            database.close()
        return EXIT_OK

    def _prune(self, database: Database, *, dry_run: bool) -> None:
        """Says what goes, then removes it; raises UsageError for a setting that is no length."""
        revision.require_current(database)
        keep = Keep(*(self._before(name) for name in ("CAPTURES", "OUTCOMES", "REVISIONS")))
        archive = Path(self.setting("WINNOW_ARCHIVE_DIR"))
        with database.reading() as conn:
            running = retention.reading_again(conn)
            going = retention.count(conn, keep, archive)
        print(f"{'would remove' if dry_run else 'removes'} {_told(going)}", flush=True)
        if dry_run or not going:
            return
        if running is not None and going.captures:
            raise SiteBusy(f"run {running} reads captures again; type scrapy db prune after it")
        print(f"removed {_told(retention.prune(database, keep, archive))}")

    def _before(self, name: str) -> datetime | None:
        """What is older than this goes; None: nothing."""
        setting = f"WINNOW_KEEP_{name}"
        value = self.setting(setting)
        if value == "all":
            return None
        try:
            return datetime.now(UTC) - duration(value)
        except ValueError as wrong:
            raise UsageError(f'{setting}: {wrong}, or "all"') from wrong


def _told(removal: Removal) -> str:
    files = f"{removal.files} WARC files of {removal.bytes / 10**6:.1f} MB"
    return (
        f"{removal.captures} captures ({files}), {removal.outcomes} outcomes,"
        f" {removal.revisions} revisions"
    )


def _upgrade(database: Database, _rest: list[str]) -> None:
    before = revision.current_revision(database)
    from migrations.upgrade import upgrade

    upgrade(database)
    now = revision.current_revision(database)
    moved = "already at" if before == now else f"from {before or 'nothing'} to"
    print(f"{_name(database)}: {moved} revision {now}")


def _check(database: Database, _rest: list[str]) -> None:
    revision.require_current(database)
    print(f"{_name(database)}: at head, revision {revision.head_revision()}")


def _current(database: Database, _rest: list[str]) -> None:
    current, head = revision.current_revision(database), revision.head_revision()
    print(f"{current or 'empty'} (head: {head})")


def _downgrade(database: Database, rest: list[str]) -> None:
    from migrations.upgrade import downgrade

    downgrade(database, rest[0])
    print(f"{_name(database)}: at revision {revision.current_revision(database) or 'base (empty)'}")


def _rebuild(database: Database, _rest: list[str]) -> None:
    revision.require_current(database)
    from pipelines.duplicates.rebuild import rebuild

    counts = rebuild(database, _tell)
    print(f"{counts.articles} articles looked up; clusters of two and more: {counts.clusters}")


def _tell(done: int, last: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} articles, to number {last}", end="", file=sys.stderr, flush=True)


def _name(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=True)
