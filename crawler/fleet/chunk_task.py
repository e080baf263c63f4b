"""What all tasks of chunks share in a worker: who is refused, what goes back, what is logged."""

from collections.abc import Awaitable, Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from crawler.fleet.worker_log import LOG
from crawler.fleet.worker_means import WorkerMeans
from pipelines.pool import PoolBroken
from pipelines.reading_codec import ChunkRefused

if TYPE_CHECKING:
    from celery import Celery

Answers = Callable[[WorkerMeans, Any], Awaitable[list[Any]]]  # to each item of a chunk


def serve(app: "Celery", means: WorkerMeans, name: str, answers: Answers, done: str) -> None:
    """Adds a task whose messages are `version`, `of` and `chunk`; `of` and `done` are logged."""
    from celery.exceptions import Reject

    async def made(chunk: Any) -> list[Any]:
        return await answers(means, chunk)

    def run(**message: Any) -> list[Any]:
        theirs, ours = message.get("version"), version("winnow")
        if theirs != ours:
            means.refuse(
                f"this worker is Winnow {ours}, and a chunk was sent by Winnow {theirs}: install"
                " one version on all machines, then start again"
            )
        if means.is_stopping:
            raise Reject("another worker takes it", requeue=True)
        try:
            found = means.run(made(message.get("chunk")))
        except PoolBroken as broken:
            if not means.is_stopping:
                means.refuse(str(broken))
            raise Reject("another worker takes it", requeue=True) from broken
        except ChunkRefused as wrong:
            LOG.error("a message that is no chunk of ours is dropped: %s", wrong)
            raise
        LOG.info("%s: %d %s", message.get("of"), len(found), done)
        return found

    app.task(run, name=name, shared=False, ignore_result=False)
