"""A fleet of a test's own: workers that may be killed, sites on the loopback, and what came of it.

What counts is the sites' own log, and the rows in the database.
"""

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from crawler.middlewares.archived_first import MOST as IN_FLIGHT
from tests.support.desk import Desk
from tests.support.many_sites import visiting
from tests.support.site_server import Asked, SiteServer, article, sitemap
from tests.support.town import story

READY: Final = " takes winnow.visit"  # in the log of a worker
_PAGE: Final = re.compile(r"/[^/.]+/\d+")

Logs = Mapping[str, Sequence[Asked]]  # by host


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


def twice_at_once(desk: Desk) -> list[tuple[str, int, int]]:
    """Pairs of runs of a site that were under way at once, of which there should be none."""
    query = (
        "select a.site, a.run_id, b.run_id from v1_runs a join v1_runs b"
        " on a.site = b.site and a.run_id < b.run_id and b.started_at < a.finished_at"
    )
    return desk.tuples(query)


def hurried(logs: Logs, delay: float) -> list[str]:
    """Requests that came too soon after those before, as each host's log has them.

    One of a visit may leave late, on a machine that is too busy to run its process for a moment,
    and the next in time. So three of a visit take no less than one delay; those of two visits, of
    whichever worker, lie that far apart each time.
    """
    found = []
    for host, log in logs.items():
        for one, two in itertools.pairwise(log):
            if not _of_one_visit(one, two) and two.at - one.at < delay * 0.9:
                found.append(f"{host}: {_shown(one)}, after {two.at - one.at:.3f} s {_shown(two)}")
        for one, two, three in zip(log, log[1:], log[2:], strict=False):
            of_one = _of_one_visit(one, two) and _of_one_visit(two, three)
            if of_one and three.at - one.at < delay * 0.9:
                shown = ", ".join(map(_shown, (one, two, three)))
                found.append(f"{host}: {shown} in {three.at - one.at:.3f} s")
    return found


def _of_one_visit(one: Asked, two: Asked) -> bool:
    """Whether two requests in a row are of one visit, which reads robots.txt first."""
    return two.path != "/robots.txt" and _agent(one) == _agent(two)


def interleaved(logs: Logs) -> list[str]:
    """Hosts that a worker asked again after another had begun: two were at work at once."""
    found = []
    for host, log in logs.items():
        turns = [agent for agent, _ in itertools.groupby(_agent(asked) for asked in log)]
        if len(turns) > len(set(turns)):
            found.append(f"{host}: {' '.join(turns)}")
    return found


def asked_again(logs: Logs) -> Counter[str]:
    """How often pages of each site were asked for more than once; robots.txt and sources aside."""
    pages = Counter(asked.path for log in logs.values() for asked in log)
    again: Counter[str] = Counter()
    for path, times in pages.items():
        if _PAGE.fullmatch(path):
            again[path.split("/")[1]] += times - 1
    return again


def cut_short(desk: Desk) -> Counter[str]:
    """How many visits of each site were not completed."""
    return Counter(
        site for (site,) in desk.tuples("select site from v1_runs where status <> 'done'")
    )


def faults_of(desk: Desk, logs: Logs, delay: float, pages: int) -> list[str]:
    """All that a fleet must not do; empty where every site was visited once."""
    sites = len(list(desk.sites.glob("*.toml")))
    done = Counter(site for (site,) in desk.tuples("select site from v1_runs where status='done'"))
    found = [
        f"{site} has {times} completed visits: {_runs_of(desk, site)}"
        for site, times in done.items()
        if times > 1
    ]
    found += [f"{site} was not visited" for site in unfinished(desk, pages)]
    found += [f"{site}: runs {one} and {two} at once" for site, one, two in twice_at_once(desk)]
    (stored,) = desk.tuples("select count(*), count(distinct url), max(revision) from v1_articles")
    if stored != (sites * pages, sites * pages, 1):
        found.append(f"stored: {stored}, not {sites * pages} articles of one revision each")
    cut = cut_short(desk)
    found += [
        f"{site}: {times} pages were fetched again, after {cut[site]} visits that were cut"
        for site, times in asked_again(logs).items()
        if times > IN_FLIGHT * cut[site]
    ]
    kept = "select url, count(*) from v1_captures group by url having count(*) > 1"
    found += [f"{url} was fetched {times} times and kept" for url, times in desk.tuples(kept)]
    return found + hurried(logs, delay) + interleaved(logs)


def as_cron(desk: Desk, pages: int, until: float) -> Iterator[str]:
    """Types `visit --fleet` until each site is stored and none is due; yields what it printed."""
    due = True
    while (left := unfinished(desk, pages)) or due:
        assert time.monotonic() < until, f"not visited: {sorted(left)}"
        printed = desk.type("visit", "--fleet", "--json").out
        said = json.loads(printed)
        due = bool(said["sites"] or said["before"])
        yield printed


def _runs_of(desk: Desk, site: str) -> str:
    query = "select run_id, status, reason, started_at, finished_at, urls from v1_runs"
    rows = desk.tuples(f"{query} where site = '{site}' order by run_id")
    return "; ".join(" ".join(map(str, row)) for row in rows)


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
