"""Small stacked columns in a row of a table, as the rectangles of an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crawler.reports.daily_counts import DayCounts

STEP: Final = 4  # width of a day; a column is one narrower
HEIGHT: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle: `kind` is its class in the style sheet."""

    kind: str  # stored | refused | failed
    x: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The columns of some days, and what they show in words."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    label: str


def sparkline(days: Sequence[DayCounts]) -> Sparkline:
    """Stored, refused and failed URLs of each day, one on the other; the highest fills it."""
    stacks = [
        (("stored", day.stored), ("refused", day.refused), ("failed", day.errors)) for day in days
    ]
    highest = max((sum(count for _, count in stack) for stack in stacks), default=0)
    bars = []
    for place, stack in enumerate(stacks):
        top = float(HEIGHT)
        for kind, count in stack:
            if count:
                height = max(HEIGHT * count / highest, 1.0)  # a single one is seen too
                top = max(top - height, 0.0)
                bars.append(Bar(kind, place * STEP, round(top, 1), round(height, 1)))
    return Sparkline(len(days) * STEP, HEIGHT, tuple(bars), _label(days))


def _label(days: Sequence[DayCounts]) -> str:
    stored, refused, failed = (
        sum(counts) for counts in zip(*((d.stored, d.refused, d.errors) for d in days), strict=True)
    )
    return f"last {len(days)} days: {stored:,} stored, {refused:,} refused, {failed:,} failed"
