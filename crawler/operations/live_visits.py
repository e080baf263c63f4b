"""What a round of visits is at, for whoever looks on at a terminal."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Final, TypeVar

from crawler.operations.command import EXIT_BUSY, EXIT_OK, EXIT_RED
from crawler.operations.visits import Visit, VisitResult
from crawler.reports.live_status import ENOUGH, LiveStatus, RunningVisit, lines, seconds_left
from crawler.reports.status_screen import StatusScreen

_PAUSE: Final = 0.5  # seconds between two drawings
_PACES: Final = (0.5, 4.0)  # beyond these the pace of a round says nothing of its rest
_Result = TypeVar("_Result")


class LiveVisits:
    """Notes when visits begin and end, and draws that twice a second; asks nobody."""

    def __init__(self, screen: StatusScreen, is_left_out: Callable[[VisitResult], bool]) -> None:
        """`is_left_out`: whether the result of a visit is told to nobody."""
        self._screen, self._is_left_out = screen, is_left_out

    def begin(
        self,
        names: Sequence[str],
        usual: Mapping[str, float | None],
        jobs: int,
        is_stopping: Callable[[], bool],
    ) -> None:
        """The sites that are due, in their order, and the seconds that each usually takes."""
        self._usual, self._jobs, self._is_stopping = (
            usual,
            max(1, min(jobs, len(names))),
            is_stopping,
        )
        self._waiting = dict.fromkeys(names)
        self._sites, self._done, self._failed, self._red = len(names), 0, 0, 0
        self._running: dict[str, float] = {}  # when each began
        self._took: list[tuple[float, float]] = []  # seconds of visits, and what was usual
        self._began = monotonic()

    def counted(self, visit: Visit) -> Visit:
        """The same visit; how it ends is counted."""

        async def one(name: str, left: float | None) -> VisitResult | None:
            self._waiting.pop(name, None)
            result = await visit(name, left)
            self._done += 1
            if result is not None and not self._is_left_out(result):
                self._red += result.code == EXIT_RED
                self._failed += result.code not in {EXIT_OK, EXIT_BUSY, EXIT_RED}
            return result

        return one

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """A site is visited, from its beginning to its end."""
        self._running[name] = monotonic()
        try:
            yield
        finally:
            seconds, usual = monotonic() - self._running.pop(name), self._usual.get(name)
            if usual:
                self._took.append((seconds, usual))

    async def shown_during(self, work: Awaitable[_Result]) -> _Result:
        """What `work` comes to; until then the status is shown, and then it is gone."""
        with self._screen.below_the_output():
            drawing = asyncio.ensure_future(self._draw())
            try:
                return await work
            finally:
                drawing.cancel()
                with suppress(asyncio.CancelledError):
                    await drawing

    @property
    def status(self) -> LiveStatus:
        """As it is now."""
        now = monotonic()
        running = tuple(
            RunningVisit(name, now - began, self._usual.get(name))
            for name, began in self._running.items()
        )
        waiting = [self._usual.get(name) for name in self._waiting]
        return LiveStatus(
            sites=self._sites,
            done=self._done,
            failed=self._failed,
            red=self._red,
            seconds=now - self._began,
            running=running,
            left=seconds_left(running, waiting, self._jobs, self._pace),
            stopping=self._is_stopping(),
        )

    @property
    def _pace(self) -> float:
        """How long the visits of this round took, compared with the usual."""
        if len(self._took) < ENOUGH:
            return 1.0
        took, usual = sum(one for one, _ in self._took), sum(one for _, one in self._took)
        return min(max(took / usual, _PACES[0]), _PACES[1])

    async def _draw(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            self._screen.draw(lambda columns, rows: lines(self.status, columns, rows))
