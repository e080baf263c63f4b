"""What all verbs of `scrapy` share: one line for an error, the next step in it, an exit code."""

import argparse
import sys
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError
from sqlalchemy.exc import OperationalError

from models.database import Database
from models.errors import SiteBusy, UsageError, WinnowError
from models.revision import require_current

WELL, FAILED, MISUSED, RED, BUSY = range(5)


class Verb(ScrapyCommand):
    """A verb: `work` gets the words and options, prints, and returns an exit code."""

    requires_crawler_process = False
    requires_project = True
    example: ClassVar[str] = ""

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> int:
        """Does what the verb says; returns the exit code; raises WinnowError with one line."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """The verb's own options come before Scrapy's; the example ends the help."""
        super().add_options(parser)
        if self.example:
            parser.epilog = f"Example: {self.example}"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's entry: `work`, with every fault of ours as one line on stderr."""
        try:
            self.exitcode = self.work(args, opts)
        except ScrapyUsageError as wrong:
            self.exitcode = self._say(str(wrong), MISUSED)
        except UsageError as wrong:
            self.exitcode = self._say(str(wrong), MISUSED)
        except SiteBusy as busy:
            self.exitcode = self._say(str(busy), BUSY)
        except WinnowError as fault:
            self.exitcode = self._say(str(fault), FAILED)
        except OperationalError as away:
            said = str(away.orig).strip().splitlines()[0]
            self.exitcode = self._say(f"{said}; is WINNOW_DATABASE_URL right?", FAILED)
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our pipe has gone, as `head` does
            self.exitcode = WELL

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

    def _say(self, message: str, code: int) -> int:
        name = type(self).__module__.rsplit(".", 1)[-1]
        print(f"scrapy {name}: {message}", file=sys.stderr)
        return code
