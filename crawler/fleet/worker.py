"""Celery's worker with our signals: it ends what it does cleanly, and at once the second time."""

import os
import signal
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import Any, Final

from celery import Celery, signals
from celery.apps.worker import Worker
from celery.exceptions import CPendingDeprecationWarning, SecurityWarning
from celery.worker import state

from crawler.fleet.tasks import TaskModule
from crawler.fleet.worker_log import LOG
from crawler.fleet.worker_means import WorkerMeans

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class FleetWorker(Worker):  # type: ignore[misc]  # Celery has no types
    """A worker of ours; `means` is told to stop by SIGTERM, SIGINT and SIGHUP."""

    means: WorkerMeans
    takes: Sequence[str]  # names of queues
    stops = 0

    def install_platform_tweaks(self, _worker: Any) -> None:
        """Our signals for Celery's, which know nothing of the visiting processes."""
        # here, as Celery has set its own: of its next version, several lines on our settings
        warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as SIGHUP under nohup
                signal.signal(number, self._stop)

    def on_consumer_ready(self, _consumer: Any) -> None:
        """Says once that the broker hands out to it."""
        LOG.info("takes %s; %d sites at once", ", ".join(self.takes), self.means.jobs)

    def set_process_status(self, info: str) -> None:
        """A list of processes shows what was typed."""

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stops += 1
        self.means.stop()
        end_taking(os.EX_OK)


def end_taking(code: int) -> None:
    """The worker takes no further task, and ends with `code` once those under way are over."""
    if state.should_stop is None or state.should_stop is False:
        state.should_stop = code


def run_worker(app: Celery, means: WorkerMeans, modules: Sequence[TaskModule]) -> int:
    """Serves until a signal or a refusal ends it; returns its exit code, 0 or 1."""
    for module in modules:
        module.register(app, means)
    means.on_end(lambda: end_taking(1))
    signals.setup_logging.connect(_ours, weak=False)  # ours is set up
    names = [name for module in modules for name in module.queues(means)]
    # several lines on root, who is dangerous with pickle: we take JSON alone
    warnings.filterwarnings("ignore", category=SecurityWarning)
    worker = FleetWorker(
        app=app,
        hostname=f"winnow@{means.owner}",
        queues=names,
        concurrency=sum(module.threads(means) for module in modules),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.means, worker.takes = means, names
    worker.start()
    return 1 if worker.stops > 1 else int(worker.exitcode or 0)


def _ours(**_words: Any) -> None:
    """That somebody hears this signal keeps Celery from setting up a log."""
