"""Alerts as an operator meets them: commands typed, a real receiver, a site that goes red."""

import json
from collections.abc import Iterator

import pytest

from tests.support.alert_receiver import AlertReceiver
from tests.support.desk import Desk, Result
from tests.support.site_server import SiteServer

NO_SOURCE = '[sources]\nfeeds = ["{url}/no"]'


@pytest.fixture
def receiver() -> Iterator[AlertReceiver]:
    with AlertReceiver() as made:
        yield made


@pytest.fixture
def town(desk: Desk) -> Iterator[Desk]:
    """A site without a source that can be read: a warning, and red with the third run."""
    with SiteServer() as site:
        desk.write_site("town", f"{site.url}/", NO_SOURCE.format(url=site.url))
        yield desk


def visit(desk: Desk, notify: str, code: int) -> Result:
    return desk.type("visit", "--now", code=code, WINNOW_NOTIFY=notify)


def test_a_change_of_state_is_told_once_and_no_visit_fails_by_it(
    town: Desk, receiver: AlertReceiver
) -> None:
    notify = receiver.address
    receiver.status = 500
    said = visit(town, notify, 1)
    lines = [line for line in said.err.splitlines() if "alerts:" in line]
    assert lines == [
        f"scrapy visit: alerts: 1 not delivered to {receiver.shown}: HTTP 500;"
        " tried again until delivered"
    ]
    waits = town.here("health", WINNOW_NOTIFY=notify)
    assert waits.code == 0
    assert f"alerts: 1 not delivered to {receiver.shown} since" in waits.out.splitlines()[-1]
    as_json = town.here("health", "--json", WINNOW_NOTIFY=notify)
    assert json.loads(as_json.out)[0]["state"] == "warn"
    assert "alerts: 1 not delivered" in as_json.err
    refused = len(receiver.messages)
    assert refused == 1, "it is not tried again before its time"
    receiver.status = 200
    town.execute("update alert_receivers set next_try_at = null")
    for code in (1, 3, 3):
        assert "alerts:" not in visit(town, notify, code).err
    told = receiver.messages[refused:]
    assert [message["title"] for message in told] == [
        "Winnow: town has a warning",
        "Winnow: town is red",
    ]
    assert "never worked: 3 of 3 runs failed" in told[1]["message"]
    assert told[1]["message"].endswith("type: winnow health town")
    accepted = town.here("health", "town", "--accept", WINNOW_NOTIFY=notify)
    assert "not delivered" not in accepted.out
    assert "hunter2" not in said.printed + waits.printed + as_json.printed
    dump = town.rows("select * from alert_receivers")
    assert "hunter2" not in str(dump) and "t0ken" not in str(dump)


def test_a_receiver_that_hangs_changes_no_exit_code(town: Desk, receiver: AlertReceiver) -> None:
    receiver.hangs = True
    said = visit(town, receiver.address, 1)
    assert f"not delivered to {receiver.shown}: no answer in" in said.err
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(
    ("wrong", "mistake"),
    [
        ("bogus://hunter2", "address 1 (bogus://…): Apprise knows no service bogus://"),
        ("hunter2@host", "address 1 has no scheme; write addresses of Apprise, such as"),
    ],
)
def test_a_wrong_address_is_one_line_and_costs_neither_sites_nor_the_other_addresses(
    town: Desk, receiver: AlertReceiver, wrong: str, mistake: str
) -> None:
    notify = f"{wrong}, {receiver.address}"
    said = visit(town, notify, 1)
    line = said.err.splitlines()[0].removeprefix("scrapy visit: ")
    assert line.startswith(f"WINNOW_NOTIFY: {mistake}") and "hunter2" not in line
    assert len(receiver.messages) == 1
    idle = town.type("visit", code=2, WINNOW_NOTIFY=notify)
    assert idle.err == f"scrapy visit: {line}\n", "as of a site's file with a mistake"
    health = town.here("health", WINNOW_NOTIFY=notify)
    assert (health.code, health.err) == (2, f"scrapy health: {line}\n")
    assert health.out.splitlines()[1].startswith("town")
    test = town.here("health", "--notify-test", WINNOW_NOTIFY=notify)
    assert (test.code, test.err) == (2, f"scrapy health: {line}\n")
    assert test.out == f"sent to {receiver.shown}\n"


def test_a_test_message_says_of_each_address_whether_it_was_sent(
    desk: Desk, receiver: AlertReceiver
) -> None:
    nobody = desk.here("health", "--notify-test")
    assert (nobody.code, nobody.err.count("\n")) == (2, 1) and "WINNOW_NOTIFY" in nobody.err
    sent = desk.here("health", "--notify-test", WINNOW_NOTIFY=receiver.address)
    assert (sent.code, sent.out, sent.err) == (0, f"sent to {receiver.shown}\n", "")
    assert receiver.messages[0]["title"] == "Winnow: a test"
    both = f"{receiver.address} json://127.0.0.1:9/t0ken"
    some = desk.here("health", "--notify-test", WINNOW_NOTIFY=both)
    assert some.code == 1
    assert some.out.splitlines()[1] == "not sent to json://127.0.0.1:9: connection refused"


def test_a_missing_extra_is_one_line_and_the_sites_are_visited(
    town: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.operations.alert_sending.find_spec", lambda name: None)
    said = town.here("health", "--notify-test", WINNOW_NOTIFY="json://127.0.0.1:9")
    assert (said.code, said.err.count("\n")) == (1, 1) and "uv sync --extra notify" in said.err
    health = town.here("health", WINNOW_NOTIFY="json://127.0.0.1:9")
    assert (health.code, health.err.count("\n")) == (2, 1)
