"""A fleet of a test's own: workers that may be killed, and sites on the loopback."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from tests.support.desk import Desk
from tests.support.many_sites import visiting
from tests.support.site_server import Asked, SiteServer, article, sitemap
from tests.support.town import story

READY: Final = " takes winnow.visit"  # in the log of a worker


class Worker:
    """A `scrapy worker`, whose log is a file."""

    def __init__(self, desk: Desk, number: int, *words: str) -> None:
        self.log = desk.folder / f"worker-{number}.log"
        with self.log.open("w") as log:
            self.process = _typed(desk, log, f"worker-{number}", "worker", *words)

    @property
    def is_ready(self) -> bool:
        return READY in self.log.read_text() or self.process.poll() is not None

    @property
    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    def kill(self, *, all_of_it: bool) -> None:
        """As the kernel kills it; `all_of_it`: with its visiting processes, as a power cut does."""
        processes = visiting(self.process.pid) if all_of_it else []
        self.process.kill()
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 60) -> int:
        """By SIGTERM; returns its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=seconds)


class Fleet:
    """Workers of one database and one broker."""

    def __init__(self, desk: Desk, broker: str) -> None:
        self.desk, self.workers = desk, list[Worker]()
        self._numbers = itertools.count(1)
        desk.environment |= {
            "WINNOW_BROKER_URL": broker,
            "WINNOW_VISIT_SHORTEST": "1s",  # who was stopped is due again soon
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *words: str) -> Worker:
        """A worker that is starting."""
        worker = Worker(self.desk, next(self._numbers), *words)
        self.workers.append(worker)
        return worker

    def close(self) -> None:
        """Kills what is left."""
        for worker in self.workers:
            worker.kill(all_of_it=True)


@contextmanager
def fleet(desk: Desk, broker: str) -> Iterator[Fleet]:
    """A fleet that is gone afterwards."""
    made = Fleet(desk, broker)
    try:
        yield made
    finally:
        made.close()


class Hosts:
    """Sites on one server, each on an address of its own of the loopback, or two on one."""

    def __init__(self, server: SiteServer, desk: Desk, pages: int, delay: float) -> None:
        self.server, self._desk, self._pages, self._delay = server, desk, pages, delay
        self._hosts, self._stories = itertools.count(2), itertools.count()
        server.page("/robots.txt", "", content_type="text/plain")

    def add(self, *names: str) -> None:
        """Sites that share one address."""
        number = next(self._hosts)
        host = f"127.0.{1 + number // 250}.{1 + number % 250}:{self.server.port}"
        for name in names:
            urls = [f"http://{host}/{name}/{n}" for n in range(self._pages)]
            for n in range(self._pages):
                self.server.page(f"/{name}/{n}", article(f"{name} {n}", story(next(self._stories))))
            self.server.page(f"/{name}.xml", sitemap(urls), content_type="application/xml")
            more = f'[sources]\nsitemaps = ["http://{host}/{name}.xml"]\n'
            self._desk.write_site(name, f"http://{host}/", more, self._delay)

    @property
    def logs(self) -> dict[str, list[Asked]]:
        """Requests by host, in their order."""
        found: dict[str, list[Asked]] = defaultdict(list)
        for asked in sorted(self.server.log, key=lambda asked: asked.at):
            found[asked.headers["host"]].append(asked)
        return found


@contextmanager
def hosts(desk: Desk, pages: int, delay: float) -> Iterator[Hosts]:
    """Sites of so many articles each; a server that is gone afterwards."""
    with SiteServer("0.0.0.0") as server:
        yield Hosts(server, desk, pages, delay)


def unfinished(desk: Desk, pages: int) -> set[str]:
    """Sites of which an article is not stored, or that somebody visits.

    A visit that was stopped may have fetched all that there was.
    """
    stored = desk.tuples("select site, count(*) from v1_articles group by site")
    whole = {site for site, articles in stored if articles >= pages}
    running = {site for (site,) in desk.tuples("select site from v1_runs where status='running'")}
    return {path.stem for path in desk.sites.glob("*.toml")} - (whole - running)


def as_cron(desk: Desk, pages: int, until: float) -> Iterator[str]:
    """Types `visit --fleet` until each site is stored and none is due; yields what it printed."""
    due = True
    while (left := unfinished(desk, pages)) or due:
        assert time.monotonic() < until, f"not visited: {sorted(left)}"
        printed = desk.type("visit", "--fleet", "--json").out
        said = json.loads(printed)
        due = bool(said["sites"] or said["before"])
        yield printed


def _typed(desk: Desk, log: IO[str], contact: str, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", *words],
        env={**desk.environment, "WINNOW_CONTACT": contact},
        cwd=Path(desk.folder),
        stdout=log,
        stderr=log,
    )
