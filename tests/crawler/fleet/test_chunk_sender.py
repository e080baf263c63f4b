"""Work gathered to chunks, sent again where an answer is missing, and answered once."""

import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from crawler.fleet import chunk_sender
from crawler.fleet.chunk_post import ChunkAnswer
from crawler.fleet.chunk_sender import CHUNK, TRIES, ChunkFailed, ChunkSender, Work
from crawler.fleet.chunk_times import BEGIN, FIRST
from pipelines.page_pool import RunIsOver
from tests.crawler.fleet.made_broker import Broker, message
from tests.support.desk import wait_for


class Sending:
    """A sender, its broker, and what it says."""

    def __init__(self) -> None:
        self.broker, self.said = Broker(), list[str]()
        work = Work("double", message, "numbers")
        self.sender: ChunkSender[int] = ChunkSender(work, self.broker.open, self.said.append)

    def ask(self, *numbers: int) -> list["Future[Any]"]:
        return [self.sender.ask(number) for number in numbers]

    def sent(self, count: int) -> None:
        wait_for(lambda: len(self.broker.sent) >= count)


@pytest.fixture
def sending() -> Iterator[Sending]:
    made = Sending()
    yield made
    made.sender.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks often, and by a clock that runs a thousand times as fast."""
    monkeypatch.setattr(chunk_sender, "_LOOK", 1.0)
    began = time.monotonic()
    real = time.monotonic

    class Clock:
        sleep = staticmethod(lambda _seconds: None)
        monotonic = staticmethod(lambda: began + 1000 * (real() - began))

    monkeypatch.setattr(chunk_sender, "time", Clock)


def test_what_comes_together_is_one_chunk_and_each_gets_its_own_answer(sending: Sending) -> None:
    asked = sending.ask(*range(CHUNK + 5))
    sending.sent(2)
    assert [one for _, numbers in sending.broker.sent for one in numbers] == [*range(CHUNK + 5)]
    assert max(len(numbers) for _, numbers in sending.broker.sent) == CHUNK
    for number in reversed(range(len(sending.broker.sent))):
        sending.broker.answer(number)
    assert [one.result(10) for one in asked] == [2 * n for n in range(CHUNK + 5)]


def test_no_more_is_under_way_than_workers_take(sending: Sending) -> None:
    sending.broker.queued = 99  # they take nothing
    sending.ask(*range(CHUNK * BEGIN * 3))
    sending.sent(BEGIN)
    sending.broker.answer(0)
    sending.sent(BEGIN + 1)
    assert len(sending.broker.sent) == BEGIN + 1


@pytest.mark.usefixtures("hasty")
def test_a_chunk_without_an_answer_is_sent_again_and_answered_once(sending: Sending) -> None:
    (asked,) = sending.ask(7)
    sending.sent(2)
    assert sending.broker.sent[0] == sending.broker.sent[1]
    assert FIRST > 1 and "1 numbers that a worker took have no answer" in sending.said[0]
    sending.broker.answer(0)
    sending.broker.answer(1)
    assert asked.result(10) == 14
    (other,) = sending.ask(8)
    sending.sent(3)
    sending.broker.answer(len(sending.broker.sent) - 1)
    assert other.result(10) == 16


@pytest.mark.usefixtures("hasty")
def test_without_a_worker_one_line_says_so_and_another_when_one_is_there(sending: Sending) -> None:
    sending.broker.queued = 1
    (asked,) = sending.ask(7)
    wait_for(lambda: sending.said)
    assert "no worker answers on queue winnow.read, where chunks wait (1)" in sending.said[0]
    assert len(sending.broker.sent) == 1  # it lies safe in the queue
    sending.broker.answer(0)
    assert asked.result(10) == 14
    wait_for(lambda: len(sending.said) == 2)
    assert "a worker answers; numbers go on" in sending.said[1]


@pytest.mark.slow
def test_a_broker_that_goes_away_is_waited_for_and_gets_all_again(sending: Sending) -> None:
    (asked,) = sending.ask(7)
    sending.sent(1)
    sending.broker.away = True
    wait_for(lambda: sending.said)
    (later,) = sending.ask(8)
    sending.broker.away = False
    sending.sent(3)
    assert sending.said == [
        "numbers wait: the broker is away", "the broker answers again; numbers go on",
    ]  # fmt: skip
    assert sending.broker.sent[1] == sending.broker.sent[0]
    for number in (1, 2):
        sending.broker.answer(number)
    assert (asked.result(10), later.result(10)) == (14, 16)


@pytest.mark.slow
@pytest.mark.usefixtures("hasty")
def test_workers_that_fail_again_and_again_end_the_run(sending: Sending) -> None:
    (asked,) = sending.ask(7)
    for number in range(TRIES):
        sending.sent(number + 1)
        sending.broker.answer(number, "no memory")
        wait_for(lambda number=number: len([s for s in sending.said if "failed" in s]) > number
                 or asked.done())  # fmt: skip
    with pytest.raises(ChunkFailed, match=f"numbers: workers failed {TRIES} times: no memory"):
        asked.result(10)
    with pytest.raises((ChunkFailed, RunIsOver)):
        sending.sender.ask(8).result(10)


def test_what_ends_the_thread_is_no_fault_of_what_was_asked(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_seconds: float) -> list[ChunkAnswer]:
        raise RuntimeError("of a library")

    monkeypatch.setattr(sending.broker, "listen", broken)
    with pytest.raises(ChunkFailed, match="cannot be sent to workers: RuntimeError"):
        sending.ask(7)[0].result(10)


def test_an_answer_of_another_size_is_none(sending: Sending) -> None:
    (asked,) = sending.ask(7)
    sending.sent(1)
    sending.broker.answers.put(ChunkAnswer(sending.broker.sent[0][0], [1, 2]))
    wait_for(lambda: sending.said)
    assert "a worker's answer is none" in sending.said[0] and not asked.done()


def test_closed_all_that_waits_ends(sending: Sending) -> None:
    (asked,) = sending.ask(7)
    sending.sent(1)
    sending.sender.close()
    with pytest.raises(RunIsOver):
        asked.result(10)
    with pytest.raises(RunIsOver):
        sending.sender.ask(8).result(10)
