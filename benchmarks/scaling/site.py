"""One site under simulation: what it published, and what Winnow's database would hold of it."""

from bisect import bisect_right, insort
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from benchmarks.scaling.workload import SimSite, publications
from models.crawl.schedule import (
    GATHER,
    SHORTEST,
    RevisitYield,
    ages_of,
    next_due,
    next_revisit,
    next_visit,
    usual_interval,
)

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
PACE_OVER: Final = timedelta(days=14)
_BEFORE: Final = 42  # days before the start whose articles are still looked at


class Fetch(NamedTuple):
    """One page of a visit."""

    kind: str  # new, unchanged or changed
    published: float


@dataclass(slots=True)
class _Published:
    published: float
    edits: Sequence[float]  # seconds since the start
    fetched: float | None = None


@dataclass(slots=True)
class SiteState:
    """A site; `begin` and `end` are a visit's."""

    of: SimSite
    rng: Random
    due: float = 0.0
    out: bool = False  # handed out, or under way
    _sources_due: float = 0.0
    _unseen: deque[float] = field(default_factory=deque)
    _seen: deque[float] = field(default_factory=deque)  # published in the last fortnight
    _looks: list[tuple[float, int]] = field(default_factory=list)  # when, of which piece
    _pieces: list[_Published] = field(default_factory=list)
    _brought: RevisitYield = field(default_factory=RevisitYield)

    def __post_init__(self) -> None:
        """As if the site had been visited for ever: its articles have been looked at."""
        self._brought = self.of.kind.yield_
        ages = [age.total_seconds() for age in ages_of(self._brought)]
        for day in range(-_BEFORE, 0):
            for published in publications(self.rng, self.of.per_day, day):
                if published > -PACE_OVER.total_seconds():
                    self._seen.append(published)
                piece = self._add(published)
                piece.fetched = 0.0
                due = next((published + age for age in ages if -published < age), None)
                if due is not None:
                    insort(self._looks, (due, len(self._pieces) - 1))
        every = self._interval(0.0).total_seconds()
        self._sources_due = self.rng.random() * every
        self._set_due(0.0)

    def publish(self, moments: Sequence[float]) -> None:
        """What it publishes on a day that begins."""
        self._unseen.extend(moments)

    def begin(self, now: float) -> tuple[bool, list[Fetch]]:
        """Whether the visit reads the sources, and the pages that it fetches."""
        reads, fetches = self._sources_due <= now, []
        while reads and self._unseen and self._unseen[0] <= now:
            published = self._unseen.popleft()
            self._seen.append(published)
            piece = self._add(published)
            fetches.append(self._fetch(piece, len(self._pieces) - 1, now))
        come = bisect_right(self._looks, (now, len(self._pieces)))
        numbers, self._looks = [number for _, number in self._looks[:come]], self._looks[come:]
        fetches += [self._fetch(self._pieces[number], number, now) for number in numbers]
        return reads, fetches

    def end(self, now: float, *, reads: bool) -> None:
        """Says when it is due again."""
        if reads:
            again = next_visit(_at(now), self._interval(now), share=self.of.share)
            self._sources_due = _seconds(again)
        self._set_due(now)
        self.out = False

    def _add(self, published: float) -> _Published:
        edits = self.of.kind.edits(self.rng, self.rng.randrange(1_000_000))
        self._pieces.append(_Published(published, [published + hours * 3600 for hours in edits]))
        return self._pieces[-1]

    def _fetch(self, piece: _Published, number: int, now: float) -> Fetch:
        kind, before = "new", piece.fetched
        if before is not None:
            changed = any(before < edit <= now for edit in piece.edits)
            kind = "changed" if changed else "unchanged"
            old = self._brought
            self._brought = RevisitYield(old.revisits + 1, old.changed + changed)
        piece.fetched = now
        again = next_revisit(
            _at(now), _at(piece.published), self._brought, revised=kind == "changed"
        )
        if again is not None:
            insort(self._looks, (_seconds(again), number))
        return Fetch(kind, piece.published)

    def _interval(self, now: float) -> timedelta:
        while self._seen and self._seen[0] <= now - PACE_OVER.total_seconds():
            self._seen.popleft()
        return usual_interval(len(self._seen), PACE_OVER)

    def _set_due(self, now: float) -> None:
        first = self._looks[0][0] if self._looks else 0.0
        looks = self._looks[: bisect_right(self._looks, (first + GATHER.total_seconds(), 0))]
        due = next_due(
            _at(self._sources_due), [_at(look) for look, _ in looks], _at(now) + SHORTEST
        )
        self.due = _seconds(due)


def _at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def _seconds(moment: datetime) -> float:
    return (moment - START) / timedelta(seconds=1)
