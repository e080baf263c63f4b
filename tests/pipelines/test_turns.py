"""Owners take turns, whatever one of them has waiting; nothing is lost, nothing called twice."""

import asyncio
import threading
from collections import Counter

import pytest

from pipelines.turns import Line, Turns


def test_one_of_each_owner_in_a_round() -> None:
    turns: Turns[str] = Turns()
    for number in range(4):
        turns.put("greedy", f"g{number}")
    turns.put("small", "s0")
    turns.put(None, "n0")
    turns.put("small", "s1")
    assert [turns.take() for _ in range(7)] == ["g0", "s0", "n0", "g1", "s1", "g2", "g3"]
    with pytest.raises(LookupError):
        turns.take()


def test_who_comes_while_another_has_a_hundred_waiting_is_next() -> None:
    """The thread is busy with the first: behind it wait 99 of the same owner, and one of ours."""
    began, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    def first() -> None:
        began.set()
        go_on.wait(60)
        order.append("hog")

    async def crawl() -> None:
        line = Line(1, "test")
        waiting = [line.submit("hog", first)]
        waiting += [line.submit("hog", lambda: order.append("hog")) for _ in range(99)]
        await asyncio.to_thread(began.wait, 60)
        waiting.append(line.submit("ours", lambda: order.append("ours")))
        go_on.set()
        await asyncio.gather(*waiting)
        line.close()

    asyncio.run(crawl())
    assert Counter(order) == {"hog": 100, "ours": 1}
    assert order.index("ours") == 1, "after the one under way"


def test_one_that_comes_again_and_again_leaves_the_others_their_turns() -> None:
    turns: Turns[str] = Turns()
    for _ in range(10):
        turns.put("many", "many")
    taken = []
    for _ in range(10):
        turns.put("again", "again")
        taken += [turns.take(), turns.take()]
    assert Counter(taken) == {"many": 10, "again": 10}
    assert all(
        {one, two} == {"many", "again"} for one, two in zip(taken[::2], taken[1::2], strict=True)
    )


def test_what_a_call_raises_is_the_askers_and_a_cancelled_one_is_not_called() -> None:
    began, go_on = threading.Event(), threading.Event()
    called: list[str] = []

    def hold() -> None:
        began.set()
        go_on.wait(60)

    async def crawl() -> None:
        line = Line(1, "test")
        held = line.submit("a", hold)
        await asyncio.to_thread(began.wait, 60)
        wrong = line.submit("a", lambda: 1 // 0)
        left_out = line.submit("b", lambda: called.append("left out"))
        left_out.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await held
        with pytest.raises(ZeroDivisionError):
            await wrong
        line.close()

    asyncio.run(crawl())
    assert called == []
