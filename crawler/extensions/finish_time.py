"""How fast a run gets on just now, and when it will be done at that pace. Pure: no clock."""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from models.crawl.run_spider import SourceReport

SPAN: Final = 180.0  # seconds of which the pace is: what is slow now was quick an hour ago
_SHORTEST: Final = 5.0  # seconds after which a pace says something
_LONGEST: Final = timedelta(days=365)


class Pace:
    """What was done by when; moments are seconds of a clock that never goes back."""

    def __init__(self, now: float) -> None:
        self._noted: deque[tuple[float, int]] = deque([(now, 0)])

    def note(self, done: int, now: float) -> None:
        """Records the progress so far."""
        self._noted.append((now, done))
        while len(self._noted) > 2 and self._noted[1][0] <= now - SPAN:
            self._noted.popleft()

    @property
    def rate(self) -> float:
        """A second, of the last SPAN seconds; 0 where nothing is known yet."""
        (first, before), (last, done) = self._noted[0], self._noted[-1]
        return (done - before) / (last - first) if last - first >= _SHORTEST else 0.0


def done_at(left: int, rate: float, now: datetime) -> str | None:
    """When so much will be done, as 'done at 15:04 UTC'; None where that cannot be told."""
    if left <= 0 or rate <= 0 or left / rate > _LONGEST.total_seconds():
        return None
    at = now + timedelta(seconds=left / rate)
    day = "" if at.date() == now.date() else f"{at:%-d %b} "
    return f"done at {day}{at:%H:%M} UTC"


def finish_of(sources: SourceReport, done: int, rate: float, now: datetime) -> str:
    """When a re-extraction will be done, and with it those of the sites after it; else ''."""
    left = sources.to_read - done
    said = done_at(left, rate, now) if sources.to_read else None
    words = f", {said}" if said else ""
    if sources.later:
        last = done_at(max(0, left) + sources.later, rate, now)
        words += f"; {sources.later} captures of {sources.later_sites} more sites"
        words += f", all {last}" if last else ""
    return words
