"""What a command costs with every process below it: CPU by the kernel's count, memory by sampling.

A process of its own (this module's `main`) starts the command and adopts what the command leaves
behind (PR_SET_CHILD_SUBREAPER), so that the CPU of each descendant, killed ones too, is in its
RUSAGE_CHILDREN once all are reaped. Linux only.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
SAMPLE_SECONDS: Final = 0.4  # between two looks at memory: each costs some milliseconds
LONGEST: Final = 3600.0  # seconds until a command that does not end is killed
_PR_SET_CHILD_SUBREAPER: Final = 36
_LEFT_SECONDS: Final = 10.0  # for what outlives the command


class Failed(Exception):
    """A measured command failed: what it cost says nothing."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took."""

    code: int
    seconds: float  # by the clock, from its start to its own end
    cpu_seconds: float  # user and system, of all its processes
    peak_mb: float  # largest sum of PSS that was seen, in MiB
    began: float  # time.monotonic(), the same clock in all processes
    ended: float
    left: int = 0  # processes that outlived it and were killed


def measure(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, name: str
) -> Cost:
    """Runs the command in `folder`; its output goes to NAME.out there.

    Raises Failed, with the end of the output, where it does not end with 0.
    """
    report, output = folder / f"{name}.cost.json", folder / f"{name}.out"
    watcher = [sys.executable, "-m", "benchmarks.throughput.tree", str(report), *command]
    path = os.pathsep.join([str(ROOT), *filter(None, [environment.get("PYTHONPATH")])])
    with output.open("wb") as out:
        process = subprocess.Popen(
            watcher,
            env={**os.environ, **environment, "PYTHONPATH": path},
            cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        failed = process.wait()
    finally:
        if process.poll() is None:  # we are stopped: so is all that it started
            process.terminate()
            process.wait()
    if failed:
        raise Failed(f"{name}: the watcher ended with {failed}: {output.read_text('utf-8')}")
    cost = Cost(**json.loads(report.read_text("utf-8")))
    if cost.code or cost.left:
        said = output.read_text("utf-8", errors="replace")[-2000:]
        left = f", and left {cost.left} processes behind" if cost.left else ""
        raise Failed(f"{name}: {' '.join(command)} ended with {cost.code}{left}:\n{said}")
    return cost


def watch(command: Sequence[str], seconds: float = LONGEST) -> Cost:
    """Runs the command as the only child of this process, until all that it started is gone."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this system adopts no orphans")
    over, peak = threading.Event(), [0]
    began = time.monotonic()
    process = subprocess.Popen(command)
    sampler = threading.Thread(target=_sample, args=(os.getpid(), over, peak))
    sampler.start()
    patience = 0.0  # for what outlives the command, where we were stopped
    try:
        code = process.wait(seconds)
        patience = _LEFT_SECONDS
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    finally:
        ended = time.monotonic()
        left = _reap(ended + patience)
        over.set()
        sampler.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime
    return Cost(code, ended - began, cpu, peak[0] / 1024, began, ended, left)


def stop_on_sigterm() -> None:
    """Has SIGTERM raise SystemExit, so that nothing is left behind."""

    def stop(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)


def descendants(root: int) -> list[int]:
    """The processes below one, by /proc."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            parent = _parent(folder)
            if parent is not None:
                children.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def pss_kb(pid: int) -> int:
    """Proportional set size of a process in KiB: shared pages are shared out. 0 if it is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:"), 0)


def _parent(folder: Path) -> int | None:
    try:
        stat = (folder / "stat").read_text("utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return None
    return int(stat.rpartition(")")[2].split()[1])


def _sample(root: int, over: threading.Event, peak: list[int]) -> None:
    while not over.wait(SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(map(pss_kb, descendants(root))))


def _reap(deadline: float) -> int:
    """Waits for all that is left, and kills it at the deadline; how many were killed."""
    killed: set[int] = set()
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return len(killed)
        if pid:
            continue
        if time.monotonic() > deadline:
            for below in descendants(os.getpid()):
                _kill(below)
                killed.add(below)
        time.sleep(0.01)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself


def main() -> int:
    """Watches the command in the arguments; writes its cost into the file named first."""
    stop_on_sigterm()
    report, *command = sys.argv[1:]
    Path(report).write_text(json.dumps(asdict(watch(command))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
