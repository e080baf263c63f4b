"""A fleet whose workers and broker are killed: each site is visited once, and nobody is hurried."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import AtHead
from tests.support.brokers import RabbitNode, RedisServer, rabbit_node, redis_server
from tests.support.desk import Desk, wait_for
from tests.support.fleet import as_cron, fleet, hosts
from tests.support.fleet_faults import cut_short, faults_of

pytestmark = pytest.mark.slow

DELAY = 0.25  # seconds between two requests to a site
PAGES = 6


@pytest.fixture(params=["redis", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[RedisServer | RabbitNode]:
    """One that may be stopped: Redis then forgets all, RabbitMQ nothing."""
    with redis_server() if request.param == "redis" else rabbit_node() as server:
        yield server


@pytest.fixture
def shared(tmp_path: Path, at_head: AtHead) -> Iterator[Desk]:
    """A desk with a database that machines can share."""
    with at_head.database("postgresql", tmp_path) as url:
        yield Desk(tmp_path, url)


def test_kills_and_a_restart_of_the_broker_cost_nothing(
    shared: Desk, broker: RedisServer | RabbitNode
) -> None:
    with hosts(shared, PAGES, DELAY) as sites, fleet(shared, broker.url) as workers:
        for n in range(10):
            sites.add(f"site-{n}")
        sites.add("twin-a", "twin-b")
        first, second = (workers.start("--jobs", "4") for _ in range(2))  # a batch each
        wait_for(lambda: first.is_ready and second.is_ready)
        shared.type("visit", "--fleet")
        third = workers.start("--jobs", "8")
        begun = "select count(distinct site) from v1_runs"
        wait_for(lambda: shared.tuples(begun)[0][0] >= 8 and third.is_ready)
        first.kill(all_of_it=False)
        second.kill(all_of_it=True)
        broker.stop()
        wait_for(lambda: "cannot be reached" in third.log.read_text())
        broker.start()
        workers.start("--jobs", "8")
        for _ in as_cron(shared, PAGES, time.monotonic() + 240):
            assert third.process.poll() is None
        assert all("Traceback" not in worker.log.read_text() for worker in workers.workers)
        assert sum(cut_short(shared).values()) > 0, "the kills cut nothing"
        assert faults_of(shared, sites.logs, DELAY, PAGES) == []
