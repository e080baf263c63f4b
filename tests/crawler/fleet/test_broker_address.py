"""WINNOW_BROKER_URL: what it may be, and that nobody reads a password in a fault."""

import pytest

from crawler.fleet.broker_address import BrokerAddress
from models.errors import UsageError


@pytest.mark.parametrize(
    ("written", "shown", "vhost"),
    [
        ("redis://host", "redis://host:6379/0", "0"),
        ("redis://:secret@host:7000/3", "redis://host:7000/3", "3"),
        ("rediss://user:secret@host/1", "rediss://host:6379/1", "1"),
        ("amqp://user:secret@host//", "amqp://host:5672/", "/"),
        ("amqp://user:secret@host", "amqp://host:5672/", "/"),
        ("amqps://user:secret@[::1]/winnow", "amqps://[::1]:5671/winnow", "winnow"),
    ],
)
def test_an_address_is_shown_without_its_password(written: str, shown: str, vhost: str) -> None:
    address = BrokerAddress.parsed(written)
    assert (address.shown, address.vhost, address.url) == (shown, vhost, written)
    assert address.is_redis == written.startswith("redis")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "a fleet needs a broker: set WINNOW_BROKER_URL; write redis://"),
        ("host:6379", "an address without :// is no broker that we know; write redis://"),
        ("http://:secret@host/", "http://… is no broker that we know; write redis://"),
        ("sqs://key:secret@", "sqs://… is no broker that we know"),
        ("redis://:secret@host:port/0", "WINNOW_BROKER_URL is no address; write redis://"),
        ("amqp://", "amqp:// names no host; write redis://"),
        ("redis://:secret@host/winnow", "Redis has numbers for databases; write redis://"),
    ],
)
def test_a_wrong_address_is_one_line_without_the_password(written: str, said: str) -> None:
    with pytest.raises(UsageError) as fault:
        BrokerAddress.of({"WINNOW_BROKER_URL": written})  # type: ignore[arg-type]
    assert said in str(fault.value)
    assert "secret" not in str(fault.value)
