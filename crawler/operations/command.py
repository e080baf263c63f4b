"""What all commands share: one line for an error, the next step in it, an exit code.

Scrapy imports every command's module for each call, so these modules import what is heavy
where they use it.
"""

import argparse
import errno
import gc
import os
import sys
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, TextIO, cast

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError as ScrapyUsageError

from crawler.home import as_typed, in_url, resolve, where
from crawler.operations.quiet import require_one_form
from crawler.operations.setting_checks import require_settings
from crawler.reports.colors import fault_in_color
from models.errors import DatabaseNotReady, SiteBusy, UsageError, WinnowError
from models.text import nearest

if TYPE_CHECKING:
    from scrapy.settings import Settings
    from sqlalchemy.exc import DatabaseError

    from models.db.database import Database

# What the import of Scrapy made lives as long as the process: without this, the collector looks
# at all of it again and again, a sixth of the time of a short command.
gc.freeze()

EXIT_OK, EXIT_FAILED, EXIT_USAGE, EXIT_RED, EXIT_BUSY = range(5)
_UNWRITABLE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # as of a full disk


class WinnowCommand(ScrapyCommand):
    """A command: `execute` gets the words and options, prints, and returns an exit code."""

    requires_crawler_process = False
    requires_project = True
    usage: ClassVar[str] = ""  # what follows the command's name
    summary: ClassVar[str]  # one line for the list of commands
    details: ClassVar[str] = ""  # more, for --help
    example: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self._owners: dict[str, tuple[str, tuple[str, ...]]] = {}  # dest: (option, sub-commands)
        self.is_quiet = False  # as --quiet says, once it runs

    @abstractmethod
    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Runs the command; returns the exit code; raises WinnowError with one line."""

    def syntax(self) -> str:
        """Scrapy's name for `usage`."""
        return self.usage

    def short_desc(self) -> str:
        """Scrapy's name for `summary`."""
        return self.summary

    def long_desc(self) -> str:
        """Scrapy's name for `details`."""
        return self.details or self.summary

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds Scrapy's options; the example ends the help."""
        super().add_options(parser)
        parser.epilog = f"Example: {self.example}"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's; paths that `-s` gave are made absolute."""
        super().process_options(args, opts)
        resolve(self.project)

    def add_option(
        self, parser: argparse.ArgumentParser, *flags: str, of: Sequence[str], **kwargs: Any
    ) -> None:
        """Adds an option that only the sub-commands `of` take; its value is None if not given.

        Faults name it by the last of its flags, the long one.
        """
        kwargs["help"] = f"{prefix_of(of)}{kwargs['help']}"
        action = parser.add_argument(*flags, default=None, **kwargs)
        self._owners[action.dest] = (flags[-1], tuple(of))

    def subcommands_of(self, dest: str) -> tuple[str, ...]:
        """The sub-commands that take the option of that `dest`; empty if all do."""
        return self._owners[dest][1] if dest in self._owners else ()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's entry: `execute`, with every expected fault as one line on stderr."""
        try:
            self._require_known(args, opts)
            if "--" in args:  # behind it are no options, whatever they look like
                args.remove("--")
            self.is_quiet = bool(getattr(opts, "quiet", False))
            self.exitcode = self.execute(args, opts)
            if sys.stdout is not None:  # as where it was closed by the shell
                sys.stdout.flush()  # here, where a closed pipe is no fault
        except BrokenPipeError:  # the reader has gone, as `head` does
            drop_output()
        except Exception as wrong:
            message, code = explained(wrong)
            if not message:
                raise
            message += self._hint_of_another(wrong)
            self.exitcode = self.say(message, code)
        except KeyboardInterrupt:  # under a crawl and its visits, signals are theirs
            self.exitcode = self.say("stopped", EXIT_FAILED)

    def say(self, message: str, code: int) -> int:
        """Prints one line on stderr; returns `code`."""
        line = as_typed(f"scrapy {self.name}: {message}")
        is_fault = code not in {EXIT_OK, EXIT_BUSY}
        print(fault_in_color(line, sys.stderr) if is_fault else line, file=sys.stderr)
        return code

    def inform(self, line: str, file: TextIO | None = None) -> None:
        """Prints what went well, on stdout if not told; nothing with --quiet."""
        if not self.is_quiet:
            print(line, file=file, flush=True)

    def database(self, *, writes: bool = False) -> "Database":
        """The database that the settings name, to read if not told; the caller closes it."""
        from models.db.database import Database

        return Database.of(self.project, reads_only=not writes)

    @contextmanager
    def ready_database(
        self, *, writes: bool = False, patiently: bool = False
    ) -> "Iterator[Database]":
        """The database at its newest revision, to read if not told.

        `patiently`: a server that is away is waited for, and DatabaseAway says that it stayed so.
        Raises DatabaseNotReady for a database at any other revision.
        """
        from migrations.revision import require_current

        if writes and not (patiently and not sys.stderr.isatty()):  # cron's mail holds problems
            self.say_where()
        database = self.database(writes=writes)
        try:
            if patiently:
                database.when_there(lambda: require_current(database))
            else:
                require_current(database)
            yield database
        finally:
            database.close()

    def say_where(self) -> None:
        """Names the database and the archive if they are not where one stands."""
        for line in () if self.is_quiet else where(self.project, os.environ, Path.cwd()):
            self.say(line, EXIT_OK)

    @property
    def name(self) -> str:
        """The command as it is typed."""
        return type(self).__module__.rsplit(".", 1)[-1]

    @property
    def project(self) -> "Settings":
        """Scrapy's settings; they are there once Scrapy runs the command."""
        return cast("Settings", self.settings)

    def setting(self, name: str) -> str:
        """A WINNOW_… setting, from `-s`, the environment or the default."""
        return str(self.project[name])

    def _hint_of_another(self, fault: Exception) -> str:
        """Names the database of the folder where somebody stands: earlier versions used that."""
        here, home = Path.cwd(), Path(self.setting("WINNOW_HOME"))
        is_home_s = self.setting("WINNOW_DATABASE_URL") == f"sqlite:///{in_url(home)}/winnow.db"
        if not isinstance(fault, DatabaseNotReady) or here == home or not is_home_s:
            return ""
        there_is_one = (here / "winnow.db").is_file() and not (home / "winnow.db").is_file()
        return f"; for the winnow.db of this folder, set WINNOW_HOME={here}" if there_is_one else ""

    def _require_known(self, args: Sequence[str], opts: argparse.Namespace) -> None:
        """Raises UsageError for options that are unknown, or of another sub-command."""
        ends = args.index("--") if "--" in args else len(args)
        for word in args[:ends]:  # Scrapy hands on what its parser does not know
            if word.startswith("-") and word != "-":  # that one is the standard output
                raise UsageError(f"unknown option {word!r}; type: scrapy {self.name} --help")
        for dest, (flag, owners) in self._owners.items():
            if args and getattr(opts, dest) is not None and args[0] not in owners:
                theirs = " and ".join(f"`scrapy {self.name} {owner}`" for owner in owners)
                raise UsageError(f"{flag} is an option of {theirs}, not of {args[0]!r}")
        require_one_form(opts)
        require_settings(self.project)


