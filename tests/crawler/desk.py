"""An operator's desk for tests: a database at head, a folder of sites, and the verbs."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings
from sqlalchemy import text

from models.db.database import Database

ROOT = Path(__file__).parents[2]
KEEP = {"tests.crawler.keeping.Keep": 100}


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an operator sits; every verb runs in a process of its own."""

    folder: Path
    database_url: str

    def site(self, name: str, start: str, more: str = "") -> None:
        """Writes a site's TOML: private, and fetched without delay."""
        sites = self.folder / "sites"
        sites.mkdir(exist_ok=True)
        fetch = "" if "[fetch]" in more else "\n[fetch]\ndelay = 0\nconcurrency = 2\n"
        scope = "" if "[scope]" in more else "\n[scope]\nprivate = true\n"
        path = sites / f"{name}.toml"
        path.write_text(f'start = "{start}"\n{scope}{fetch}{more}')

    def start(self, *words: str, **settings: object) -> subprocess.Popen[str]:
        """A verb that runs on."""
        given = {"ITEM_PIPELINES": json.dumps(KEEP), "RETRY_TIMES": 0, **settings}
        options = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *words, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ
            | {
                "WINNOW_DATABASE_URL": self.database_url,
                "WINNOW_SITES_DIR": str(self.folder / "sites"),
                "WINNOW_ARCHIVE_DIR": str(self.folder / "archive"),
                "WINNOW_WORKERS": "1",
            },
        )

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """A verb that runs on, and is gone afterwards whatever happened."""
        process = self.start(*words)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def type(self, *words: str, expect_traceback: bool = False, **settings: object) -> Done:
        """A verb, to its end."""
        process = self.start(*words, **settings)
        out, err = process.communicate(timeout=90)
        assert expect_traceback or "Traceback" not in err, err
        return Done(process.returncode, out, err)

    def quick(self, *words: str) -> Done:
        """A verb that starts no crawl, in this process."""
        settings = Settings()
        settings.setmodule("crawler.settings", priority="project")
        settings.set("WINNOW_DATABASE_URL", self.database_url, priority="cmdline")
        settings.set("WINNOW_SITES_DIR", str(self.folder / "sites"), priority="cmdline")
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            execute(["scrapy", *words], settings)
        return Done(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def crawl(self, site: str, spider: str = "discover", *more: str, **settings: Any) -> Done:
        """A run on a site."""
        given = [part for word in (f"site={site}", *more) for part in ("-a", word)]
        return self.type("crawl", spider, *given, **settings)

    def rows(self, query: str) -> list[Any]:
        """Rows of a query."""
        database = Database.open(self.database_url)
        try:
            with database.reading() as conn:
                return [tuple(row) for row in conn.execute(text(query))]
        finally:
            database.close()

    def execute(self, statement: str) -> None:
        """Changes rows behind the verbs' back."""
        database = Database.open(self.database_url)
        try:
            with database.transaction() as conn:
                conn.execute(text(statement))
        finally:
            database.close()

    def outcomes(self, run_id: int | None = None) -> dict[str, str]:
        """Path to outcome, of the last run or of one."""
        last = run_id or "(select max(run_id) from runs)"
        query = f"select url, outcome from v1_outcomes where run_id = {last}"
        return {"/" + url.split("/", 3)[3]: outcome for url, outcome in self.rows(query)}


def wait_for(happened: Callable[[], bool], seconds: float = 120.0) -> None:
    """Waits until something happened; fails where it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def kill(process: subprocess.Popen[str], how: signal.Signals) -> Done:
    """Ends a verb by a signal."""
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    return Done(process.returncode, out, err)
