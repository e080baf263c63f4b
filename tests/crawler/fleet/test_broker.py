"""A broker that does not answer is one line: which, what is the matter, what to do."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from scrapy.settings import Settings

from crawler.fleet import broker
from crawler.fleet.broker import check_broker, faults_of
from models.errors import BrokerFault
from tests.support.brokers import Rabbit, RedisServer, free_port, rabbit, redis_server


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_server(password="geheim") as server:
        yield server


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[Rabbit]:
    with rabbit() as made:
        yield made


def fault(url: str) -> str:
    with pytest.raises(BrokerFault) as raised:
        check_broker(Settings({"WINNOW_BROKER_URL": url}))
    line = str(raised.value)
    assert "geheim" not in line and "\n" not in line and "Traceback" not in line
    return line


def test_brokers_that_answer_are_fine(redis: RedisServer, rabbitmq: Rabbit) -> None:
    for url in (redis.url, rabbitmq.url):
        check_broker(Settings({"WINNOW_BROKER_URL": url}))


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_one_that_is_away(scheme: str) -> None:
    port = free_port()
    said = fault(f"{scheme}://user:geheim@127.0.0.1:{port}/0")
    assert said == (
        f"the broker {scheme}://127.0.0.1:{port}/0 cannot be reached: Connection refused;"
        " is WINNOW_BROKER_URL right?"
    )


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_host_that_is_none(scheme: str) -> None:
    assert "cannot be reached: " in fault(f"{scheme}://user:geheim@no-such-host.invalid/0")


def test_redis_refuses_a_wrong_password_and_none(redis: RedisServer) -> None:
    for credentials in (":geheim2@", ""):
        url = f"redis://{credentials}127.0.0.1:{redis.port}/0"
        assert fault(url) == (
            f"the broker redis://127.0.0.1:{redis.port}/0 refuses us: user or password in"
            " WINNOW_BROKER_URL is wrong"
        )


def test_redis_has_so_many_databases(redis: RedisServer) -> None:
    assert "has no database of number 99; correct" in fault(redis.url.replace("/0", "/99"))


def test_rabbitmq_refuses_a_wrong_password(rabbitmq: Rabbit) -> None:
    parts = urlsplit(rabbitmq.url)
    said = fault(rabbitmq.url.replace(f":{parts.password}@", ":geheim@"))
    assert "refuses us: user or password in WINNOW_BROKER_URL is wrong" in said


def test_rabbitmq_has_no_such_virtual_host(rabbitmq: Rabbit) -> None:
    said = fault(rabbitmq.url.rpartition("/")[0] + "/no-such-vhost")
    assert "has no virtual host 'no-such-vhost' for this user; type: rabbitmqctl" in said


def test_an_address_of_the_other_kind(
    redis: RedisServer, rabbitmq: Rabbit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "CONNECT", 0.5)  # Redis waits for more of what it is told
    amqp = urlsplit(rabbitmq.url)
    for url in (
        f"redis://:geheim@{amqp.hostname}:{amqp.port}/0",
        f"amqp://user:geheim@127.0.0.1:{redis.port}/0",
    ):
        assert fault(url).endswith("; is WINNOW_BROKER_URL right?")


def test_other_faults_stay_as_they_are() -> None:
    with pytest.raises(ZeroDivisionError), faults_of(Settings({"WINNOW_BROKER_URL": "redis://h"})):
        _ = 1 / 0
