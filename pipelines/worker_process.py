"""What a worker process does: the tasks that it is sent, each within its limits."""

import ctypes
import importlib
import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from models import process_memory

FIRST_LIMIT_MB: Final = 1024  # of data, while a worker imports; then each task has its own limit
ADDRESS_SPACE_MB: Final = 4096  # beyond what any task may use: a net where DATA is not enforced
# Steps of priority that a worker gives way by: all pages pass through the one process that asks,
# and where that need not wait for a core, a machine of two reads a tenth more pages a second.
NICE: Final = 5
_PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use."""

    cpu_seconds: float
    elapsed_seconds: float
    memory_mb: int  # of private data (RLIMIT_DATA): heap and anonymous memory


@dataclass(frozen=True, slots=True)
class Task:
    """A function to call in the worker; it and its arguments can be pickled."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a task: its value, or what it raised."""

    value: Any
    raised: BaseException | None = None
    traceback: str = ""


def serve(pipe: "Connection[Any, Any]", warm: str) -> None:
    """What the process does: tasks one after the other, until the pipe is closed."""
    os.nice(NICE)
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
        pipe.send(Reply(None))
        while True:
            task: Task = pipe.recv()
            pipe.send(_done(task))
            trimmer.after_task()


def _done(task: Task) -> Reply:
    _limit(resource.RLIMIT_DATA, task.limits.memory_mb)
    signal.setitimer(signal.ITIMER_PROF, task.limits.cpu_seconds)
    try:
        return Reply(task.function(*task.args))
    except MemoryError:  # there is no room for its traceback
        return Reply(None, MemoryError(f"more than {task.limits.memory_mb} MB"))
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


def _failed(fault: BaseException) -> Reply:
    """The fault with its traceback; in words alone where it cannot be pickled."""
    trace = "".join(traceback.format_exception(fault))
    try:
        sent: BaseException = pickle.loads(pickle.dumps(fault))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - anything may go wrong in a stranger's exception
        return Reply(None, RuntimeError(repr(fault)), trace)
    return Reply(None, sent, trace)
