"""A sampling profiler for every process of a command, workers too; off unless it is asked for.

Each few milliseconds a thread of its own looks where every other thread is, and adds the CPU that
it used since the look before to that place: the innermost function of ours, or else the package.
It needs no signal: workers use theirs, and one that comes to a thread does not wake the main one.
"""

import atexit
import json
import os
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Final

FOLDER: Final = "WINNOW_BENCH_PROFILE"
_EVERY: Final = 0.004  # seconds between two looks
_LOOKS: Final = 50  # between two files: a worker is ended without a chance to write one
_OURS: Final = ("crawler.", "pipelines.", "models.", "migrations.", "benchmarks.throughput.rivals")
_IMPORTS: Final = "importlib._bootstrap"


class _Profile:
    def __init__(self, folder: Path) -> None:
        self._file = folder / f"{os.getpid()}.json"
        self._used: dict[int, float] = {}  # CPU by thread, at the last look
        self._places: defaultdict[str, float] = defaultdict(float)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sampler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _look(self) -> None:
        looks = 0
        while not self._over.wait(_EVERY):
            self._add()
            looks += 1
            if looks % _LOOKS == 0:
                self._write()

    def _add(self) -> None:
        frames, clock = sys._current_frames(), time.pthread_getcpuclockid
        used = {thread: time.clock_gettime(clock(thread)) for thread in frames}
        for thread, seconds in used.items():
            before = self._used.get(thread, 0.0)
            spent = seconds - before if seconds >= before else seconds  # its number was used again
            if spent > 0 and thread != self._thread.ident:
                self._places[_place(frames[thread])] += spent
        self._used = used

    def _write(self) -> None:
        kind = "other"
        if "twisted.internet.reactor" in sys.modules:
            kind = "fetching"
        elif "multiprocessing.spawn" in sys.modules:
            kind = "workers"
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps({"kind": kind, "places": self._places}), encoding="utf-8")
        new.replace(self._file)  # we may be killed at any time

    def end(self) -> None:
        """The last look, as the process ends."""
        self._over.set()
        self._thread.join()
        self._add()
        self._write()


def _place(frame: FrameType | None) -> str:
    package, ours = "", ""
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(_IMPORTS):
            return "imports"
        if not ours and module.startswith(_OURS):
            ours = f"{module}:{frame.f_code.co_qualname}"
        package = package or module.partition(".")[0]
        frame = frame.f_back
    return ours or package


def _is_command() -> bool:
    """Whether this process belongs to what is measured, and is not its watcher."""
    return b"benchmarks.throughput.tree" not in Path("/proc/self/cmdline").read_bytes()


if FOLDER in os.environ and _is_command():
    _profile = _Profile(Path(os.environ[FOLDER]))
    _profile.start()
    atexit.register(_profile.end)
