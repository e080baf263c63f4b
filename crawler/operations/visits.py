"""Many sites visited, several at once, each in a process of its own; nothing here fetches."""

import asyncio
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_OK, EXIT_RED, EXIT_USAGE
from models.crawl.schedule import Bounds, is_due
from models.sites.config import Site
from models.sites.registry import KnownSite

WORST: Final = (
    EXIT_RED,
    EXIT_FAILED,
    EXIT_USAGE,
    EXIT_BUSY,
    EXIT_OK,
)  # what asks most of a person comes first
GRACE: Final = 30.0  # seconds that a visit has to end after its time, and again after SIGTERM
START: Final = 3.0  # seconds that a visit needs before it looks at its own time
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # before any visit


@dataclass(frozen=True, slots=True)
class VisitResult:
    """How the visit of one site ended."""

    site: str
    code: int  # as of `scrapy crawl`; below 0 or above 4: it was killed, or worse
    line: str  # the summary, or what is the matter


Visit = Callable[[str, float | None], Awaitable[VisitResult | None]]  # name, seconds left


def due(
    sites: Sequence[Site],
    known: Mapping[str, KnownSite],
    bounds: Bounds,
    now: datetime,
    *,
    all_of_them: bool = False,
) -> list[str]:
    """Names of the sites that are due, never visited ones first, then the longest overdue."""
    waiting = []
    for site in sites:
        at = known[site.name].next_due_at if site.name in known else None
        if all_of_them or is_site_due(site, known, bounds, now):
            waiting.append((at or _EVER, site.name))
    return [name for _, name in sorted(waiting)]


def is_site_due(site: Site, known: Mapping[str, KnownSite], bounds: Bounds, now: datetime) -> bool:
    """Whether the time has come; asked again before a site's visit begins.

    Where cron's runs overlap, another may have visited meanwhile what this one found due.
    """
    longest = max(bounds.longest, site.schedule.every or bounds.longest)
    return site.name not in known or is_due(known[site.name].next_due_at, now, longest)


async def visit_all(
    names: Sequence[str],
    visit: Visit,
    *,
    jobs: int,
    seconds: float | None = None,
    report: Callable[[VisitResult], None] = lambda _result: None,
) -> list[VisitResult]:
    """Visits the sites in this order, `jobs` at once; none begins after `seconds`.

    `report` gets the result of each; a visit without one was not wanted any more.
    """
    loop, queue = asyncio.get_running_loop(), deque(names)
    deadline = None if seconds is None else loop.time() + seconds
    results: list[VisitResult] = []

    async def work() -> None:
        while queue:
            left = None if deadline is None else deadline - loop.time()
            if left is not None and left <= START:
                return
            name = queue.popleft()
            result = await visit(name, left)
            if result is not None:
                results.append(result)
                report(result)

    await asyncio.gather(*(work() for _ in range(min(jobs, len(queue)))))
    return results


def worst(codes: Sequence[int]) -> int:
    """One exit code for all; BUSY only where nothing else was done."""
    known = [code if code in WORST else EXIT_FAILED for code in codes]
    if known and set(known) != {EXIT_BUSY}:
        known = [code for code in known if code != EXIT_BUSY]
    return next((code for code in WORST if code in known), EXIT_OK)


@dataclass(slots=True)
class VisitProcesses:
    """Visits as processes: `command` with the site's name; they end with us, and in time."""

    command: Sequence[str]
    environment: Mapping[str, str]
    grace: float = GRACE
    _running: set[asyncio.subprocess.Process] = field(default_factory=set)
    stopping: bool = False

    async def __call__(self, site: str, left: float | None) -> VisitResult:
        """Visits one site; where `left` seconds are over it ends by itself, or is ended."""
        limit = () if left is None else ("-s", f"CLOSESPIDER_TIMEOUT={max(1.0, left - START):.0f}")
        process = await asyncio.create_subprocess_exec(
            *self.command, "-a", f"site={site}", *limit,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(self.environment),
            process_group=0,  # Ctrl-C is for us: with our own signal, it would be their second
        )  # fmt: skip
        self._running.add(process)
        try:
            out, err = await self._wait(process, left)
        finally:
            self._running.discard(process)
        code = process.returncode if process.returncode is not None else EXIT_FAILED
        return VisitResult(site, code, line_of(site, code, out.decode(), err.decode()))

    def stop(self) -> None:
        """Ends all visits cleanly: what they were at is left for the next time."""
        self.stopping = True
        for process in self._running:
            process.terminate()

    async def _wait(
        self, process: asyncio.subprocess.Process, left: float | None
    ) -> tuple[bytes, bytes]:
        reading = asyncio.ensure_future(process.communicate())
        if left is not None:
            for seconds, end in ((left + self.grace, "terminate"), (self.grace, "kill")):
                done, _ = await asyncio.wait({reading}, timeout=seconds)
                if done:
                    break
                getattr(process, end)()
        return await reading


def line_of(site: str, code: int, out: str, err: str) -> str:
    """The one line that says how a visit ended, from what it printed."""
    if code < 0:  # what it said last may be how far it had come
        return f"{site}: killed by signal {-code}"
    said = [line for line in (out if code == EXIT_OK else err).splitlines() if line.strip()]
    if not said:
        how = "nothing to say" if code == EXIT_OK else f"ended with code {code}, saying nothing"
        return f"{site}: {how}"
    if code == EXIT_OK:
        return said[-1]
    ours = [line for line in said if line.startswith("scrapy ")]
    line = (ours or said)[-1].removeprefix("scrapy crawl: ")
    named = re.match(
        rf"(\w+ )?{re.escape(site)}[: ]", line
    )  # "visit NAME: ...", "NAME is red: ..."
    return line if named else f"{site}: {line}"
