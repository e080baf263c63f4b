"""An operator's desk for end-to-end tests: a folder, the verbs typed in it, SQL asked of it."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[1]


class Desk:
    """A database, a sites folder and an archive of the test's own; verbs run as processes.

    `workers`: extraction processes. Starting them takes most of a small crawl, so that only
    tests of what such a process is for have any.
    """

    def __init__(self, folder: Path, workers: int = 0) -> None:
        self.folder = folder
        self.sites = folder / "sites"
        self._environment = {
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "PYTHONPATH": str(ROOT),
            "WINNOW_DATABASE_URL": f"sqlite:///{folder}/winnow.db",
            "WINNOW_SITES_DIR": str(self.sites),
            "WINNOW_ARCHIVE_DIR": str(folder / "archive"),
            "WINNOW_WORKERS": str(workers),
        }

    def type(
        self, *words: str, code: int = 0, timeout: float = 400
    ) -> subprocess.CompletedProcess[str]:
        """Types `scrapy WORDS`; the exit code must be `code`, and nobody sees a traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        said = f"$ scrapy {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr + done.stdout, said
        assert done.returncode == code, f"exit code {done.returncode}, not {code}\n{said}"
        return done

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Types `scrapy WORDS` and leaves it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *words],
            env=self._environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def upgrade(self) -> None:
        """Makes the database."""
        self.type("db", "upgrade")

    def write_site(self, name: str, start: str, more: str = "", delay: float = 0.01) -> Path:
        """Writes NAME.toml for a site on the loopback; `more` is TOML for other tables."""
        self.sites.mkdir(exist_ok=True)
        path = self.sites / f"{name}.toml"
        path.write_text(
            f'start = "{start}"\n{more}\n[scope]\nprivate = true\n[fetch]\ndelay = {delay}\n'
        )
        return path

    def hurry(self, name: str) -> None:
        """Takes the delay out of a TOML that `sites add` wrote: the server is our own."""
        path = self.sites / f"{name}.toml"
        text = path.read_text()
        assert "[fetch]\n" in text
        path.write_text(text.replace("[fetch]\n", "[fetch]\ndelay = 0.01\n", 1))

    def crawl(self, name: str, spider: str = "discover", *more: str, **kw: Any) -> str:
        """Types `scrapy crawl SPIDER -a site=NAME`; returns what it printed."""
        done = self.type("crawl", spider, "-a", f"site={name}", *more, **kw)
        return done.stdout + done.stderr

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Asks the database, as a reader would."""
        with sqlite3.connect(self.folder / "winnow.db") as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(sql, values)]

    def outcomes(self, kind: str = "discover") -> dict[str, tuple[str, str]]:
        """Outcome and reason of each path, in the last run of a kind."""
        rows = self.rows(
            "SELECT url, outcome, reason FROM v1_outcomes WHERE run_id ="
            " (SELECT max(run_id) FROM v1_runs WHERE kind = ?)",
            kind,
        )
        return {_path(row["url"]): (row["outcome"], row["reason"] or "") for row in rows}


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")
