"""A broker and workers in a test's hands."""

from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import Any

from crawler.fleet.chunk_post import ChunkAnswer
from models.errors import BrokerFault


class Broker:
    """A broker and workers in the test's hands."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, list[int]]] = []
        self.answers: SimpleQueue[ChunkAnswer] = SimpleQueue()
        self.queued = 0
        self.away = False
        self.opened = 0

    def open(self) -> "Broker":
        self._check()
        self.opened += 1
        return self

    def send(self, task: str, chunk: str, message: dict[str, Any]) -> None:
        self._check()
        assert task == "double"
        self.sent.append((chunk, message["numbers"]))

    def listen(self, seconds: float) -> list[ChunkAnswer]:
        self._check()
        try:
            return [self.answers.get(timeout=seconds)]
        except Empty:
            return []

    def waiting(self) -> int:
        return self.queued

    def close(self) -> None:
        pass

    def answer(self, number: int, fault: str | None = None) -> None:
        """A worker's answer to the chunk that was sent as that number."""
        chunk, numbers = self.sent[number]
        value = None if fault else [2 * one for one in numbers]
        self.answers.put(ChunkAnswer(chunk, value, fault))

    def _check(self) -> None:
        if self.away:
            raise BrokerFault("the broker is away")


def message(numbers: Sequence[int]) -> dict[str, Any]:
    return {"numbers": list(numbers)}
