"""Many sites visited, several at once; nothing here fetches."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

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
START: Final = 3.0  # seconds that a visit needs before it looks at its own time
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # before any visit


@dataclass(frozen=True, slots=True)
class VisitResult:
    """How the visit of one site ended."""

    site: str
    code: int  # as of `scrapy crawl`; below 0 or above 4: it was killed, or worse
    line: str  # the summary, or what is the matter
    # `run_id` and the summary of its run, as RunSummary.document has it; None if there is none
    run: Mapping[str, Any] | None = field(default=None, hash=False)


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
