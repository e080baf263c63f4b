"""What `visit --fleet` gives to the broker: what is due, and nobody has or will get."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scrapy.settings import Settings

from crawler.fleet import hand_out as module
from crawler.fleet.app import make_app
from crawler.fleet.batch import Batch, Group
from crawler.fleet.hand_out import HandedOut, HandOut
from models.clock import utc_now
from models.crawl.schedule import Bounds
from models.db.database import Database
from models.db.owners import new_owner
from models.errors import BrokerFault
from models.fleet import handouts, host_holds, workers
from models.fleet.workers import FleetWorker
from models.scheduling import run_lifecycle
from models.sites import registry
from models.sites.config import Scope, Site
from tests.factories import known_site, make_site
from tests.support.brokers import RedisServer, redis_server

DEAD = "host:1:ab"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis_server() as made:
        yield made


@pytest.fixture
def broker(server: RedisServer) -> RedisServer:
    with server.client() as client:
        client.flushall()
    return server


def site(name: str, label: str = "", host: str = "") -> Site:
    made = make_site(name=name, scope=Scope(hosts=frozenset({f"{host or name}.test"})))
    return replace(made, fetch=replace(made.fetch, label=label))


class Hands:
    """Calls of `visit --fleet` on some sites."""

    def __init__(self, broker: RedisServer, database: Database, *sites: Site) -> None:
        self.settings = Settings({"WINNOW_BROKER_URL": broker.url})
        self.database, self.sites, self._broker = database, sites, broker
        self._hand_out = HandOut(make_app(self.settings), self.settings, database, Bounds())

    def __call__(self, *wanted: str, **more: Any) -> HandedOut:
        return replace(self._hand_out, **more).run(self.sites, wanted or None)

    def batches(self, queue: str = "winnow.visit") -> list[Batch]:
        """What waits at the broker, the first to be taken first."""
        with self._broker.client() as client:
            found: list[bytes] = client.lrange(queue, 0, -1)  # type: ignore[assignment]
        bodies = [base64.b64decode(json.loads(message)["body"]) for message in reversed(found)]
        return [Batch.of(json.loads(body)[1]) for body in bodies]

    def handed(self, queue: str = "winnow.visit") -> list[str]:
        return [name for batch in self.batches(queue) for name in batch.sites]

    def lose(self) -> None:
        """The broker forgets all."""
        with self._broker.client() as client:
            client.flushall()

    def outstanding(self) -> frozenset[str]:
        with self.database.reading() as conn:
            return handouts.outstanding(conn, utc_now())


def worker(owner: str, jobs: int = 8) -> FleetWorker:
    now = utc_now()
    return FleetWorker(owner, "host", "0.1.0", "0118", ("",), jobs, now, now)


def test_what_is_due_is_handed_out_once(broker: RedisServer, database: Database) -> None:
    with database.transaction() as conn:
        registry.schedule(conn, known_site(conn, "later"), utc_now() + timedelta(hours=1))
    hands = Hands(broker, database, *(site(f"s{n}") for n in range(9)), site("later"))
    assert hands() == HandedOut(9, 9, 0)
    assert sorted(hands.handed()) == sorted(hands.outstanding()) == [f"s{n}" for n in range(9)]
    assert hands() == HandedOut(0, 0, 9)
    assert hands(now=True) == HandedOut(1, 1, 9)
    assert hands.batches()[-1].now
    assert hands().line() == "handed out 0 sites in 0 batches; 9 more are under way"


def test_batches_have_several_sites_where_workers_have_few_places(
    broker: RedisServer, sqlite: Database
) -> None:
    with sqlite.transaction() as conn:
        workers.register(conn, worker(new_owner(), jobs=2))
    hands = Hands(broker, sqlite, *(site(f"s{n}") for n in range(9)))
    assert hands() == HandedOut(9, 3, 0)
    assert [len(batch.sites) for batch in hands.batches()] == [4, 4, 1]


def test_named_sites_alone(broker: RedisServer, sqlite: Database) -> None:
    hands = Hands(broker, sqlite, site("a"), site("b"))
    assert hands("b") == HandedOut(1, 1, 0)
    assert hands.handed() == ["b"]


def test_a_label_has_a_queue(broker: RedisServer, sqlite: Database) -> None:
    hands = Hands(broker, sqlite, site("a", "de"), site("b"), site("c", "de"))
    handed = hands()
    assert handed == HandedOut(3, 3, 0, {"de": 2})
    assert handed.line() == "handed out 3 sites in 3 batches, 2 of them de"
    assert (hands.handed(), hands.handed("winnow.visit.de")) == (["b"], ["a", "c"])


def test_sites_that_share_a_host_are_one_group_and_wait_for_each_other(
    broker: RedisServer, sqlite: Database
) -> None:
    with sqlite.transaction() as conn:
        registry.schedule(conn, known_site(conn, "c"), utc_now() + timedelta(hours=1))
    shared = [site(name, host="paper") for name in "abc"]
    hands = Hands(broker, sqlite, *shared, site("d"), site("other", "de", host="paper"))
    hands("a", "b", "d")
    groups = [group for batch in hands.batches() for group in batch.groups]
    assert sorted(groups, key=lambda group: group.sites) == [
        Group(("a", "b"), ("c", "other")), Group(("d",)),
    ]  # fmt: skip
    assert hands("other") == HandedOut(0, 0, 1), "its host is another batch's"


def test_a_site_that_is_being_visited_waits(broker: RedisServer, sqlite: Database) -> None:
    hands = Hands(broker, sqlite, site("a"), site("b"))
    now = utc_now()
    with sqlite.transaction() as conn:
        run_lifecycle.begin(conn, hands.sites[0], "visit", new_owner(), now)
    assert hands() == HandedOut(1, 1, 1)
    assert hands.handed() == ["b"]


def test_what_the_broker_lost_is_handed_out_by_the_next_call(
    broker: RedisServer, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands = Hands(broker, sqlite, site("a"), site("b"))
    hands()
    hands.lose()
    assert hands() == HandedOut(0, 0, 2), "a worker may have it just now"
    monkeypatch.setattr(module, "TAKEN", timedelta(0))
    assert hands() == HandedOut(2, 2, 0)
    assert hands() == HandedOut(0, 0, 2), "the queue is not empty"


def test_what_was_lost_is_handed_out_again_though_it_is_not_due(
    broker: RedisServer, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.transaction() as conn:
        for name in ("a", "b"):
            registry.schedule(conn, known_site(conn, name), utc_now() + timedelta(hours=1))
    hands = Hands(broker, sqlite, site("a"), site("b"))
    assert hands("a", now=True) == HandedOut(1, 1, 0)
    hands.lose()
    monkeypatch.setattr(module, "TAKEN", timedelta(0))
    assert hands() == HandedOut(1, 1, 0)
    [batch] = hands.batches()
    assert (batch.sites, batch.now) == (["a"], True)
    with sqlite.transaction() as conn:  # it was visited, by whomever
        run = run_lifecycle.begin(conn, hands.sites[0], "visit", new_owner(), utc_now())
        run_lifecycle.end(conn, run, "done", None, utc_now())
    hands.lose()
    assert hands() == HandedOut(0, 0, 0)


def test_what_a_dead_worker_took_is_handed_out_by_the_next_call(
    broker: RedisServer, sqlite: Database
) -> None:
    hands = Hands(broker, sqlite, site("a"), site("b"))
    alive = new_owner()
    with sqlite.transaction() as conn:
        workers.register(conn, worker(alive))
        handouts.hand_out(conn, "b1", "", ["a"], utc_now())
        handouts.hand_out(conn, "b2", "", ["b"], utc_now())
        handouts.take(conn, "b1", alive, [])
        handouts.take(conn, "b2", DEAD, [])
        until = utc_now() + timedelta(minutes=5)
        host_holds.hold(conn, ["h"], DEAD, until, utc_now())
    assert hands() == HandedOut(1, 1, 1)
    assert hands.handed() == ["b"]
    with sqlite.transaction() as conn:
        assert host_holds.release(conn, ["h"], DEAD) == 0, "its hosts are free"


def test_what_the_broker_does_not_take_counts_as_not_handed_out(
    broker: RedisServer, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the first batch, and is away for the second."""
    hands = Hands(broker, sqlite, *(site(f"s{n}") for n in range(16)))
    sent: list[Batch] = []
    send = HandOut._send

    def second_fails(self: HandOut, batch: Batch, connection: object) -> None:
        if sent:
            raise ConnectionResetError(104, "Connection reset by peer")
        sent.append(batch)
        send(self, batch, connection)

    monkeypatch.setattr(HandOut, "_send", second_fails)
    with pytest.raises(BrokerFault, match="cannot be reached: Connection reset by peer"):
        hands()
    assert hands.outstanding() == set(hands.handed()) == set(sent[0].sites)


def test_a_message_holds_names_alone_and_gets_old(broker: RedisServer, sqlite: Database) -> None:
    hands = Hands(broker, sqlite, site("a"))
    hands()
    with broker.client() as client:
        (message,) = client.lrange("winnow.visit", 0, -1)  # type: ignore[misc]
    document = json.loads(message)
    assert document["content-type"] == "application/json"
    assert document["headers"]["expires"] is not None
    args, words, _ = json.loads(base64.b64decode(document["body"]))
    assert args == []
    assert set(words) == {
        "batch", "sites", "beside", "label", "now", "asked_at", "until", "version",
    }  # fmt: skip
