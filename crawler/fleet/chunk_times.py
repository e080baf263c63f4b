"""When a chunk of work was lost, and how many chunks workers have use for. Pure: no clock.

A chunk that a worker took and that has no answer for much longer than the others took is sent
again: its worker may be gone. One that no worker has taken yet lies safe in its queue, however
long, and its time begins when it leaves it.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

FIRST: Final = 30.0  # seconds for an answer while none has come: workers start their processes
LEAST: Final = 5.0  # seconds for an answer, however quick the others were
SLOW: Final = 3.0  # times the median of the others
_RECENT: Final = 50  # chunks of which the median is
BEGIN: Final = 4  # chunks under way, until it is seen what workers take
FEWEST: Final = 2
MOST: Final = 16


@dataclass(slots=True)
class _Sent:
    """A chunk without an answer."""

    at: float  # last sent
    since: float  # last known to lie in its queue
    times: int = 1


class ChunkTimes:
    """The chunks under way; moments are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self.most = BEGIN  # chunks that may be under way
        self._under_way: dict[str, _Sent] = {}
        self._took: deque[float] = deque(maxlen=_RECENT)
        self._newest = float("-inf")  # when the last of those was sent that have an answer
        self._heard = float("-inf")  # when the last answer came

    def __len__(self) -> int:
        return len(self._under_way)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._under_way))

    @property
    def has_room(self) -> bool:
        """Whether another chunk may be sent."""
        return len(self) < self.most

    def sent(self, chunk: str, now: float) -> None:
        """A chunk is on its way, for the first time or again."""
        before = self._under_way.get(chunk)
        self._under_way[chunk] = _Sent(now, now, before.times + 1 if before else 1)

    def answered(self, chunk: str, now: float) -> bool:
        """Notes an answer; False for one that came before: the chunk was sent twice."""
        sent = self._under_way.pop(chunk, None)
        if sent is None:
            return False
        self._newest, self._heard = max(self._newest, sent.at), now
        if sent.times == 1:  # else nobody knows which of them was answered
            self._took.append(now - sent.since)
        return True

    def silence(self, now: float) -> float:
        """Seconds since an answer came, or since the oldest chunk was sent, if that is later."""
        oldest = min((one.at for one in self._under_way.values()), default=now)
        return now - max(self._heard, oldest)

    def overdue(self, waiting: int, now: float) -> list[str]:
        """The chunks that are to be sent again; adjusts how many may be under way.

        `waiting`: chunks in the queue that no worker has taken, of other senders too.
        """
        if not waiting and not self.has_room:
            self.most = min(MOST, self.most + max(1, self.most // 4))
        elif waiting > max(FEWEST, self.most // 2):
            self.most = max(FEWEST, self.most - 1)
        oldest = sorted(self._under_way.items(), key=lambda one: one[1].at)
        taken = max(0, len(oldest) - waiting)  # a queue gives out first what came first
        for _, sent in oldest[taken:]:
            if sent.at >= self._newest:
                sent.since = now
        patience = self._patience()
        return [
            chunk for chunk, sent in oldest if now - sent.since > patience * 2 ** (sent.times - 1)
        ]

    def _patience(self) -> float:
        return max(LEAST, SLOW * median(self._took)) if self._took else FIRST
