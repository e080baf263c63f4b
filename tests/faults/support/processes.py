"""Processes below one of ours, as /proc shows them: found, measured, killed."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.support.cannot_run import cannot_run

PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Process:
    """One process, at one moment."""

    pid: int
    parent: int
    state: str  # R: runs, S: sleeps, Z: has ended
    resident: int  # bytes
    ticks: int  # of CPU time so far
    command: str


def below(pid: int) -> list[Process]:
    """The processes that descend from `pid`, without those that have ended."""
    if not Path("/proc/self/stat").exists():
        cannot_run("no /proc here, by which workers are found")
    alive = [process for process in _all() if process.state != "Z"]
    found, parents = [], {pid}
    while more := [p for p in alive if p.parent in parents and p not in found]:
        found += more
        parents = {process.pid for process in more}
    return found


def workers(pid: int) -> list[Process]:
    """The extraction processes of a crawl, oldest first."""
    mine = [process for process in below(pid) if "spawn_main" in process.command]
    return sorted(mine, key=lambda process: process.pid)


def resident(pid: int) -> int:
    """Bytes of memory that a process and all below it hold now."""
    whole = [process for process in _all() if process.pid == pid]
    return sum(process.resident for process in [*whole, *below(pid)])


def shoot(pid: int) -> bool:
    """Kills one process by its number; False where it had ended by itself."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def _all() -> list[Process]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it ended while we looked
                found.append(_read(entry))
    return found


def _read(entry: Path) -> Process:
    _, _, rest = (entry / "stat").read_text("utf-8", "replace").rpartition(")")
    parts = rest.split()
    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return Process(
        pid=int(entry.name), parent=int(parts[1]), state=parts[0],
        resident=int(parts[21]) * PAGE, ticks=int(parts[11]) + int(parts[12]), command=command,
    )  # fmt: skip
