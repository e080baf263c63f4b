"""scrapy demo: the whole river on bundled sites, offline, through the commands a user has."""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from crawler.demo import showing
from crawler.demo.press import article_page, papers
from crawler.demo.server import SiteServer
from crawler.operations.command import EXIT_OK, WinnowCommand
from models.errors import UsageError, WinnowError

MARK = ".winnow-demo"  # a folder that the demo may empty
EDIT = (
    "ferry-timetable",
    "24 crowns for a seat",
    "28 crowns for a seat, not 24 as first reported,",
)
AT_ONCE = ("-s", "DOWNLOAD_DELAY=0")  # a real site is asked once a second
WITHDRAWN = "lighthouse-keeper"
SHOWN = "ferry-timetable"


class Command(WinnowCommand):
    """Serves the bundled sites on the loopback, crawls them, edits one, crawls it again."""

    example: ClassVar[str] = "scrapy demo --keep demo"

    def syntax(self) -> str:
        """What follows the verb."""
        return "[--keep DIR]"

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Crawl the bundled demo sites, offline, and show what came of it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --keep."""
        super().add_options(parser)
        parser.add_argument(
            "--keep", metavar="DIR", help="where the demo leaves its database, sites and archive"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Serves, crawls, shows; raises UsageError and DemoFailed."""
        if args:
            raise UsageError(f"takes no words, only --keep DIR: {' '.join(args)}")
        began = time.monotonic()
        place = _place(opts.keep)
        now = datetime.now(UTC)
        with ExitStack() as stack:
            servers = {
                paper.name: stack.enter_context(SiteServer(paper, now)) for paper in papers()
            }
            _crawl(place, servers)
            _show(place, servers["harbour-post"], now)
        print(f"\nDone in {time.monotonic() - began:.0f} s; {place} is yours to delete.")
        return EXIT_OK


class DemoFailed(WinnowError):
    """A verb that the demo typed did not end well; its own words stand above."""


def _place(keep: str | None) -> Path:
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="winnow-demo-"))
    place = Path(keep).resolve()
    if place.exists() and not (place / MARK).is_file() and any(place.iterdir()):
        raise UsageError(f"{place} is not empty, and no demo made it; give --keep another folder")
    if place.exists():
        shutil.rmtree(place)
    place.mkdir(parents=True)
    (place / MARK).touch()
    return place


def _crawl(place: Path, servers: dict[str, SiteServer]) -> None:
    print("Three fictional news sites are served on 127.0.0.1; nothing leaves this machine.")
    print(showing.heading("what a user types"))
    _type(place, "db", "upgrade")
    for name, server in servers.items():
        _type(place, "sites", "add", f"{server.url}/", "--name", name, "--private", *AT_ONCE)
        _hurry(place / "sites" / f"{name}.toml")
    print("# the servers are our own, so no one waits: [fetch] delay = 0 in the three TOML files")
    for name in servers:
        _type(place, "crawl", "discover", "-a", f"site={name}")
    post = servers["harbour-post"]
    post.paper = post.paper.edited(*EDIT)
    post.gone.add(post.paper.text(WITHDRAWN).path)
    print("# The Harbour Post corrects one article and withdraws another")
    _type(place, "crawl", "recrawl", "-a", "site=harbour-post")


def _hurry(toml: Path) -> None:
    text = toml.read_text("utf-8")
    toml.write_text(text.replace("[fetch]\n", "[fetch]\ndelay = 0\n", 1), "utf-8")


def _type(place: Path, *words: str) -> None:
    print(f"$ scrapy {' '.join(words)}", flush=True)
    environment = {
        "WINNOW_WORKERS": "1",  # for eight pages a run, a second one costs more than it saves
        **os.environ,
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "WINNOW_DATABASE_URL": f"sqlite:///{place}/winnow.db",
        "WINNOW_SITES_DIR": str(place / "sites"),
        "WINNOW_ARCHIVE_DIR": str(place / "archive"),
    }
    done = subprocess.run([sys.executable, "-m", "scrapy", *words], env=environment, check=False)  # noqa: S603 - our own words, no shell
    if done.returncode:
        raise DemoFailed(f"`scrapy {' '.join(words)}` ended with exit code {done.returncode}")


def _show(place: Path, server: SiteServer, now: datetime) -> None:
    text = server.paper.text(SHOWN)
    html = article_page(server.paper, text, server.url, now)
    with sqlite3.connect(place / "winnow.db") as database:
        _print("what came of every URL", showing.outcomes(database))
        _print(
            "one page, before (+ and -) and after (+ alone)",
            showing.before_and_after(database, server.url + text.path, html),
        )
        _print("the same story found twice", showing.copies(database))
        _print("what changed since, for readers that follow v1_changes", showing.changes(database))
        _print("SQL to try", showing.sql_to_try(place / "winnow.db", Path(sys.executable).name))


def _print(title: str, lines: Iterable[str]) -> None:
    print(showing.heading(title))
    for line in lines:
        print(line)
