"""One worker process: runs functions that it is sent, each within its limits.

A worker has a pipe of its own, so its death is seen at once and touches nothing else. Its time is
counted in CPU seconds of the process, by the kernel, which ends it inside of C code too.
"""

import multiprocessing
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from types import ModuleType
from typing import Any, Final

from models.errors import WinnowError
from pipelines.worker_process import Limits, Reply, Task, serve

STARTS: Final = 10  # of processes that end before they are ready: a killer may hit many
READY_SECONDS: Final = 120.0  # by the clock until a new worker has imported what it needs
_SPAWN: Final = multiprocessing.get_context("spawn")  # never fork a running loop
# Whoever starts a process makes multiprocessing reap all that are dead: a thread that just waits
# for one of these would be told that it is nobody's child, and take it for alive.
_REAPING: Final = threading.Lock()


class WorkerTraceback(Exception):
    """The cause of what a task raised: its traceback in the worker, as text."""


class WorkerDied(WinnowError):
    """The process ended while it was wanted, by itself or by a signal from outside."""


class WorkerOverTime(WinnowError):
    """The task used up its time; the process is gone."""


class WorkerNotStarted(WinnowError):
    """No process could be started, or it could not import what it needs."""


class Worker:
    """One process, started by whoever first needs it. Used by one thread at a time.

    The thread that starts it must live as long: the kernel ends a child with the thread that
    made it (PR_SET_PDEATHSIG).
    """

    def __init__(self, warm: str) -> None:
        """`warm`: the modules, a word each, that a new process imports before it is ready."""
        self._warm = warm
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection[Any, Any] | None = None
        self._closed = False
        self.tasks = 0  # that the process has done

    def start(self) -> None:
        """A process that is ready, as it is or anew; raises WorkerNotStarted."""
        if self._is_alive():
            return
        for attempt in range(STARTS):
            try:
                self._start()
            except (WorkerDied, WorkerOverTime) as died:  # may be chance, a few times
                if attempt + 1 == STARTS or self._closed:
                    raise WorkerNotStarted(f"they end as soon as they start ({died})") from died
            else:
                return

    def _is_alive(self) -> bool:
        with _REAPING:
            return self._process is not None and self._process.is_alive()

    def _start(self) -> None:
        self.stop()
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=serve, args=(theirs, self._warm), daemon=True)
        try:
            with _REAPING, _without_sigint(), _without_main():
                process.start()
        except OSError as fault:
            raise WorkerNotStarted(f"no process can be started: {fault.strerror}") from fault
        finally:
            theirs.close()
        self._process, self._pipe, self.tasks = process, ours, 0
        if self._closed:
            raise WorkerDied("it is not wanted any more")
        reply = self._answer(READY_SECONDS)
        if reply.raised is not None:
            self.stop()
            raise WorkerNotStarted(f"{self._warm} cannot be imported: {reply.raised!r}")

    def run(self, function: Callable[..., Any], args: tuple[Any, ...], limits: Limits) -> Any:
        """The function's value, or what it raised; raises WorkerDied, WorkerOverTime."""
        if self._pipe is None:
            raise WorkerDied("it was never started")
        try:
            self._pipe.send(Task(function, args, limits))
        except OSError as broken:  # the process is gone; what cannot be pickled is the caller's
            raise WorkerDied(self._death()) from broken
        reply = self._answer(limits.elapsed_seconds)
        self.tasks += 1
        if reply.raised is not None:
            raise reply.raised from WorkerTraceback(reply.traceback)
        return reply.value

    def interrupt(self) -> None:
        """Ends the process, from another thread and for good: what it was at gets WorkerDied."""
        self._closed = True
        process = self._process
        if process is not None:
            with _REAPING, suppress(ValueError):  # its own thread closed it just now
                process.kill()

    def stop(self) -> None:
        """Ends the process, whatever it is doing."""
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            with _REAPING:
                process.join()
                process.close()

    def _answer(self, seconds: float) -> Reply:
        if self._process is None or self._pipe is None:
            raise WorkerDied("it was stopped")
        if not wait([self._pipe, self._process.sentinel], timeout=seconds):
            self.stop()
            raise WorkerOverTime(f"not done after {seconds:g} s")
        try:
            reply: Reply = self._pipe.recv()  # what it sent before it died counts
        except (EOFError, OSError) as gone:
            death = self._death()
            over = self._process is not None and self._process.exitcode == -signal.SIGPROF
            raise (WorkerOverTime if over else WorkerDied)(death) from gone
        return reply

    def _death(self) -> str:
        if self._process is None:
            return "it was stopped"
        wait([self._process.sentinel])  # its pipe is closed, so it is over
        with _REAPING:
            self._process.join()
        code = self._process.exitcode
        return f"killed by signal {-code}" if code is not None and code < 0 else f"ended: {code}"


@contextmanager
def _without_sigint() -> Iterator[None]:
    """A process that is started here is not interrupted before it can say that it will not be."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_main() -> Iterator[None]:
    """A process that is started here does not import the script that began this one.

    That is `scrapy`, which loads Scrapy and Twisted: as much again as a worker needs.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
