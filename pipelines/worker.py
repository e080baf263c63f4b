"""One worker process: runs functions that it is sent, each within its limits.

A worker has a pipe of its own, so its death is seen at once and touches nothing else. Its time is
counted in CPU seconds of the process, by the kernel, which ends it inside of C code too.
"""

import ctypes
import importlib
import multiprocessing
import pickle
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from models import process_memory
from models.errors import WinnowError

STARTS: Final = 10  # of processes that end before they are ready: a killer may hit many
READY_SECONDS: Final = 120.0  # by the clock until a new worker has imported what it needs
FIRST_LIMIT_MB: Final = 1024  # of data, while a worker imports; then each task has its own limit
ADDRESS_SPACE_MB: Final = 4096  # beyond what any task may use: a net where DATA is not enforced
_PR_SET_PDEATHSIG: Final = 1
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use."""

    cpu_seconds: float
    elapsed_seconds: float
    memory_mb: int  # of private data (RLIMIT_DATA): heap and anonymous memory


@dataclass(frozen=True, slots=True)
class _Task:
    function: Callable[..., Any]
    args: tuple[Any, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class _Reply:
    value: Any
    raised: BaseException | None = None
    traceback: str = ""


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
        process = _SPAWN.Process(target=_serve, args=(theirs, self._warm), daemon=True)
        try:
            with _REAPING, _without_sigint():
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
            self._pipe.send(_Task(function, args, limits))
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

    def _answer(self, seconds: float) -> _Reply:
        if self._process is None or self._pipe is None:
            raise WorkerDied("it was stopped")
        if not wait([self._pipe, self._process.sentinel], timeout=seconds):
            self.stop()
            raise WorkerOverTime(f"not done after {seconds:g} s")
        try:
            reply: _Reply = self._pipe.recv()  # what it sent before it died counts
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


def _serve(pipe: "Connection[Any, Any]", warm: str) -> None:
    """What the process does: tasks one after the other, until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the crawl to handle
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # the kernel ends us, inside of C code too
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_AS, ADDRESS_SPACE_MB)
    if sys.platform == "linux":  # a worker ends with the crawl that started it, even if killed
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    _limit(resource.RLIMIT_DATA, FIRST_LIMIT_MB)
    process_memory.return_large_blocks()
    try:
        for module in warm.split():
            importlib.import_module(module)
    except Exception as broken:  # noqa: BLE001 - it is told to whoever starts workers
        with suppress(OSError):
            pipe.send(_failed(broken))
        return
    process_memory.keep_what_is_loaded()
    trimmer = process_memory.Trimmer()
    with suppress(EOFError, OSError):  # whoever started us is gone
        pipe.send(_Reply(None))
        while True:
            task: _Task = pipe.recv()
            pipe.send(_done(task))
            trimmer.after_task()


def _done(task: _Task) -> _Reply:
    _limit(resource.RLIMIT_DATA, task.limits.memory_mb)
    signal.setitimer(signal.ITIMER_PROF, task.limits.cpu_seconds)
    try:
        return _Reply(task.function(*task.args))
    except MemoryError:  # there is no room for its traceback
        return _Reply(None, MemoryError(f"more than {task.limits.memory_mb} MB"))
    except Exception as fault:  # noqa: BLE001 - raised again by whoever asked
        return _failed(fault)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        _limit(resource.RLIMIT_DATA, FIRST_LIMIT_MB)  # room for the answer


def _limit(which: int, megabytes: int) -> None:
    _, hard = resource.getrlimit(which)
    wanted = megabytes << 20
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (soft, hard))


def _failed(fault: BaseException) -> _Reply:
    """The fault with its traceback; in words alone where it cannot be pickled."""
    trace = "".join(traceback.format_exception(fault))
    try:
        sent: BaseException = pickle.loads(pickle.dumps(fault))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - anything may go wrong in a stranger's exception
        return _Reply(None, RuntimeError(repr(fault)), trace)
    return _Reply(None, sent, trace)
