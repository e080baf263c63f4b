"""What a round of visits notes while it goes on."""

import asyncio
import io
from typing import Any

import pytest

from crawler.operations import live_visits
from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_OK, EXIT_RED, EXIT_USAGE
from crawler.operations.live_visits import LiveVisits
from crawler.operations.visits import VisitResult, visit_all
from crawler.reports.status_screen import StatusScreen

CODES = {"a": EXIT_OK, "b": EXIT_FAILED, "c": EXIT_RED, "d": EXIT_BUSY, "e": EXIT_USAGE, "f": -9}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(live_visits, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def begun(usual: dict[str, Any] | None = None, stopping: bool = False) -> LiveVisits:
    live = LiveVisits(StatusScreen(io.StringIO()), lambda result: result.code == EXIT_USAGE)
    live.begin(list(CODES), usual or {}, 2, lambda: stopping)
    return live


def test_each_site_is_counted_once_by_how_its_visit_ended(clock: Clock) -> None:
    live, seen = begun(stopping=True), []

    async def visit(name: str, _left: float | None) -> VisitResult | None:
        seen.append((live.status.done, live.status.sites))
        with live.running(name):
            clock.now += 1
            assert [visit.site for visit in live.status.running] == [name]
        return None if name == "a" else VisitResult(name, CODES[name], name)

    asyncio.run(visit_all(list(CODES), live.counted(visit), jobs=1))
    status = live.status
    assert seen == [(done, len(CODES)) for done in range(len(CODES))]
    assert (status.done, status.failed, status.red, status.running) == (len(CODES), 2, 1, ())
    assert (status.seconds, status.stopping) == (float(len(CODES)), True)


def test_a_visit_that_fails_runs_no_more(clock: Clock) -> None:
    live = begun()
    with pytest.raises(ZeroDivisionError), live.running("a"):
        raise ZeroDivisionError
    assert live.status.running == ()


def test_how_long_this_round_s_visits_took_is_part_of_the_estimate(clock: Clock) -> None:
    live = begun(dict.fromkeys(CODES, 10.0))
    assert live.status.left == 30.0, "six sites, two at once"

    async def visit(name: str, _left: float | None) -> None:
        with live.running(name):
            clock.now += 20

    for name in "abcde":
        asyncio.run(live.counted(visit)(name, None))
    assert live.status.left == 20.0, "twice the usual"


def test_without_earlier_visits_there_is_no_estimate(clock: Clock) -> None:
    assert begun({"a": 10.0, "b": None}).status.left is None
