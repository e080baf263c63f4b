"""What a message of `visit --fleet` says: names of sites, and nothing that is stored elsewhere."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

TASK: Final = "winnow.visit"  # the task's name, and that of its queue
SITES: Final = 8  # of a batch, at most, unless more of them share a host
UNKNOWN: Final = 64  # places for sites, as long as no worker is known: two workers' default
SECONDS: Final = 600.0  # that a batch has: less than a broker waits before it delivers again


class NoBatch(ValueError):
    """A message in another form than ours; the text says why."""


@dataclass(frozen=True, slots=True)
class Group:
    """Sites that are visited one after another, as they share a host; most are alone."""

    sites: tuple[str, ...]
    beside: tuple[str, ...] = ()  # further sites of these hosts, which are not to be visited now


@dataclass(frozen=True, slots=True)
class Batch:
    """Groups of sites that one worker visits at once."""

    number: str  # a name that no other batch has
    groups: tuple[Group, ...]
    version: str  # of Winnow, that handed it out
    asked_at: datetime  # aware
    label: str = ""
    now: bool = False  # the sites are visited whether due or not
    until: datetime | None = None  # no visit begins or goes on after this

    @property
    def sites(self) -> list[str]:
        """Names of all sites."""
        return [name for group in self.groups for name in group.sites]

    def message(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {
            "batch": self.number,
            "sites": [list(group.sites) for group in self.groups],
            "beside": [list(group.beside) for group in self.groups],
            "label": self.label,
            "now": self.now,
            "asked_at": self.asked_at.isoformat(),
            "until": None if self.until is None else self.until.isoformat(),
            "version": self.version,
        }

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> Self:
        """The batch of a message; raises NoBatch for one that another program wrote."""
        try:
            until = message["until"]
            groups = zip(message["sites"], message["beside"], strict=True)
            return cls(
                number=str(message["batch"]),
                groups=tuple(Group(_names(sites), _names(beside)) for sites, beside in groups),
                version=str(message["version"]),
                asked_at=_time(message["asked_at"]),
                label=str(message["label"]),
                now=bool(message["now"]),
                until=None if until is None else _time(until),
            )
        except (KeyError, TypeError, ValueError) as wrong:
            raise NoBatch(f"{type(wrong).__name__}: {wrong}") from wrong


def new_number() -> str:
    """A name for a batch."""
    return secrets.token_hex(8)


def batch_size(sites: int, places: int) -> int:
    """Sites of a batch, where `places` sites are visited at once by all workers together.

    A worker takes a batch for each of its places: larger ones would leave nothing to the others,
    and a batch costs it as much as some requests.
    """
    return max(1, min(SITES, sites // (places or UNKNOWN)))


def batches_of(groups: Sequence[Group], size: int = SITES) -> list[tuple[Group, ...]]:
    """The groups in their order, as many together as make `size` sites, or one."""
    made: list[list[Group]] = []
    room = 0
    for group in groups:
        if not made or room < len(group.sites):
            made.append([])
            room = size
        made[-1].append(group)
        room -= len(group.sites)
    return [tuple(batch) for batch in made]


def _names(written: Any) -> tuple[str, ...]:
    if isinstance(written, str):
        raise TypeError("names stand in a list")
    return tuple(str(name) for name in written)


def _time(written: Any) -> datetime:
    time = datetime.fromisoformat(str(written))
    if time.tzinfo is None:
        raise ValueError(f"{written!r} has no time zone")
    return time
