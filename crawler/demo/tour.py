"""The demo itself: three bundled sites are served, crawled, edited, and crawled again."""

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

from crawler.demo import next_steps, showing
from crawler.demo.press import article_page, papers
from crawler.demo.server import SiteServer
from crawler.demo.typist import Typist
from models.clock import utc_now
from models.errors import UsageError

MARK: Final = ".winnow-demo"  # a folder that the demo may empty
EDIT: Final = (
    "ferry-timetable",
    "24 crowns for a seat",
    "28 crowns for a seat, not 24 as first reported,",
)
AT_ONCE: Final = ("-s", "DOWNLOAD_DELAY=0")  # a real site is asked once a second
WITHDRAWN: Final = "lighthouse-keeper"
SHOWN: Final = "ferry-timetable"


def run(keep: str | None) -> None:
    """Serves, crawls, shows, all in the folder `keep` or one of its own.

    Raises UsageError for a folder that no demo made, DemoFailed if a command fails.
    """
    began = time.monotonic()
    place = _place(keep)
    now = utc_now()
    with ExitStack() as stack:
        servers = {paper.name: stack.enter_context(SiteServer(paper, now)) for paper in papers()}
        _crawl(place, servers)
        _show(place, servers["harbour-post"], now)
    print(f"\nDone in {time.monotonic() - began:.0f} s; {place} is yours to delete.")
    next_steps.tell(place)
    next_steps.offer_browser(place)


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
    typist = Typist(place)
    print("Three fictional news sites are served on 127.0.0.1; nothing leaves this machine.")
    print(showing.heading("what a user types"))
    typist.type("db", "upgrade")
    for name, server in servers.items():
        typist.type("sites", "add", f"{server.url}/", "--name", name, "--private", *AT_ONCE)
        _hurry(place / "sites" / f"{name}.toml")
    print("# the servers are our own, so no one waits: [fetch] delay = 0 in the three TOML files")
    for name in servers:
        typist.type("crawl", "discover", "-a", f"site={name}")
    post = servers["harbour-post"]
    post.paper = post.paper.edited(*EDIT)
    post.gone.add(post.paper.text(WITHDRAWN).path)
    print("# The Harbour Post corrects one article and withdraws another")
    typist.type("crawl", "recrawl", "-a", "site=harbour-post")


def _hurry(toml: Path) -> None:
    text = toml.read_text("utf-8")
    toml.write_text(text.replace("[fetch]\n", "[fetch]\ndelay = 0\n", 1), "utf-8")


def _show(place: Path, server: SiteServer, now: datetime) -> None:
    text = server.paper.text(SHOWN)
    html = article_page(server.paper, text, server.url, now)
    with sqlite3.connect(place / "winnow.db") as database:
        _print("the outcome of every URL", showing.outcomes(database))
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
