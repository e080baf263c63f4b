"""What pages wait for: servers that are alike, each of which does one thing at a time."""

from heapq import heapify, heapreplace


class Station:
    """First come, first served; asked in the order of time, so that nothing is ever reordered."""

    def __init__(self, servers: int) -> None:
        self._free = [0.0] * servers  # when each is free again
        heapify(self._free)
        self.busy = 0.0  # seconds of service since `forget`
        self.waited = 0.0  # seconds, of all that was served since
        self.served = 0

    def serve(self, now: float, seconds: float) -> float:
        """When a thing that comes `now` and takes so many seconds is done."""
        begins = max(now, self._free[0])
        heapreplace(self._free, begins + seconds)
        self.busy += seconds
        self.waited += begins - now
        self.served += 1
        return begins + seconds

    def forget(self) -> None:
        """Begins to count anew; what is under way goes on."""
        self.busy, self.waited, self.served = 0.0, 0.0, 0
