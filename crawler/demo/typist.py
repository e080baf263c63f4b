"""Types `scrapy` commands, each in a process that has the libraries loaded already.

A server process (multiprocessing's fork server) loads them once and forks for each command:
most of a command's time would go into loading them again.
"""

import logging
import multiprocessing
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scrapy.cmdline import execute

from crawler.home import as_typed, in_url
from models.errors import WinnowError

# What commands of the demo load; never crawler.settings, which reads the environment.
_LOADED: Final = (
    "scrapy.cmdline", "scrapy.core.downloader.handlers.http11", "crawler.operations.crawl",
    "crawler.operations.probe", "crawler.operations.database", "migrations.upgrade",
    "crawler.spiders.discover", "crawler.spiders.recrawl", "pipelines.page_reader",
    "pipelines.archive", "pipelines.extract", "pipelines.strip", "pipelines.accept",
    "pipelines.store", "pipelines.dedup",
)  # fmt: skip


class DemoFailed(WinnowError):
    """A command of the demo did not end well; its own words stand above."""


def folder_settings(place: Path) -> dict[str, str]:
    """The settings by which commands work on the demo's folder."""
    return {
        "WINNOW_DATABASE_URL": f"sqlite:///{in_url(place)}/winnow.db",
        "WINNOW_SITES_DIR": str(place / "sites"),
        "WINNOW_ARCHIVE_DIR": str(place / "archive"),
    }


class Typist:
    """Types commands for one folder: its database, sites and archive."""

    def __init__(self, place: Path) -> None:
        self._environment = {
            "WINNOW_WORKERS": "0",  # bundled pages need no process of their own
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            **folder_settings(place),
        }
        methods = multiprocessing.get_all_start_methods()
        self._context: Any = multiprocessing.get_context(
            "forkserver" if "forkserver" in methods else "spawn"
        )
        if "forkserver" in methods:
            self._context.set_forkserver_preload(list(_LOADED))

    def type(self, *words: str) -> None:
        """Prints and runs `scrapy WORDS`; raises DemoFailed for an exit code but 0."""
        print(as_typed(f"$ scrapy {' '.join(words)}"), flush=True)
        process = self._context.Process(target=_execute, args=(words, self._environment))
        process.start()
        process.join()
        if process.exitcode:
            raise DemoFailed(f"`scrapy {' '.join(words)}` ended with exit code {process.exitcode}")


def _execute(words: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """In the new process: what the `scrapy` script does."""
    os.environ.update(environment)
    # a page without an article is part of the demo, and its outcome says so
    logging.getLogger("trafilatura").setLevel(logging.ERROR)
    sys.argv = [sys.argv[0], *words]  # messages name the program that was typed
    execute(sys.argv)
