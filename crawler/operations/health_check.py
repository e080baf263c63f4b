"""After a run: its site is compared with what is usual for it, and the result is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from crawler.operations.monitors import (
    USUAL_PAGES,
    Alarm,
    added_up,
    alarms_of,
    median,
    newest,
    publication_gap,
)
from models.articles.revisions import REVISIONS
from models.crawl import runs
from models.monitoring import health, run_metrics
from models.monitoring.health import Health
from models.monitoring.run_metrics import RunMetrics
from models.outcomes import Outcome
from models.scheduling import visit_policy
from models.sites import registry

CHANGED: Final = "health"  # site events: the state changed
ACCEPTED: Final = "health accepted"  # what the site brings counts as usual from here on
_SHOWN: Final = 3  # pages named
_LONGEST: Final = 200  # characters of each: a line is to be read
_YOUNG: Final = "not judged yet: too few pages to know what is usual"
_OUTCOMES: Final = {
    "empty_share": frozenset({Outcome.NO_CONTENT}),
    "refused_share": run_metrics.SAID,
    "other_share": frozenset({Outcome.NOT_ARTICLE}),
    "error_share": run_metrics.FAILED,
}
_ARTICLES: Final = {
    "untitled_share": REVISIONS.c.title.is_(None),
    "undated_share": REVISIONS.c.published_at.is_(None),
    "median_length": REVISIONS.c.word_count >= 0,
}


@dataclass(frozen=True, slots=True)
class ComparisonWindow:
    """The runs that are checked, and those that they are compared with."""

    runs: Sequence[RunMetrics]  # newest first
    now: RunMetrics | None
    usual: RunMetrics | None


def check_site(conn: Connection, site_id: int, now: datetime) -> Health:
    """Checks a site by its runs, stores the result, and records an event when the state changes."""
    before = run_metrics.last_event(conn, site_id, CHANGED)
    accepted = int(run_metrics.last_event(conn, site_id, ACCEPTED).get("run_id", 0))
    began = int(before.get("since_run") or 0)
    seen = _windows(conn, site_id, accepted, began)
    site = next(site for site in registry.known_sites(conn) if site.site_id == site_id)
    quiet = publication_gap(run_metrics.visits(conn, site_id, site.added_at))
    alarms = [_dated(conn, site_id, alarm) for alarm in alarms_of(seen.runs, seen.usual)]
    if began:  # the alarm is still on: it began with the run that first raised it
        alarms = [replace(alarm, since_run=min(began, alarm.since_run)) for alarm in alarms]
    alarms += [quiet] if quiet else []
    found = _health(
        conn, seen, alarms, visit_policy.pace(conn, site_id, site.added_at, now).per_day
    )
    run_id = seen.runs[0].run_id if seen.runs else None
    health.keep(conn, site_id, run_id, found, now)
    if found.state != before.get("state", "ok"):
        detail = {
            "state": found.state,
            "reason": found.reason,
            "since_run": min((a.since_run for a in alarms if a.since_run), default=None),
        }
        runs.event(conn, site_id, run_id, CHANGED, detail, now)
    return found


def accept(conn: Connection, site_id: int, now: datetime) -> Health:
    """Takes what the site brings now for usual: its history begins with its last run."""
    metrics = run_metrics.of_runs(conn, site_id)
    last = metrics[0].run_id if metrics else 0
    runs.event(conn, site_id, last or None, ACCEPTED, {"run_id": last}, now)
    return check_site(conn, site_id, now)


def _windows(conn: Connection, site_id: int, accepted: int, began: int) -> ComparisonWindow:
    """`began` is the first run of an alarm that is on: it and later runs are not usual."""
    metrics = run_metrics.of_runs(conn, site_id, after=accepted)
    if not metrics:
        return ComparisonWindow(metrics, None, None)
    checked = newest(metrics, partial(run_metrics.without_later, conn))
    checked[0] = run_metrics.with_sources(conn, site_id, checked[0])
    first = checked[-1].run_id
    if accepted < began <= first:
        usual = run_metrics.of_runs(conn, site_id, after=accepted, before=began)
    else:
        usual = metrics[len(checked) :]
    return ComparisonWindow(checked, added_up(checked), added_up(usual))


def _dated(conn: Connection, site_id: int, alarm: Alarm) -> Alarm:
    """Sources fail in runs without a page, which no window contains."""
    if alarm.monitor != "dead_sources":
        return alarm
    since = run_metrics.failing_since(conn, site_id)
    return replace(alarm, since_run=since) if since else alarm


def _health(
    conn: Connection, seen: ComparisonWindow, alarms: Sequence[Alarm], per_day: float | None
) -> Health:
    now, usual = seen.now, seen.usual
    young = usual is None or usual.pages < USUAL_PAGES
    state = "red" if any(a.state == "red" for a in alarms) else "warn" if alarms else "ok"
    return Health(
        state=state,
        reason="; ".join(_words(conn, seen, alarm) for alarm in alarms)
        or (_YOUNG if young else None),
        usual_per_day=per_day,
        empty_share=now.empty / now.pages if now and now.pages else None,
        usual_empty_share=usual.empty / usual.pages if usual and usual.pages else None,
        median_words=median(now.words) if now and now.words else None,
        usual_median_words=median(usual.words) if usual and usual.words else None,
    )


def _words(conn: Connection, seen: ComparisonWindow, alarm: Alarm) -> str:
    """An alarm for people: how much, since when, and some of the pages."""
    since = f", since run {alarm.since_run}" if alarm.since_run else ""
    pages = _pages(conn, [run.run_id for run in seen.runs], alarm.monitor)
    named = f", as {' and '.join(map(_short, pages))}" if pages else ""
    return f"{alarm.reason}{since}{named}"


def _short(url: str) -> str:
    return url if len(url) <= _LONGEST else f"{url[: _LONGEST - 1]}…"


def _pages(conn: Connection, run_ids: Sequence[int], monitor: str) -> list[str]:
    if monitor in _OUTCOMES:
        return run_metrics.pages_with(conn, run_ids, _OUTCOMES[monitor], _SHOWN)
    which = _ARTICLES.get(monitor)
    return [] if which is None else run_metrics.articles_with(conn, run_ids, which, _SHOWN)
