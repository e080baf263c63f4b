"""A fleet whose workers and broker are killed: each site is visited once, and nobody is hurried."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import AtHead
from tests.support.brokers import RabbitNode, RedisServer, rabbit_node, redis_server
from tests.support.desk import Desk, wait_for
from tests.support.fleet import (
    add_sites,
    add_twins,
    as_cron,
    asked_again,
    fleet,
    hurried,
    interleaved,
    twice_at_once,
    unfinished,
)
from tests.support.many_sites import Servers

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
    shared: Desk, servers: Servers, broker: RedisServer | RabbitNode
) -> None:
    add_sites(shared, servers, 10, PAGES, DELAY)
    add_twins(shared, servers, ("twin-a", "twin-b"), PAGES, DELAY)
    with fleet(shared, broker.url) as workers:
        first, second, third = (workers.start("--jobs", "8") for _ in range(3))
        wait_for(lambda: all(worker.is_ready for worker in workers.workers))
        shared.type("visit", "--fleet")
        begun = "select count(*) from v1_runs"
        wait_for(lambda: shared.tuples(begun)[0][0] >= 8)
        first.kill(all_of_it=False)
        second.kill(all_of_it=True)
        broker.stop()
        workers.start("--jobs", "8").process.wait()  # it says that the broker is away
        broker.start()
        workers.start("--jobs", "8")
        for _ in as_cron(shared, time.monotonic() + 60):
            pass
        assert third.process.poll() is None
        assert "Traceback" not in third.log.read_text()
    assert unfinished(shared) == set()
    runs = "select site, count(*) from v1_runs where status = 'done' group by site"
    assert {count for _, count in shared.tuples(runs)} == {1}
    assert twice_at_once(shared) == []
    articles = "select count(*), count(distinct url), max(revision) from v1_articles"
    assert shared.tuples(articles) == [(12 * PAGES, 12 * PAGES, 1)]
    assert hurried(servers, DELAY) == []
    assert interleaved(servers) == []
    cut = dict(
        shared.tuples("select site, count(*) from v1_runs where status <> 'done' group by site")
    )
    again = asked_again(servers)
    again["twin-b"] = 0
    assert {site for site, times in again.items() if times > 2 * cut.get(site, 0)} == set()
