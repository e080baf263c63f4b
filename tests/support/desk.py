"""Commands as a user types them: in the test's own process, or in processes of their own."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from scrapy.cmdline import execute
from scrapy.settings import Settings

from models.db.database import Database
from tests.support.warm_start import warm_start

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def printed(self) -> str:
        """Both streams, one after the other."""
        return self.out + self.err


def scrapy(url: str, *words: str, **settings: str) -> Result:
    """Types `scrapy WORDS` against a database, in this process; `settings` as by -s."""
    made = Settings()
    made.setmodule("crawler.settings")
    made.setdict({"WINNOW_DATABASE_URL": url, **settings}, priority="cmdline")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    err, code = io.StringIO(), 0
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch("scrapy.cmdline.inside_project", return_value=True),
    ):
        try:
            execute(["scrapy", *words], made)
        except SystemExit as end:
            code = int(end.code or 0)
    return Result(code, out.buffer.getvalue().decode(), err.getvalue())


class Desk:
    """A database, a sites folder and an archive of the test's own; commands run as processes.

    `workers`: extraction processes. Starting them takes most of a small crawl, so that only
    tests of what such a process is for have any. `settings` go to every command by -s.
    """

    def __init__(
        self, folder: Path, url: str | None = None, workers: int = 0, **settings: object
    ) -> None:
        self.folder = folder
        self.sites = folder / "sites"
        self.url = url or f"sqlite:///{folder}/winnow.db"
        self._settings = settings
        self.environment = {
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "PYTHONPATH": str(ROOT),
            "WINNOW_DATABASE_URL": self.url,
            "WINNOW_SITES_DIR": str(self.sites),
            "WINNOW_ARCHIVE_DIR": str(folder / "archive"),
            "WINNOW_WORKERS": str(workers),
        }

    # ------------------------------------------------------------ commands

    def type(
        self, *words: str, code: int = 0, timeout: float = 400, traceback: bool = False, **more: Any
    ) -> Result:
        """Types `scrapy WORDS`; the exit code must be `code`, and nobody sees a traceback."""
        if self.environment["WINNOW_WORKERS"] == "0":
            ended, out, err = warm_start().run(
                self._typed(words, more), self.environment, self.folder, timeout
            )
        else:
            process = self.start(*words, **more)
            out, err = process.communicate(timeout=timeout)
            ended = process.returncode
        printed = f"$ scrapy {' '.join(words)}\n{out}\n{err}"
        assert traceback or "Traceback" not in err + out, printed
        assert ended == code, f"exit code {ended}, not {code}\n{printed}"
        return Result(ended, out, err)

    def start(self, *words: str, **more: object) -> "subprocess.Popen[str]":
        """Types `scrapy WORDS` and leaves it running; `more` settings go along by -s."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *self._typed(words, more)],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _typed(self, words: Sequence[str], more: Mapping[str, object]) -> list[str]:
        given = {**self._settings, **more}
        return [*words, *(part for name in given for part in ("-s", f"{name}={given[name]}"))]

    @contextmanager
    def running(self, *words: str) -> Iterator["subprocess.Popen[str]"]:
        """A command that runs on, and is gone afterwards whatever happened."""
        process = self.start(*words)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def here(self, *words: str, **more: str) -> Result:
        """Types `scrapy WORDS` in this process: for commands that start no crawl."""
        return scrapy(self.url, *words, WINNOW_SITES_DIR=str(self.sites), **more)

    def crawl(self, name: str, spider: str = "discover", *more: str, **options: Any) -> Result:
        """Types `scrapy crawl SPIDER -a site=NAME`."""
        return self.type("crawl", spider, "-a", f"site={name}", *more, **options)

    def use_settings(self, module: str, **environment: str) -> None:
        """Later commands read another settings module, and see these variables as well."""
        self.environment |= {"SCRAPY_SETTINGS_MODULE": module, **environment}

    def upgrade(self) -> None:
        """Makes the database."""
        self.here("db", "upgrade")

    # ------------------------------------------------------------ sites

    def write_site(self, name: str, start: str, more: str = "", delay: float = 0.01) -> Path:
        """Writes NAME.toml for a site on the loopback; `more` is TOML for other tables."""
        self.sites.mkdir(exist_ok=True)
        path = self.sites / f"{name}.toml"
        scope = "" if "[scope]" in more else "[scope]\nprivate = true\n"
        fetch = "" if "[fetch]" in more else f"[fetch]\ndelay = {delay}\n"
        path.write_text(f'start = "{start}"\n{more}\n{scope}{fetch}')
        return path

    def hurry(self, name: str) -> None:
        """Takes the delay out of a TOML that `sites add` wrote: the server is our own."""
        path = self.sites / f"{name}.toml"
        text = path.read_text()
        assert "[fetch]\n" in text
        path.write_text(text.replace("[fetch]\n", "[fetch]\ndelay = 0.01\n", 1))

    # ------------------------------------------------------------ the database

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Asks the database, as a reader would."""
        with self._open() as database, database.reading() as conn:
            return [dict(row) for row in conn.exec_driver_sql(sql, values).mappings()]

    def tuples(self, sql: str) -> list[Any]:
        """Rows of a query, without their names."""
        with self._open() as database, database.reading() as conn:
            return [tuple(row) for row in conn.exec_driver_sql(sql)]

    def execute(self, statement: str) -> None:
        """Changes rows behind the commands' back."""
        with self._open() as database, database.transaction() as conn:
            conn.exec_driver_sql(statement)

    def outcomes(self, kind: str = "discover") -> dict[str, tuple[str, str]]:
        """Outcome and reason of each path, in the last run of a kind."""
        rows = self.tuples(
            "SELECT url, outcome, reason FROM v1_outcomes WHERE run_id ="
            f" (SELECT max(run_id) FROM v1_runs WHERE kind = '{kind}')"
        )
        return {_path(url): (outcome, reason or "") for url, outcome, reason in rows}

    def last_run(self) -> dict[str, str]:
        """Outcome of each path, in the last run of any kind."""
        last = "(SELECT max(run_id) FROM runs)"
        rows = self.tuples(f"SELECT url, outcome FROM v1_outcomes WHERE run_id = {last}")
        return {_path(url): outcome for url, outcome in rows}

    @contextmanager
    def _open(self) -> Iterator[Database]:
        database = Database.open(self.url)
        try:
            yield database
        finally:
            database.close()


def wait_for(happened: Callable[[], object], seconds: float = 120.0) -> None:
    """Waits until something happened; fails if it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def kill(process: "subprocess.Popen[str]", how: signal.Signals) -> Result:
    """Ends a command by a signal."""
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    return Result(process.returncode, out, err)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
