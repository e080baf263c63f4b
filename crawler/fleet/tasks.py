"""The kinds of work that a worker does: a module each."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from celery import Celery

    from crawler.fleet.worker_means import WorkerMeans

_MODULES: Final = (
    "crawler.fleet.visit_task",
    "crawler.fleet.read_task",
    "crawler.fleet.keys_task",
)  # a further kind of work is a line here


class TaskModule(Protocol):
    """A kind of work: its tasks, their queues, and how many a worker does at once."""

    def register(self, app: "Celery", means: "WorkerMeans") -> None:
        """Adds its tasks to the application; they find in `means` what they need."""

    def queues(self, means: "WorkerMeans") -> Sequence[str]:
        """From which the worker takes tasks."""

    def threads(self, means: "WorkerMeans") -> int:
        """Tasks at once: each has a thread, which waits for what the loop does."""


def task_modules() -> list[TaskModule]:
    """All of them."""
    return [cast("TaskModule", import_module(name)) for name in _MODULES]
