"""A fleet at work: kills and restarts of the broker at scale, and what it costs above `visit`.

    python -m benchmarks.fleet [--sites 300] [--workers 4] [--broker redis|rabbitmq] [--check]

First the same sites are visited by `scrapy visit` and by one worker with `visit --fleet`: the CPU
of each (but that of the worker's start, which is once), without that of database, broker and
sites. Then several workers visit them while random ones are killed and the broker is restarted;
the log of the sites shows the result. Needs PostgreSQL and the broker's program.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from typing import Final

from tests.databases import empty_database, raise_to_head
from tests.support.brokers import RabbitNode, RedisServer, rabbit_node, redis_server
from tests.support.desk import Desk, wait_for
from tests.support.fleet import Hosts, as_cron, fleet, hosts
from tests.support.fleet_faults import cut_short, faults_of

MOST: Final = 1.05  # CPU of a fleet of one machine, above that of `visit`
KILLS: Final = 6
PAGES: Final = 4
DELAY: Final = 0.25  # seconds between two requests to a site
JOBS: Final = 32
_BROKERS: Final = ("redis", "rabbitmq")


def main(words: Sequence[str] | None = None) -> int:
    """Prints CPU and what the kills cost; exit code 1 with `--check` if that is too much."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sites", type=int, default=300)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--broker", choices=[*_BROKERS, "none"], action="append")
    parser.add_argument("--rounds", type=int, default=2, help="of the comparison; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help=f"fail above {MOST:g} times the CPU")
    given = parser.parse_args(words)
    failed = False
    if given.rounds:
        ratio = _overhead(given.sites, given.rounds)
        print(f"CPU of a fleet of one machine: {ratio:.3f} times that of `visit`")
        failed = ratio > MOST
    for name in given.broker or list(_BROKERS):
        if name != "none":
            faults = _kills(name, given.sites, given.workers, random.Random(given.seed))
            print("\n".join([f"{name}: {len(faults)} faults", *faults[:20]]))
            failed = failed or bool(faults)
    return 1 if given.check and failed else 0


def _overhead(sites: int, rounds: int) -> float:
    """The CPU of a fleet, with the start of its worker, by that of `visit`; the least of each."""
    alone, shared = [], []
    for _ in range(rounds):
        with _made(sites, delay=0.01) as (desk, _hosts):
            before = _cpu()
            printed = desk.start("visit", "--jobs", str(JOBS)).communicate()
            alone.append(_cpu() - before)
            _require_all(desk, sites, "".join(printed))
        with _made(sites, 0.01) as (desk, _hosts), redis_server() as broker:
            shared.append(_fleet_of_one(desk, broker.url, sites))
        print(f"visit {alone[-1]:.1f} s, fleet {shared[-1]:.1f} s of CPU for {sites} sites")
    return min(shared) / min(alone)


def _require_all(desk: Desk, sites: int, printed: str) -> None:
    """Fails where less was stored than there is: it would have been cheap."""
    ((stored,),) = desk.tuples("select count(*) from v1_articles")
    if stored != sites * PAGES:
        raise SystemExit(f"{stored} of {sites * PAGES} articles are stored\n{printed[-2000:]}")


def _fleet_of_one(desk: Desk, broker: str, sites: int) -> float:
    """The CPU of a worker, but that of its own start, and of what handed out to it.

    A worker starts once, and the processes that it visits in are started in this time.
    """
    with fleet(desk, broker) as made:
        worker = made.start("--jobs", str(JOBS))
        wait_for(lambda: worker.is_ready)
        before = _cpu() + _so_far(worker.process.pid)
        desk.start("visit", "--fleet").communicate()
        wait_for(lambda: desk.tuples("select count(*) from handouts") == [(0,)], 3600)
        worker.stop()
        used = _cpu() - before
        _require_all(desk, sites, worker.log.read_text())
        return used


def _kills(broker: str, sites: int, workers: int, tell: random.Random) -> list[str]:
    """What went wrong where workers were killed, and the broker was restarted in the middle."""
    starting = redis_server() if broker == "redis" else rabbit_node()
    with _made(sites, DELAY) as (desk, made_hosts), starting as server:
        with fleet(desk, server.url) as made:
            alive = [made.start("--jobs", str(JOBS)) for _ in range(workers)]
            wait_for(lambda: all(worker.is_ready for worker in alive))
            began, kills = time.monotonic(), 0
            for _ in as_cron(desk, PAGES, began + 3600):
                if kills < KILLS:
                    victim = tell.randrange(workers)
                    alive[victim].kill(all_of_it=tell.random() < 0.5)
                    kills += 1
                    if kills == KILLS // 2:
                        _restart(server)
                    alive[victim] = made.start("--jobs", str(JOBS))
            took = time.monotonic() - began
            cut = sum(cut_short(desk).values())
            print(f"{broker}: {sites} sites in {took:.0f} s, {kills} kills cut {cut} visits")
        return faults_of(desk, made_hosts.logs, DELAY, PAGES)


def _restart(server: RedisServer | RabbitNode) -> None:
    server.stop()
    server.start()


@contextmanager
def _made(sites: int, delay: float) -> Iterator[tuple[Desk, Hosts]]:
    """A database at head, and sites that nobody visited yet."""
    with TemporaryDirectory() as name, empty_database("postgresql", Path(name)) as url:
        raise_to_head(url)
        desk = Desk(Path(name), url, workers=os.cpu_count() or 1)
        with hosts(desk, PAGES, delay) as made:
            for number in range(sites):
                made.add(f"site-{number:03}")
            yield desk, made


def _so_far(pid: int) -> float:
    """Seconds that a process used which has not ended."""
    after_its_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_its_name[11]) + int(after_its_name[12])) / os.sysconf("SC_CLK_TCK")


def _cpu() -> float:
    """Seconds of processes that ended, and of theirs."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
