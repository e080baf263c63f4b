"""Which chunks are sent again, and how many are under way."""

import pytest

from crawler.fleet.chunk_times import BEGIN, FEWEST, FIRST, LEAST, MOST, SLOW, ChunkTimes


def answered(*took: float) -> ChunkTimes:
    """What is known after these answers, the last at second 0."""
    times = ChunkTimes()
    for number, seconds in enumerate(took):
        times.sent(f"before-{number}", -seconds)
        times.answered(f"before-{number}", 0.0)
    return times


@pytest.mark.parametrize(
    ("took", "patience"),
    [((), FIRST), ((0.5, 0.6), LEAST), ((3.0, 3.0, 90.0), SLOW * 3.0)],
    ids=["none came yet", "quick ones", "slow ones, by their median"],
)
def test_a_chunk_that_took_much_longer_than_the_others_is_sent_again(
    took: tuple[float, ...], patience: float
) -> None:
    times = answered(*took)
    times.sent("lost", 1.0)
    assert times.overdue(0, 1.0 + patience) == []
    assert times.overdue(0, 1.1 + patience) == ["lost"]


def test_each_time_it_is_waited_for_twice_as_long() -> None:
    times = answered(1.0)
    times.sent("slow", 1.0)
    times.sent("slow", 10.0)
    assert times.overdue(0, 10.0 + 2 * LEAST) == []
    assert times.overdue(0, 10.1 + 2 * LEAST) == ["slow"]


def test_what_no_worker_has_taken_is_never_sent_again() -> None:
    times = answered(1.0)
    for number in range(3):
        times.sent(f"chunk-{number}", 1.0 + number)
    assert times.overdue(3, 1000.0) == []
    assert times.overdue(2, 1000.1 + LEAST) == [
        "chunk-0"
    ]  # a queue gives out first what came first
    assert times.overdue(9, 1000.0) == []  # those of another sender


def test_the_time_of_a_chunk_begins_when_it_leaves_its_queue() -> None:
    times = ChunkTimes()
    times.sent("one", 0.0)
    times.sent("two", 0.0)
    assert times.overdue(2, 600.0) == [], "no worker is there"
    assert times.overdue(1, 601.0) == [], "one takes the first"
    times.answered("one", 602.0)
    times.overdue(0, 603.0)
    assert times.overdue(0, 600.9 + LEAST) == [], "two seconds, not 602, are what a chunk takes"
    assert times.overdue(0, 603.0 + LEAST) == ["two"]


def test_a_chunk_whose_follower_was_answered_was_taken_whatever_the_queue_holds() -> None:
    times = answered(1.0)
    times.sent("lost", 1.0)
    times.sent("next", 2.0)
    times.answered("next", 3.0)
    assert times.overdue(5, 100.0) == ["lost"]


def test_the_second_answer_to_a_chunk_is_known_as_such() -> None:
    times = ChunkTimes()
    times.sent("one", 0.0)
    times.sent("one", 9.0)
    assert times.answered("one", 10.0)
    assert not times.answered("one", 11.0)
    assert len(times) == 0


def test_a_chunk_that_was_sent_twice_says_nothing_of_how_long_one_takes() -> None:
    times = ChunkTimes()
    times.sent("one", 0.0)
    times.sent("one", 29.9)
    times.answered("one", 30.0)
    times.sent("two", 30.0)
    assert times.overdue(0, 30.0 + FIRST) == []


def test_as_many_are_under_way_as_workers_take() -> None:
    times = ChunkTimes()
    for number in range(100):
        while times.has_room:
            times.sent(f"{number}-{len(times)}", float(number))
        times.overdue(0, float(number))
    assert times.most == MOST
    for number in range(100):
        times.overdue(MOST, 100.0 + number)
    assert times.most == FEWEST


def test_with_room_left_no_more_are_under_way() -> None:
    times = ChunkTimes()
    times.sent("one", 0.0)
    times.overdue(0, 1.0)
    assert times.most == BEGIN


def test_silence_is_since_the_last_answer_or_the_oldest_chunk() -> None:
    times = ChunkTimes()
    assert times.silence(5.0) == 0.0
    times.sent("one", 1.0)
    assert times.silence(5.0) == 4.0
    times.sent("two", 6.0)
    times.answered("one", 7.0)
    assert times.silence(9.0) == 2.0
