"""The queues of a kind of work at the broker: their names, and what waits in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from celery import Celery


@dataclass(frozen=True, slots=True)
class Queues:
    """Which work a worker takes: what has one of its labels, and what has none."""

    labels: tuple[str, ...] = ()
    only_labels: bool = False  # leaves what has no label to others

    def named(self, base: str) -> list[str]:
        """The names of its queues of a kind of work."""
        plain = [] if self.only_labels else [base]
        return [*plain, *(queue_of(base, label) for label in self.labels)]


def queue_of(base: str, label: str) -> str:
    """The queue of what has the label; '' is none."""
    return f"{base}.{label}" if label else base


def waiting(app: "Celery", names: Iterable[str]) -> dict[str, int]:
    """How many messages no worker took yet, by queue; queues that are not there are made.

    Raises the broker's faults.
    """
    found = {}
    with app.connection_for_write() as connection:
        for name in names:
            queue = app.amqp.queues[name](connection.default_channel)
            queue.declare()
            found[name] = int(queue.queue_declare().message_count)  # Redis has no empty queue
    return found
