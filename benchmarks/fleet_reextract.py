"""Re-extraction by workers of a fleet: two against one, and against the command without a fleet.

    uv run python -m benchmarks.fleet_reextract [--captures 5000] [--sets wcxb,zyte,news,sites]
        [--turns 2] [--in-full] [--check]

Real pages are put into an archive and a PostgreSQL database of their own, which go afterwards, as
does the Redis. Each turn reads all of them with the command alone (one extraction process), then
with one worker, then with two, each with one extraction process: pages that read as they did, or
with `--in-full` pages that pass all stages all the same, as after a better extractor came. A pace
is of the time from a run's first outcome to its last. CPU is of the command and the workers with
all their processes, less the workers' start and PostgreSQL. The sets have 1,075 pages.

`--check` ends with 1 unless two workers have 1.5 times the pace of one, and a capture read by
workers costs at most 1.1 times the CPU of one that is read without.
"""

import argparse
import os
import resource
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.reextract import SITE, Bench, bench, forget, pace
from tests.support.brokers import redis_server

PACE: Final = 1.5  # of two workers, as a multiple of one's
CPU: Final = 1.1  # of a capture, as a multiple of that without a fleet
_READY: Final = "takes "  # a line of a worker's log


class Turn(NamedTuple):
    """One re-extraction of all captures."""

    pace: float  # captures a second
    cpu: float  # milliseconds a capture
    command: float  # of them the command's, with its extraction processes


@contextmanager
def workers(given: Bench, count: int) -> Iterator[float]:
    """Workers that are ready, with an extraction process each; gone afterwards.

    Gives the CPU seconds that they took to start: a fleet's workers run for days.
    """
    command = [sys.executable, "-m", "scrapy", "worker", "--jobs", "1"]
    environment = {**given.environment, "WINNOW_WORKERS": "1"}
    started = 0.0
    with ExitStack() as stack:
        for _ in range(count):
            process = subprocess.Popen(
                command, env=environment, stderr=subprocess.PIPE, text=True, cwd=given.folder
            )
            stack.callback(_end, process)
            assert process.stderr is not None
            for line in process.stderr:
                if _READY in line:
                    break
            started += _used(process.pid)
        yield started


def turn(given: Bench, count: int, *, in_full: bool) -> Turn:
    """Reads all captures by so many workers; 0: by the command alone."""
    if in_full:
        forget(given)
    command = [sys.executable, "-m", "scrapy", "crawl", "reextract", "-a", f"site={SITE}"]
    before = _seconds()
    with workers(given, count) as started:
        at_start = _seconds()
        subprocess.run(
            [*command, *["--fleet"] * bool(count)],
            env={**given.environment, "WINNOW_WORKERS": "1"},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        alone = _seconds() - at_start
    used = _seconds() - before - started
    pages = len(given.pages) / 1000
    return Turn(pace(given), used / pages, alone / pages)


def _used(pid: int) -> float:
    """CPU seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    process.communicate()


def _seconds() -> float:
    """CPU of all processes that ended, and that were waited for by those that did."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Prints a line for each turn, and the ratios of their medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--captures", type=int, default=5000)
    options.add_argument("--sets", default="wcxb,zyte,news,sites")
    options.add_argument("--turns", type=int, default=2)
    options.add_argument("--in-full", action="store_true", help="all pages pass all stages")
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    found: dict[int, list[Turn]] = {0: [], 1: [], 2: []}
    with (
        redis_server() as redis,
        bench("postgresql", asked.sets.split(","), 1, asked.captures) as given,
    ):
        given.environment["WINNOW_BROKER_URL"] = redis.url
        turn(given, 0, in_full=False)  # all is stored
        for _ in range(asked.turns):
            for count, turns in found.items():
                turns.append(made := turn(given, count, in_full=asked.in_full))
                print(
                    f"{len(given.pages)} captures, {count or 'no'} workers: {made.pace:.1f}/s,"
                    f" {made.cpu:.1f} ms of CPU a capture (the command's {made.command:.1f})",
                    flush=True,
                )
    alone, one, two = (
        Turn(*map(statistics.median, zip(*turns, strict=True))) for turns in found.values()
    )
    quicker, dearer = two.pace / one.pace, max(one.cpu, two.cpu) / alone.cpu
    print(
        f"two workers against one: {quicker:.2f} times the pace; against none:"
        f" {two.pace / alone.pace:.2f}; CPU a capture {dearer:.2f} times that without a fleet"
    )
    return int(asked.check and (quicker < PACE or dearer > CPU))


if __name__ == "__main__":
    sys.exit(main())
