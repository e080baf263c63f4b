"""Eight writers, four readers: every change is read once by each, in order, and none is missed."""

import pytest

from benchmarks.cursor import race

WRITERS, READERS = 8, 4
SECONDS = 3.0  # python -m benchmarks.cursor takes its time


@pytest.mark.slow
def test_every_reader_sees_every_change_once_and_in_order(database_url: str) -> None:
    tally = race(database_url, writers=WRITERS, readers=READERS, seconds=SECONDS)
    assert tally.faults == ()
    assert tally.written >= WRITERS  # on a busy machine no more
    assert tally.looks >= 3 * READERS  # while others wrote; an idle machine has hundreds