def prefix_of(subcommands: Sequence[str]) -> str:
    """What stands before the help of an option that only these take.

    The space is one at which no line ends: Scrapy makes headings of lines that end in a colon.
    """
    return f"{', '.join(subcommands)}:\u00a0"


def require_known(name: str, spiders: Sequence[str]) -> None:
    """Raises UsageError with the nearest name if there is no such spider."""
    if name not in spiders:
        near = nearest(name, spiders)
        hint = f"did you mean {near!r}?" if near else f"there are: {', '.join(spiders)}"
        raise UsageError(f"no spider {name!r}; {hint}")


def drop_output() -> None:
    """What could not be printed is left: Python would try once more, and end with code 120."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def explained(fault: Exception) -> tuple[str, int]:
    """One line and an exit code for a fault that a person can mend; an empty line for others."""
    if isinstance(fault, OSError) and fault.errno in _UNWRITABLE and fault.filename is None:
        drop_output()
        return f"the output cannot be written: {fault.strerror}", EXIT_FAILED
    if isinstance(fault, ScrapyUsageError | UsageError):
        return str(fault), EXIT_USAGE
    if isinstance(fault, WinnowError):
        return str(fault), EXIT_BUSY if isinstance(fault, SiteBusy) else EXIT_FAILED
    from sqlalchemy.exc import DatabaseError

    from models.db.faults import own_fault, reason_of

    if isinstance(fault, DatabaseError) and _is_unavailable(fault):
        return f"{reason_of(fault)}; is WINNOW_DATABASE_URL right?", EXIT_FAILED
    return own_fault(fault) or "", EXIT_FAILED


def _is_unavailable(fault: "DatabaseError") -> bool:
    """Whether the database cannot be reached, is no SQLite file, or refuses access."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    forbidden = getattr(fault.orig, "sqlstate", None) == "42501"  # PostgreSQL: permission denied
    return forbidden or isinstance(fault, OperationalError) or type(fault) is DatabaseError
