"""The time: one clock for all that is dated, which tests and simulations can set.

`WINNOW_NOW` (an ISO 8601 time) makes a process believe that it started then; its clock runs on
from there. It is for tests and simulations alone: a database that was written at two clocks has
times that contradict each other. Waits and limits are measured by `time.monotonic`, not by this.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from models.errors import UsageError

SETTING: Final = "WINNOW_NOW"


def utc_now() -> datetime:
    """The time, aware, UTC. Raises UsageError where WINNOW_NOW is no time."""
    return datetime.now(UTC) + _ahead(os.environ.get(SETTING, ""))


@cache
def _ahead(text: str) -> timedelta:
    """How far the clock that was set is ahead of the machine's."""
    if not text:
        return timedelta(0)
    try:
        wanted = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise UsageError(f"{SETTING}={text!r} is no time; write 2026-05-01T12:00:00Z") from wrong
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC)
    return wanted - datetime.now(UTC)
