"""The task that visits the sites of a batch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from crawler.fleet.batch import TASK, Batch, NoBatch
from crawler.fleet.batch_round import BatchRound
from crawler.fleet.worker_log import LOG
from crawler.fleet.worker_means import WorkerMeans

if TYPE_CHECKING:
    from celery import Celery

_SHOWN: Final = 200  # characters of a message that is none of ours


def register(app: "Celery", means: WorkerMeans) -> None:
    """Adds the task `winnow.visit`."""
    from celery.exceptions import Reject

    def visit(**message: Any) -> None:
        try:
            batch = Batch.of(message)
        except NoBatch as wrong:
            LOG.error("a message that is no batch of ours is dropped: %s", str(wrong)[:_SHOWN])
            return
        if not means.run(BatchRound(means, batch).run()):
            raise Reject("another worker takes it", requeue=True)

    app.task(visit, name=TASK, shared=False)


def queues(means: WorkerMeans) -> Sequence[str]:
    """`winnow.visit`, and one for each label."""
    return means.queues.named(TASK)


def threads(means: WorkerMeans) -> int:
    """One for each site at once: so a batch whose last site takes long keeps no place empty."""
    return means.jobs
