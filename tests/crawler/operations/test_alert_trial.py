"""Each address gets a test message, and a wrong one costs no other its own."""

import pytest

from crawler.operations.alert_trial import SentTests, send_test
from models.errors import UsageError
from tests.support.alert_world import ONE, TWO, World


@pytest.fixture
def world() -> World:
    return World()


def test_a_test_message_goes_to_each_address(world: World) -> None:
    world.down = {TWO}
    assert send_test(f"{ONE} {TWO}", world.send) == SentTests(
        ["json://one"], [("json://two", "connection refused")], []
    )
    assert [message.title for _, message in world.heard] == ["Winnow: a test"]


def test_no_test_goes_to_nobody(world: World) -> None:
    with pytest.raises(UsageError, match="names nobody"):
        send_test(" ", world.send)


@pytest.mark.parametrize(
    ("setting", "sent", "line"),
    [
        (f"{ONE} bogus://hunter2", ["json://one"], "address 2 (bogus://…)"),
        (f"hunter2 {ONE}", ["json://one"], "address 1 has no scheme"),
        ("hunter2", [], "address 1 has no scheme"),
    ],
)
def test_an_address_that_is_none_costs_no_other_its_test(
    world: World, setting: str, sent: list[str], line: str
) -> None:
    tested = send_test(setting, world.send)
    assert (tested.sent, tested.failed) == (sent, [])
    assert len(tested.mistakes) == 1 and line in tested.mistakes[0]
    assert "hunter2" not in tested.mistakes[0] and len(world.heard) == len(sent)
