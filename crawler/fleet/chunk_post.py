"""Chunks to the workers and their answers back, over one connection to the broker.

Answers are Celery's results: Redis keeps them, RabbitMQ brings them to a queue of the sender's own.
"""

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from crawler.fleet.broker import check_broker, faults_of

if TYPE_CHECKING:
    from celery import Celery
    from celery.result import AsyncResult
    from scrapy.settings import BaseSettings

QUEUE: Final = "winnow.read"  # of all work that needs no site's lease
KEPT: Final = 15 * 60  # seconds: a chunk that nobody took is dropped, an answer nobody fetched too


@dataclass(frozen=True, slots=True)
class ChunkAnswer:
    """What came of a chunk."""

    chunk: str
    value: Any = field(repr=False)  # as the task returned it, if it did
    fault: str | None = None  # why it did not


class ChunkPost:
    """Used by one thread. Each call raises BrokerFault where the broker is away."""

    def __init__(self, settings: "BaseSettings", app: "Celery") -> None:
        self._settings, self._app = settings, app
        self._results: dict[str, AsyncResult] = {}
        self._came: list[ChunkAnswer] = []

    @classmethod
    def opened(cls, settings: "BaseSettings", command: str) -> Self:
        """With a broker that answers; raises what `check_broker` raises too."""
        app = check_broker(settings, command)
        # whoever waits here tries again himself, and says so in one line
        app.conf.result_backend_transport_options = {"retry_policy": {"max_retries": 0}}
        app.conf.result_expires = KEPT
        library = logging.getLogger("celery.backends")  # it would tell each try, at length
        library.propagate, library.handlers = False, [logging.NullHandler()]
        return cls(settings, app)

    def send(self, task: str, chunk: str, message: dict[str, Any]) -> None:
        """Sends a chunk by its name, for the first time or again."""
        with faults_of(self._settings):
            result = self._app.send_task(
                task, kwargs=message, task_id=chunk, queue=QUEUE, expires=KEPT, retry=False
            )
            result.then(self._ready)
            # the last: one that is forgotten ends the waiting for its chunk
            self._results[chunk] = result

    def listen(self, seconds: float) -> list[ChunkAnswer]:
        """The answers that came, after so many seconds at most."""
        with faults_of(self._settings):
            with suppress(TimeoutError):  # none came
                self._app.backend.result_consumer.drain_events(timeout=seconds)
            came, self._came = self._came, []
            for answer in came:
                result = self._results.pop(answer.chunk, None)
                if result is not None:
                    result.forget()  # Redis would keep it
        return came

    def waiting(self) -> int:
        """Chunks in the queue that no worker has taken, of other senders too."""
        with faults_of(self._settings), self._app.connection_or_acquire() as connection:
            declared = connection.default_channel.queue_declare(
                QUEUE, durable=True, auto_delete=False
            )
            return int(declared.message_count)

    def close(self) -> None:
        """Gives the connection back; nobody waits for an answer any more."""
        from kombu import pools

        for result in self._results.values():
            result.backend = None  # else it would ask the broker, which may be away, at its end
        self._app.close()
        # kombu's pools are the process's own, and hold dead connections of a broker that went away
        pools.reset()  # type: ignore[no-untyped-call]  # kombu has no types

    def _ready(self, result: "AsyncResult") -> None:
        if result.successful():
            self._came.append(ChunkAnswer(result.id, result.result))
        else:
            said = " ".join(str(result.result or result.state).split())
            self._came.append(ChunkAnswer(result.id, None, said))
