"""What all verbs of `scrapy` share: one line for an error, the next step in it, an exit code."""

import argparse
import os
import sys
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError
from sqlalchemy.exc import DatabaseError, OperationalError

from migrations.revision import require_current
from models.db.database import Database
from models.errors import SiteBusy, UsageError, WinnowError

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_RED, EXIT_BUSY = range(5)


class WinnowCommand(ScrapyCommand):
    """A verb: `work` gets the words and options, prints, and returns an exit code."""

    requires_crawler_process = False
    requires_project = True
    example: ClassVar[str] = ""

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does what the verb says; returns the exit code; raises WinnowError with one line."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The verb's own options come before Scrapy's; the example ends the help."""
        super().add_options(parser)
        if self.example:
            parser.epilog = f"Example: {self.example}"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's entry: `work`, with every fault of ours as one line on stderr."""
        try:
            self._require_workers()
            self._require_known(args)
            self.exitcode = self.execute(args, opts)
            sys.stdout.flush()  # here, where a pipe that is closed is no fault
        except ScrapyUsageError as wrong:
            self.exitcode = self._say(str(wrong), EXIT_USAGE)
        except UsageError as wrong:
            self.exitcode = self._say(str(wrong), EXIT_USAGE)
        except SiteBusy as busy:
            self.exitcode = self._say(str(busy), EXIT_BUSY)
        except WinnowError as fault:
            self.exitcode = self._say(str(fault), EXIT_FAILED)
        except DatabaseError as fault:
            if not _is_no_fault_of_ours(fault):
                raise
            said = _reason(fault)
            self.exitcode = self._say(f"{said}; is WINNOW_DATABASE_URL right?", EXIT_FAILED)
        except BrokenPipeError:
            # the reader has gone, as `head` does; what is left goes nowhere, or exit says 120
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def database(self) -> Database:
        """The database that the settings name; the caller closes it."""
        return Database.open(self.setting("WINNOW_DATABASE_URL"))

    @contextmanager
    def ready_database(self) -> Iterator[Database]:
        """The database, at head: DatabaseNotReady otherwise."""
        database = self.database()
        try:
            require_current(database)
            yield database
        finally:
            database.close()

    def setting(self, name: str) -> str:
        """A WINNOW_… setting, from `-s`, the environment or the default."""
        if self.settings is None:
            raise RuntimeError("a verb has its settings only once Scrapy runs it")
        return str(self.settings[name])

    def _require_known(self, args: list[str]) -> None:
        for word in args:  # Scrapy hands on what its parser does not know
            if word.startswith("-"):
                name = type(self).__module__.rsplit(".", 1)[-1]
                raise UsageError(f"unknown option {word!r}; type: scrapy {name} --help")

    def _require_workers(self) -> None:
        said = self.setting("WINNOW_WORKERS")
        if not said.isdecimal():
            raise UsageError(f"WINNOW_WORKERS: {said!r}: write a number of processes, 0 or more")

    def _say(self, message: str, code: int) -> int:
        name = type(self).__module__.rsplit(".", 1)[-1]
        print(f"scrapy {name}: {message}", file=sys.stderr)
        return code


def _is_no_fault_of_ours(fault: DatabaseError) -> bool:
    """Whether the database is away, none (SQLite says so by the bare class), or not ours to use."""
    forbidden = getattr(fault.orig, "sqlstate", None) == "42501"  # PostgreSQL: permission denied
    return forbidden or isinstance(fault, OperationalError) or type(fault) is DatabaseError


def _reason(fault: DatabaseError) -> str:
    """The driver's first line; MariaDB's has a number before it."""
    said = fault.orig.args[-1] if fault.orig is not None and fault.orig.args else fault.orig
    return str(said).strip().partition("\n")[0]
