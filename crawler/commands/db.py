"""scrapy db: the database's revision, the way to head, and what its views say."""

import argparse
import sys
from collections.abc import Callable
from typing import ClassVar

from crawler.verb import WELL, Verb
from models import upgrade, views
from models.database import Database
from models.errors import UsageError


class Command(Verb):
    """Makes the tables and views of the database, and takes it from one revision to another."""

    example: ClassVar[str] = "scrapy db upgrade"

    def syntax(self) -> str:
        """What follows the verb."""
        return "upgrade | check | current | downgrade REVISION | rebuild-duplicates | describe"

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
            "describe: the views that readers may rely on, column by column."
        )

    def work(self, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG002
        """Does one of the words of `syntax`."""
        word, *rest = args or [""]
        if word == "describe" and not rest:
            print(views.reference(), end="")
            return WELL
        steps: dict[str, Callable[[Database, list[str]], None]] = {
            "upgrade": _upgrade,
            "check": _check,
            "current": _current,
            "downgrade": _downgrade,
            "rebuild-duplicates": _rebuild,
        }
        if word not in steps or len(rest) != (word == "downgrade"):
            raise UsageError(f"type one of: {self.syntax()}")
        database = self.database()
        try:
            steps[word](database, rest)
        finally:
            database.close()
        return WELL


def _upgrade(database: Database, _rest: list[str]) -> None:
    before = upgrade.current_revision(database)
    upgrade.upgrade(database)
    now = upgrade.current_revision(database)
    moved = "already at" if before == now else f"from {before or 'nothing'} to"
    print(f"{_name(database)}: {moved} revision {now}")


def _check(database: Database, _rest: list[str]) -> None:
    upgrade.require_current(database)
    print(f"{_name(database)}: at head, revision {upgrade.head_revision()}")


def _current(database: Database, _rest: list[str]) -> None:
    current, head = upgrade.current_revision(database), upgrade.head_revision()
    print(f"{current or 'empty'} (head: {head})")


def _downgrade(database: Database, rest: list[str]) -> None:
    upgrade.downgrade(database, rest[0])
    print(f"{_name(database)}: at revision {upgrade.current_revision(database) or 'base (empty)'}")


def _rebuild(database: Database, _rest: list[str]) -> None:
    upgrade.require_current(database)
    from pipelines.rebuild import rebuild

    counts = rebuild(database, _tell)
    print(f"{counts.articles} articles looked up; clusters of two and more: {counts.clusters}")


def _tell(done: int, last: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} articles, to number {last}", end="", file=sys.stderr, flush=True)


def _name(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=True)
