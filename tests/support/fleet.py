"""A fleet of a test's own: workers that may be killed, sites on the loopback, and what came of it.

The judge is the sites' own log, and the rows in the database.
"""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tests.support.desk import Desk
from tests.support.many_sites import Servers, visiting
from tests.support.site_server import Asked, article, sitemap
from tests.support.town import story

READY = " takes winnow.visit"  # in the log of a worker


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


def add_sites(desk: Desk, servers: Servers, number: int, pages: int, delay: float) -> None:
    """So many sites with so many articles each, a server each."""
    for name in (f"site-{n:03}" for n in range(number)):
        servers.add(desk, name, pages)
        servers.write(desk, name, delay=delay)


def add_twins(
    desk: Desk, servers: Servers, names: tuple[str, str], pages: int, delay: float
) -> None:
    """Two sites on one host."""
    first, second = names
    server = servers.add(desk, first, pages)
    urls = [
        server.page(f"/{second}/{n}", article(f"{second} {n}", story(1000 + n)))
        for n in range(pages)
    ]
    server.page("/second.xml", sitemap(urls), content_type="application/xml")
    servers.write(desk, first, delay=delay)
    for name, path in ((first, "/map.xml"), (second, "/second.xml")):
        more = f'[sources]\nsitemaps = ["{server.url}{path}"]\n'
        desk.write_site(name, f"{server.url}/", more, delay)


def unfinished(desk: Desk) -> set[str]:
    """Sites without a visit that was completed."""
    done = {site for (site,) in desk.tuples("select site from v1_runs where status = 'done'")}
    return {path.stem for path in desk.sites.glob("*.toml")} - done


def twice_at_once(desk: Desk) -> list[tuple[str, int, int]]:
    """Pairs of runs of a site that were under way at once, of which there should be none."""
    query = (
        "select a.site, a.run_id, b.run_id from v1_runs a join v1_runs b"
        " on a.site = b.site and a.run_id < b.run_id and b.started_at < a.finished_at"
    )
    return desk.tuples(query)


def hurried(servers: Servers, delay: float) -> list[str]:
    """Requests that came too soon after the one before, as each site's log has them.

    Two of one visit may come nearer to each other than they were sent, on a busy machine. Those
    of two visits, of whichever worker, lie further apart than that.
    """
    found = []
    for name, server in servers.all.items():
        log = sorted(server.log, key=lambda asked: asked.at)
        for one, two in itertools.pairwise(log):
            begins = two.path == "/robots.txt"  # which each visit reads first
            least = delay * (0.9 if begins or _agent(one) != _agent(two) else 0.25)
            if two.at - one.at < least:
                found.append(f"{name}: {_shown(one)}, after {two.at - one.at:.3f} s {_shown(two)}")
    return found


def interleaved(servers: Servers) -> list[str]:
    """Sites that a worker asked again after another had begun: two were at work at once."""
    found = []
    for name, server in servers.all.items():
        agents = [_agent(asked) for asked in sorted(server.log, key=lambda asked: asked.at)]
        turns = [agent for agent, _ in itertools.groupby(agents)]
        if len(turns) > len(set(turns)):
            found.append(f"{name}: {' '.join(turns)}")
    return found


def asked_again(servers: Servers) -> dict[str, int]:
    """How often pages of each site were asked for more than once; robots.txt and sources aside."""
    found = {}
    for name, server in servers.all.items():
        pages = Counter(asked.path for asked in server.log if asked.path.count("/") == 2)
        found[name] = sum(times - 1 for times in pages.values() if times > 1)
    return found


def as_cron(desk: Desk, until: float) -> Iterator[str]:
    """Types `visit --fleet` again and again until no site is left; yields what it printed."""
    while unfinished(desk):
        assert time.monotonic() < until, f"not visited: {sorted(unfinished(desk))}"
        yield desk.type("visit", "--fleet", "--json").out


def _agent(asked: Asked) -> str:
    """The worker, by the contact that it signs its requests with."""
    return asked.headers["user-agent"].partition("+")[2].rstrip(")")


def _shown(asked: Asked) -> str:
    return f"{asked.path} of {_agent(asked)}"


def _typed(desk: Desk, log: IO[str], contact: str, *words: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", *words],
        env={**desk.environment, "WINNOW_CONTACT": contact},
        cwd=Path(desk.folder),
        stdout=log,
        stderr=log,
    )
