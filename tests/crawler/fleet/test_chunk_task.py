"""Which chunks a worker does, gives back, and drops."""

import asyncio
from collections.abc import Callable
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any

import pytest
from celery.exceptions import Reject

from crawler.fleet import keys_task, read_task
from crawler.fleet.chunk_task import serve
from crawler.fleet.queues import Queues
from pipelines.pool import PoolBroken
from pipelines.reading_codec import ChunkRefused

VERSION = version("winnow")


class Means:
    """What a task sees of its worker."""

    def __init__(self, *, only_labels: bool = False) -> None:
        self.is_stopping = False
        self.refusal: str | None = None
        self.queues = Queues(("de",), only_labels)

    def run(self, work: Any) -> Any:
        return asyncio.run(work)

    def refuse(self, why: str) -> None:
        self.refusal, self.is_stopping = why, True


def task(means: Any, answers: Callable[..., Any]) -> Callable[..., Any]:
    """The task as Celery gets it."""
    made: dict[str, Any] = {}
    app: Any = SimpleNamespace(task=lambda run, **words: made.update(run=run, **words))
    serve(app, means, "winnow.test", answers, "texts have keys")
    assert made["name"] == "winnow.test" and made["ignore_result"] is False
    run: Callable[..., Any] = made["run"]
    return run


async def doubled(_means: Any, chunk: list[int]) -> list[int]:
    return [2 * one for one in chunk]


def broken(fault: Exception) -> Callable[..., Any]:
    async def answers(_means: Any, _chunk: Any) -> list[Any]:
        raise fault

    return answers


def test_a_chunk_is_answered_item_by_item() -> None:
    run = task(Means(), doubled)
    assert run(version=VERSION, of="town: run 7", chunk=[1, 2]) == [2, 4]


def test_a_chunk_of_another_version_goes_back_and_the_worker_ends() -> None:
    means = Means()
    with pytest.raises(Reject) as back:
        task(means, doubled)(version="0.0.1", chunk=[1])
    assert back.value.requeue and means.refusal is not None
    assert f"this worker is Winnow {VERSION}" in means.refusal and "0.0.1" in means.refusal


def test_a_worker_that_is_stopping_gives_chunks_back() -> None:
    means = Means()
    means.is_stopping = True
    with pytest.raises(Reject) as back:
        task(means, doubled)(version=VERSION, chunk=[1])
    assert back.value.requeue and means.refusal is None


def test_a_worker_that_can_start_no_process_gives_its_chunk_back_and_ends() -> None:
    means = Means()
    with pytest.raises(Reject) as back:
        task(means, broken(PoolBroken("no process can be started")))(version=VERSION, chunk=[1])
    assert back.value.requeue and means.refusal == "no process can be started"


def test_what_is_no_chunk_is_told_to_the_sender() -> None:
    means = Means()
    with pytest.raises(ChunkRefused):
        task(means, broken(ChunkRefused("another form")))(version=VERSION, chunk=None)
    assert means.refusal is None


@pytest.mark.parametrize("only_labels", [False, True])
def test_a_worker_for_its_labels_alone_takes_no_chunks(only_labels: bool) -> None:
    means: Any = Means(only_labels=only_labels)
    assert read_task.queues(means) == ([] if only_labels else ["winnow.read"])
    assert bool(read_task.threads(means)) is not only_labels
    assert not keys_task.queues(means) and not keys_task.threads(means)
