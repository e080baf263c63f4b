"""What a worker and `visit --fleet` say of what is wrong, and how a worker is stopped."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.fleet.app import make_app
from crawler.fleet.batch import TASK
from crawler.fleet.queues import waiting
from tests.databases import AtHead
from tests.support.brokers import RedisServer, redis_server
from tests.support.desk import Desk, wait_for
from tests.support.fleet import Fleet, fleet, unfinished
from tests.support.many_sites import Servers, left_behind, visiting
from tests.support.site_server import drip
from tests.support.tcp_proxy import TcpProxy

pytestmark = pytest.mark.slow


@pytest.fixture
def broker() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture
def postgresql(tmp_path: Path, at_head: AtHead) -> Iterator[str]:
    """A database that machines can share."""
    with at_head.database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def proxy(postgresql: str) -> Iterator[TcpProxy]:
    """The way to it, which may be cut off."""
    with TcpProxy(postgresql) as made:
        yield made


@pytest.fixture
def shared(tmp_path: Path, proxy: TcpProxy) -> Desk:
    return Desk(tmp_path, proxy.url)


@pytest.fixture
def workers(shared: Desk, broker: RedisServer) -> Iterator[Fleet]:
    with fleet(shared, broker.url) as made:
        yield made


def no_broker(desk: Desk, url: str) -> Desk:
    desk.environment |= {"WINNOW_BROKER_URL": url}
    return desk


@pytest.mark.parametrize("words", [("worker",), ("visit", "--fleet")])
def test_wrong_settings_are_one_line(desk: Desk, servers: Servers, words: tuple[str, ...]) -> None:
    servers.add(desk, "one")
    said = desk.type(*words, code=2).err
    assert said.startswith(f"scrapy {words[0]}: a fleet needs a database that its machines share")
    server = "postgresql+psycopg://nobody@127.0.0.1:1/x"
    desk.environment["WINNOW_DATABASE_URL"] = server
    said = desk.type(*words, code=2).err
    assert said.startswith(f"scrapy {words[0]}: a fleet needs a broker: set WINNOW_BROKER_URL; ")
    said = no_broker(desk, "http://host").type(*words, code=2).err
    assert "http://… is no broker that we know; write redis://" in said
    said = no_broker(desk, "redis://:geheim@127.0.0.1:1/0").type(*words, code=1).err
    assert said == (
        f"scrapy {words[0]}: the broker redis://127.0.0.1:1/0 cannot be reached: Connection"
        " refused; is WINNOW_BROKER_URL right?\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("worker", "one"), "scrapy worker takes no words, but got 'one'"),
        (("worker", "--jobs", "0"), "--jobs 0: write 1 or more"),
        (("worker", "--only-labels"), "--only-labels: name a label"),
        (("visit", "--fleet", "--jobs", "3"), "--jobs is the worker's: type scrapy worker"),
    ],
)
def test_wrong_options_are_one_line(desk: Desk, words: tuple[str, ...], said: str) -> None:
    assert said in desk.here(*words).err


def test_a_clock_that_differs_is_refused(shared: Desk, servers: Servers, workers: Fleet) -> None:
    servers.add(shared, "one")
    shared.environment["WINNOW_NOW"] = (
        datetime.now(UTC) + timedelta(hours=2, minutes=5)
    ).isoformat()
    for words in (("worker",), ("visit", "--fleet")):
        said = shared.type(*words, code=1).err.splitlines()[-1]
        assert said.startswith(f"scrapy {words[0]}: this machine's clock is 2 h")
    refused = "select refused from v1_workers"
    assert "this machine's clock" in shared.tuples(refused)[0][0]


def test_a_batch_of_another_version_is_refused_and_waits(
    shared: Desk, servers: Servers, workers: Fleet, broker: RedisServer
) -> None:
    servers.add(shared, "one")
    worker = workers.start()
    wait_for(lambda: worker.is_ready)
    app = make_app(Settings({"WINNOW_BROKER_URL": broker.url}))
    message = {
        "batch": "b1", "sites": [["one"]], "beside": [[]], "label": "", "now": False,
        "asked_at": datetime.now(UTC).isoformat(), "until": None, "version": "9.9",
    }  # fmt: skip
    app.send_task(TASK, kwargs={"what": "is this"}, queue=TASK)
    app.send_task(TASK, kwargs=message, queue=TASK)
    assert worker.process.wait(timeout=60) == 1
    assert "a message that is no batch of ours is dropped: KeyError" in worker.log.read_text()
    assert worker.lines[-1].startswith("scrapy worker: this worker is Winnow")
    assert waiting(app, [TASK]) == {TASK: 1}, "for a worker of its version"
    assert "handed out by Winnow 9.9" in shared.tuples("select refused from v1_workers")[0][0]


def test_the_first_signal_ends_visits_cleanly_and_the_second_at_once(
    shared: Desk, servers: Servers, workers: Fleet
) -> None:
    for name in ("one", "two"):
        servers.add(shared, name, 30, pause=0.1)
    worker = workers.start("--jobs", "1")
    wait_for(lambda: worker.is_ready)
    shared.type("visit", "--fleet")
    wait_for(lambda: shared.tuples("select count(*) from v1_outcomes")[0][0] >= 2)
    assert worker.stop() == 0
    assert left_behind(shared) == [0, 0, 0]
    assert shared.tuples("select count(*) from handouts") == [(0,)]
    assert shared.tuples("select count(*) from v1_workers") == [(0,)]
    (run,) = shared.tuples("select site, run_id from v1_runs")
    assert any(f": run {run[1]}: {run[0]}: stopped by SIGINT" in line for line in worker.lines)
    assert worker.lines[-1].endswith(": ended")
    for name in ("one", "two"):
        servers.all[name].pages[f"/{name}/29"] = servers.all[name].pages[f"/{name}/28"] = drip(60)
    hanging = workers.start("--jobs", "8")
    wait_for(lambda: hanging.is_ready)
    shared.type("visit", "--fleet", "--now")
    hung = [(servers.all[name], f"/{name}/{n}") for name in ("one", "two") for n in (28, 29)]
    wait_for(lambda: any(server.asked(path) for server, path in hung))
    processes = visiting(hanging.process.pid)
    hanging.process.send_signal(signal.SIGINT)
    wait_for(lambda: "ends its visits cleanly" in hanging.log.read_text())
    hanging.process.send_signal(signal.SIGTERM)
    assert hanging.process.wait(timeout=25) == 1, "less than DOWNLOAD_TIMEOUT"
    wait_for(lambda: not any(Path(f"/proc/{process.pid}").exists() for process in processes))
    assert left_behind(shared) == [0, 0, 0]


def test_broker_and_database_that_go_away_are_waited_for(
    shared: Desk,
    servers: Servers,
    workers: Fleet,
    broker: RedisServer,
    proxy: TcpProxy,
    postgresql: str,
) -> None:
    servers.add(shared, "one", 3)
    file = shared.sites / "one.toml"
    file.write_text(file.read_text() + '\nlabel = "de"\n')
    servers.add(shared, "two", 3)
    worker = workers.start("--jobs", "8", "--label", "de", "--only-labels")
    wait_for(lambda: " takes winnow.visit.de;" in worker.log.read_text())
    broker.stop()
    wait_for(lambda: "cannot be reached: Connection refused" in worker.log.read_text())
    assert "cannot be reached" in shared.type("visit", "--fleet", code=1).err
    assert shared.tuples("select count(*) from handouts") == [(0,)]
    broker.start()
    refused = proxy.refused
    proxy.refuse()
    straight = Desk(shared.folder, postgresql)
    straight.environment = {**shared.environment, "WINNOW_DATABASE_URL": postgresql}
    straight.type("visit", "--fleet")
    wait_for(lambda: proxy.refused > refused)
    assert unfinished(straight, 3) == {"one", "two"}
    proxy.admit()
    wait_for(lambda: unfinished(shared, 3) == {"two"})
    wait_for(lambda: straight.tuples("select site from handouts") == [("two",)])
    assert worker.stop() == 0
    assert all(line.startswith("2") for line in worker.lines), "one line each, dated"
    connected = [line for line in worker.lines if "Connected to redis" in line]
    assert len(connected) == 2, "at the start, and when it was back"
