"""What a receiver of alerts is told: one message for all that waits for it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from models.monitoring.alerts import Alert

MOST_SITES: Final = 50  # lines of a message
MOST_CHANGES: Final = 10  # of one site
LONGEST: Final = 200  # characters of a site's reason
_SITES: Final[Mapping[str, str]] = {"red": "red", "warn": "with a warning", "ok": "well again"}
_ONE: Final[Mapping[str, str]] = {"red": "is red", "warn": "has a warning", "ok": "is well again"}
_WORST: Final = tuple(_SITES)


@dataclass(frozen=True, slots=True)
class Message:
    """Plain text."""

    title: str
    body: str
    worst: str  # ok | warn | red: the worst state of a site in it


def digest(alerts: Sequence[Alert]) -> Message:
    """One message on changes in their order, at least one: a line a site, the worst first."""
    by_site: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_site.setdefault(alert.site, []).append(alert)
    sites = sorted(by_site.values(), key=lambda changes: _WORST.index(changes[-1].state))
    lines = [_line(changes) for changes in sites[:MOST_SITES]]
    if len(sites) > MOST_SITES:
        lines.append(f"and {len(sites) - MOST_SITES} more sites; type: winnow health")
    return Message(_title(sites), "\n".join(lines), sites[0][-1].state)


def _title(sites: Sequence[Sequence[Alert]]) -> str:
    """'Winnow: 2 sites red, 1 well again'; of a single site its name."""
    if len(sites) == 1:
        return f"Winnow: {sites[0][-1].site} {_ONE[sites[0][-1].state]}"
    said: list[str] = []
    for state, words in _SITES.items():
        count = sum(changes[-1].state == state for changes in sites)
        if count:
            noun = "" if said else f" site{'s' * (count > 1)}"
            said.append(f"{count}{noun} {words}")
    return f"Winnow: {', '.join(said)}"


def _line(changes: Sequence[Alert]) -> str:
    """How one site does now, how it came to that, and what to type."""
    last = changes[-1]
    line = f"{last.site} {_ONE[last.state]}"
    if len(changes) == 1:
        line += f" (was {last.was}) since {_time(last)}{_because(last)}"
    else:
        shown = changes[-MOST_CHANGES:]
        left_out = len(changes) - len(shown)
        more = f" ({left_out} earlier changes are left out)" if left_out else ""
        steps = [f"{change.state} at {_time(change)}{_because(change)}" for change in shown]
        line += f"; it was {shown[0].was}{more}, then {', then '.join(steps)}"
    return line if last.state == "ok" else f"{line}; type: winnow health {last.site}"


def _because(alert: Alert) -> str:
    """The reason; what is said of a site that is well is no news."""
    if alert.state == "ok" or not alert.reason:
        return ""
    reason = " ".join(alert.reason.split())
    return f": {reason if len(reason) <= LONGEST else reason[: LONGEST - 1] + '…'}"


def _time(alert: Alert) -> str:
    return f"{alert.at:%Y-%m-%d %H:%M} UTC"
