"""Messages sent by a process of their own, to real servers that answer, refuse, or hang."""

import pytest

from crawler.operations import alert_sending
from crawler.operations.alert_addresses import Address
from crawler.operations.alert_message import Message
from crawler.operations.alert_sending import Answer, NotifyMissing, require_extra, send
from tests.support.alert_receiver import AlertReceiver

RED = Message("Winnow: town is red", "town is red: no articles\nübel", "red")


def to(receiver: AlertReceiver, number: int = 1) -> Address:
    return Address(number, "json", receiver.address)


def test_each_address_gets_its_message_and_has_its_answer() -> None:
    with AlertReceiver() as first, AlertReceiver() as second:
        second.status = 500
        nobody = Address(3, "json", "json://127.0.0.1:9/t0ken")
        misleading = Message("a title", "town is red: error=404, timed out", "red")
        answers = send(
            [(to(first), RED), (to(second), RED), (nobody, misleading), (to(first), None)]
        )
        assert answers == [
            Answer(first.shown, None),
            Answer(second.shown, "HTTP 500"),
            Answer("json://127.0.0.1:9", "connection refused"),
            Answer(first.shown, None),
        ]
        (said,) = first.messages
        assert (said["title"], said["message"], said["type"]) == (RED.title, RED.body, "failure")


def test_a_receiver_that_hangs_costs_only_its_time_and_no_other_message() -> None:
    with AlertReceiver() as hanging, AlertReceiver() as well:
        hanging.hangs = True
        hung, sent = send([(to(hanging), RED), (to(well), RED)], seconds=2.5)
        assert hung == Answer("", "no answer in 2.5 s")
        assert sent == Answer(well.shown, None)


def test_a_process_that_breaks_is_said_of_what_it_did_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    python = alert_sending._COMMAND[0]
    said = 'print(\'{"number": 0, "shown": "x", "error": null}\\n{"numb\', end="", flush=True)'
    monkeypatch.setattr(alert_sending, "_COMMAND", (python, "-c", f"{said}; exit(7)"))
    answers = send([(Address(1, "json", "json://a"), RED), (Address(2, "json", "json://b"), RED)])
    broke = "the process that sends alerts ended with code 7"
    assert answers == [Answer("x", None), Answer("", broke)]


def test_a_process_that_cannot_be_started_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_sending, "_COMMAND", ("/nowhere/python",))
    (answer,) = send([(Address(1, "json", "json://a"), RED)])
    said = "the process that sends alerts cannot be started: No such file or directory"
    assert answer == Answer("", said)


def test_a_missing_extra_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    require_extra()
    monkeypatch.setattr(alert_sending, "find_spec", lambda name: None)
    with pytest.raises(NotifyMissing, match=r"winnow\[notify\].*uv sync --extra notify"):
        require_extra()
