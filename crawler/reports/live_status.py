"""How a round of visits gets on, in lines for a terminal; nothing here draws or asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

ENOUGH: Final = 5  # earlier visits that tell what is usual for a site
LINES: Final = 8  # sites that are shown at most
_TIMES: Final = 2.0  # the usual, and
_LATE: Final = 10.0  # seconds more than usual: then a visit is slow
_KNOWN: Final = 0.8  # of the sites to come: with fewer nobody knows when all end
_SOONEST: Final = 5.0  # seconds: an end that is so near is not foretold
_NAME: Final = 8  # columns for a site's name, at least


@dataclass(frozen=True, slots=True)
class RunningVisit:
    """A visit that is under way."""

    site: str
    seconds: float  # since it began
    usual: float | None  # seconds that a visit of the site takes; None: nobody knows

    @property
    def is_slow(self) -> bool:
        """Whether it takes far longer than its site's visits do."""
        return self.usual is not None and self.seconds > max(
            _TIMES * self.usual, self.usual + _LATE
        )


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """A round of visits at one moment."""

    sites: int  # that were due when it began
    done: int  # that are over, or were not due any more
    failed: int
    red: int
    seconds: float  # since it began
    running: tuple[RunningVisit, ...] = ()
    left: float | None = None  # seconds until the end; None: nobody knows
    stopping: bool = False


def usual_seconds(earlier: Sequence[float]) -> float | None:
    """What a visit of a site usually takes, by its earlier ones; None where they are too few."""
    return median(earlier) if len(earlier) >= ENOUGH else None


def seconds_left(
    running: Sequence[RunningVisit], waiting: Sequence[float | None], jobs: int, pace: float = 1.0
) -> float | None:
    """Seconds until the last visit ends; None where that cannot be told.

    `waiting`: what is usual for each site that is still to come, if that is known; `jobs`: visits
    at once; `pace`: how long this round's visits took, compared with the usual.
    """
    if any(visit.is_slow for visit in running):
        return None
    usual = [visit.usual for visit in running] + list(waiting)
    known = [seconds for seconds in usual if seconds is not None]
    if not known or len(known) < _KNOWN * len(usual):
        return None
    for_others = fmean(known)
    under_way = [
        max(0.0, pace * (for_others if visit.usual is None else visit.usual) - visit.seconds)
        for visit in running
    ]
    to_come = [pace * (for_others if seconds is None else seconds) for seconds in waiting]
    return max(sum(under_way + to_come) / jobs, *under_way, *to_come)


def lines(status: LiveStatus, columns: int, rows: int) -> list[str]:
    """The status in at most `rows` lines, each narrower than the terminal of so many columns.

    What does not fit is left out, never cut: half a number would be another one. Names alone are
    cut. Nothing where not even the first words fit.
    """
    width = columns - 1  # in the last column a terminal's cursor would wait for the next line
    head = _fitting(_parts(status), width)
    if not head or rows < 1:
        return []
    visits = sorted(status.running, key=lambda visit: (not visit.is_slow, -visit.seconds))
    room = min(rows - 1, LINES)
    shown = visits if len(visits) <= room else visits[: max(0, room - 1)]
    told = [head, *filter(None, (_line(visit, width) for visit in shown))]
    more = f"  and {len(visits) - len(shown)} more"
    if len(shown) < len(visits) and room and len(more) <= width:
        told.append(more)
    return told


def _parts(status: LiveStatus) -> list[str]:
    """What the first line says, the most important first."""
    slow = sum(visit.is_slow for visit in status.running)
    counts = ((status.failed, "failed"), (status.red, "red"), (slow, "slow"))
    parts = [f"{status.done} of {status.sites} done"]
    parts += ["stopping"] if status.stopping else []
    parts += [f"{number} {what}" for number, what in counts if number]
    parts += [f"{len(status.running)} running", _clock(status.seconds)]
    if status.left is not None and status.left >= _SOONEST and not status.stopping:
        parts.append(f"about {_roughly(status.left)} left")
    return parts


def _fitting(parts: Sequence[str], width: int) -> str:
    """The parts that fit, in their order."""
    line = ""
    for part in parts:
        longer = f"{line}, {part}" if line else part
        if len(longer) <= width:
            line = longer
        elif not line:
            return ""
    return line


def _line(visit: RunningVisit, width: int) -> str:
    """One visit: its site, for how long, and whether that is slow."""
    seconds = f"  {_clock(visit.seconds)}"
    slow = f"  slow, usually {_clock(visit.usual)}" if visit.usual and visit.is_slow else ""
    for rest in (seconds + slow, seconds + slow.partition(",")[0], seconds):
        room = width - len("  ") - len(rest)
        if room >= min(_NAME, len(visit.site)):
            return f"  {_cut(_plain(visit.site), room)}{rest}"
    return ""


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else f"{name[: room - 3]}..."


def _plain(name: str) -> str:
    """A name as one column a character: what is none would move the cursor, or take two."""
    return "".join(char if char.isascii() and char.isprintable() else "?" for char in name)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _roughly(seconds: float) -> str:
    """As exact as an estimate is: '20 s', '7 min', '2 h 10 min'."""
    if seconds < 90:
        return f"{max(10, round(seconds, -1)):.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(round(minutes, -1), 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
