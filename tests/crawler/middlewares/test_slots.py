"""How fast a host is asked: what was promised holds, and a pause holds for the whole host."""

from time import monotonic

import pytest
from twisted.internet.defer import Deferred

from crawler.middlewares.slots import LONGEST, Pace
from tests.crawler.middlewares.fakes import REQUEST, add_slot, make_crawler


def test_a_host_has_the_delay_of_the_settings_until_it_has_its_own() -> None:
    crawler = make_crawler(delay=1.5)
    pace = Pace(crawler)
    assert (pace.key(REQUEST), pace.promised(REQUEST)) == ("news.test", 1.5)
    crawler.engine.downloader.per_slot_settings["news.test"] = {"delay": 3}
    assert pace.promised(REQUEST) == 3.0


@pytest.mark.parametrize(
    ("asked", "promised"), [(1.0, 2.0), (2.0, 2.0), (2.5, 2.5), (LONGEST + 1, LONGEST)]
)
def test_a_promise_only_slows_and_never_beyond_the_longest(asked: float, promised: float) -> None:
    pace = Pace(make_crawler(delay=2.0))
    pace.promise(REQUEST, asked)
    assert pace.promised(REQUEST) == promised


def test_no_host_is_asked_more_slowly_than_every_two_minutes() -> None:
    assert LONGEST == 120


def test_a_promise_keeps_the_host_s_other_settings() -> None:
    crawler = make_crawler()
    settings = crawler.engine.downloader.per_slot_settings
    settings["news.test"] = {"concurrency": 2}
    Pace(crawler).promise(REQUEST, 1.0)
    assert settings["news.test"] == {"concurrency": 2, "delay": 1.0}


@pytest.mark.parametrize(("now", "after"), [(0.0, 3.0), (8.0, 8.0)])
def test_a_promise_reaches_the_slot_and_does_not_undo_a_slowdown(now: float, after: float) -> None:
    crawler = make_crawler()
    slot = add_slot(crawler, delay=now)
    Pace(crawler).promise(REQUEST, 3.0)
    assert slot.delay == after


def test_a_delay_is_turned_where_the_host_has_a_slot() -> None:
    crawler = make_crawler(delay=0.5)
    pace = Pace(crawler)
    pace.now(REQUEST, 9.0)
    pace.pause(REQUEST, 9.0)
    assert pace.current(REQUEST) == 0.5
    slot = add_slot(crawler)
    pace.now(REQUEST, 9.0)
    assert (slot.delay, pace.current(REQUEST)) == (9.0, 9.0)


@pytest.mark.parametrize("delay", [0.0, 2.0])
def test_a_pause_moves_the_next_start(delay: float) -> None:
    crawler = make_crawler()
    slot = add_slot(crawler, delay=delay)
    before = monotonic()
    Pace(crawler).pause(REQUEST, 30.0)
    assert slot.delay == (delay or 0.001)
    assert before + 30 <= slot.lastseen + slot.delay <= monotonic() + 30


def test_a_pause_is_never_shortened_by_another() -> None:
    crawler = make_crawler()
    slot = add_slot(crawler, delay=1.0)
    Pace(crawler).pause(REQUEST, 60.0)
    held = slot.lastseen
    Pace(crawler).pause(REQUEST, 5.0)
    assert slot.lastseen == held


def test_all_that_waits_fails_each_with_a_fault_of_its_own() -> None:
    crawler = make_crawler()
    pace = Pace(crawler)
    pace.dismiss(REQUEST, ValueError)  # a host without a slot has nothing that waits
    slot = add_slot(crawler)
    faults: list[object] = []
    for _ in range(3):
        waiting: Deferred[object] = Deferred()
        waiting.addErrback(lambda failure: faults.append(failure.value))
        slot.queue.append((REQUEST, waiting))
    pace.dismiss(REQUEST, lambda: ValueError("busy"))
    assert len(set(map(id, faults))) == 3
    assert not slot.queue
