"""Small stacked columns, as the paths of an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crawler.reports.daily_counts import DayCounts

STEP: Final = 4  # width of a column and the space after it
BAR: Final = 3
HEIGHT: Final = 24


@dataclass(frozen=True, slots=True)
class Part:
    """All columns of one kind: `kind` is their class in the style sheet, `d` their path."""

    kind: str  # stored | refused | failed
    d: str


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Columns over time, and what they show in words."""

    width: int
    height: int
    parts: tuple[Part, ...]
    label: str


def sparkline(days: Sequence[DayCounts], days_a_column: int = 1) -> Sparkline:
    """Stored, refused and failed URLs, one on the other; the highest column fills the height."""
    stacks = [
        tuple(sum(counts) for counts in zip(*map(_counts, some), strict=True))
        for some in _groups(days, days_a_column)
    ]
    highest = max(map(sum, stacks), default=0)
    paths: tuple[list[str], ...] = ([], [], [])
    for place, stack in enumerate(stacks):
        top = float(HEIGHT)
        for path, count in zip(paths, stack, strict=True):
            if count:
                height = max(HEIGHT * count / highest, 1.0)  # a single one is seen too
                path.append(f"M{place * STEP} {top:.3g}v-{height:.3g}h{BAR}v{height:.3g}z")
                top -= height
    parts = (
        Part(kind, "".join(path))
        for kind, path in zip(("stored", "refused", "failed"), paths, strict=True)
        if path
    )
    return Sparkline(len(stacks) * STEP, HEIGHT, tuple(parts), _label(days))


def _counts(day: DayCounts) -> tuple[int, int, int]:
    return day.stored, day.refused, day.errors


def _groups(days: Sequence[DayCounts], size: int) -> list[Sequence[DayCounts]]:
    """The days, `size` at a time; the last group ends with the last day, the first may be short."""
    first = len(days) % size
    starts = range(first, len(days), size)
    return [*([days[:first]] if first else []), *(days[start : start + size] for start in starts)]


def _label(days: Sequence[DayCounts]) -> str:
    stored, refused, failed = (sum(counts) for counts in zip(*map(_counts, days), strict=True))
    return f"last {len(days)} days: {stored:,} stored, {refused:,} refused, {failed:,} failed"
