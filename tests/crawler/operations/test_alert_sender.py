"""The process that sends: what it shows of an address, and what it says of one that is none."""

import apprise
import pytest

from crawler.operations.alert_sender import answer_of, service_of, shown_as

SHOWN = [
    ("json://user:hunter2@127.0.0.1:8000/t0ken", "json://127.0.0.1:8000"),
    ("JSONS://host.example/t0ken?x=1", "jsons://host.example"),
    ("mailtos://user:hunter2@mail.example?to=a@b.example", "mailtos://mail.example:587"),
    ("mailto://user:hunter2@gmail.com", "mailto://gmail.com:587"),
    ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general", "slack://…"),
    ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "https://…"),
    ("discord://123456789012345678/abcdefghijklmnopqrstuvwxyz012345", "discord://…"),
    ("tgram://123456789:abcdefg_hijklmnop/12315544/", "tgram://…"),
    ("ntfy://secret-topic", "ntfy://…"),
    ("ntfy://user:hunter2@ntfy.example/topic", "ntfy://ntfy.example"),
    ("syslog://", "syslog://…"),
]
SECRETS = ("hunter2", "t0ken", "T1JJ", "abcdefg", "topic", "123456789", "user")


@pytest.mark.parametrize(("address", "shown"), SHOWN)
def test_an_address_is_shown_without_secrets(address: str, shown: str) -> None:
    service = apprise.Apprise.instantiate(address)
    assert service is not None
    assert shown_as(service, address) == shown
    assert not any(secret in shown for secret in SECRETS)


def test_a_long_message_is_parted_unless_the_address_says_otherwise() -> None:
    assert service_of("json://host").overflow_mode == apprise.OverflowMode.SPLIT
    told = service_of("json://host?overflow=truncate")
    assert told.overflow_mode == apprise.OverflowMode.TRUNCATE
    chat = service_of("tgram://123456789:abcdefg_hijklmnop/12315544/")
    line = "town is red (was ok) since 2026-11-22 05:30 UTC; type: winnow health town\n"
    parts = chat._apply_overflow(line * 200, title="Winnow: 200 sites red")
    assert len(parts) > 1 and all(len(part["body"]) <= chat.body_maxlen for part in parts)


def test_an_address_is_only_looked_at_where_there_is_nothing_to_send() -> None:
    asked = {"address": "json://127.0.0.1:9/x"}
    assert answer_of(asked) == {"shown": "json://127.0.0.1:9", "error": None}


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("bogus://hunter2", "Apprise knows no service bogus://"),
        ("slack://hunter2", "Apprise cannot read this address of slack://"),
        ("json://[::1", "Apprise cannot read this address of json://"),
        ("json://", "Apprise cannot read this address of json://"),
    ],
)
def test_an_address_that_is_none_is_said_without_showing_it(address: str, error: str) -> None:
    said = answer_of({"address": address, "title": "t", "body": "b", "worst": "ok"})
    assert said["shown"] is None
    assert said["error"].startswith(error) and "hunter2" not in said["error"]
