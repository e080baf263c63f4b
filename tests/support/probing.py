"""Looks at sites in a process of its own, since a process runs one reactor: what each came to."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import Settings

from crawler.operations.probe import probe_many
from crawler.operations.probe_spider import Look, Probed

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Came:
    """What one look came to."""

    after: float  # seconds from the start of all
    sources: dict[str, str]  # kinds by URL
    faults: list[str]


def probe_all(urls: Sequence[str], seconds: float, jobs: int) -> dict[str, Came]:
    """Looks at private addresses, each for so many seconds at most."""
    task = json.dumps([list(urls), seconds, jobs])
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.probing"],
        input=task, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    return {url: Came(**came) for url, came in json.loads(done.stdout).items()}


def _probe(urls: list[str], seconds: float, jobs: int) -> dict[str, dict[str, object]]:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    quick = {"DOWNLOAD_DELAY": 0, "RETRY_ENABLED": False, "LOG_LEVEL": "ERROR"}
    settings.setdict({**quick, "WINNOW_WORKERS": 0}, "cmdline")
    came: dict[str, dict[str, object]] = {}
    begun = time.monotonic()

    def ended(number: int, found: Probed) -> None:
        sources = {source.url: source.kind for source in found.sources}
        after = time.monotonic() - begun
        came[urls[number]] = {"after": after, "sources": sources, "faults": found.faults}

    looks = [Look(url, private=True, seconds=seconds) for url in urls]
    probe_many(settings, looks, lambda _: None, ended, jobs)
    return came


if __name__ == "__main__":
    json.dump(_probe(*json.load(sys.stdin)), sys.stdout)
