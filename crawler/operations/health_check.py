"""After a run: its site is compared with what is usual for it, and the result is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from crawler.extensions.run_summary import NOT_OF_THE_SITE
from crawler.operations.absolute_monitors import (
    NEVER_WORKED,
    failing_in_a_row,
    fruitless,
    never_worked,
    publication_gap,
    wrong_template,
)
from crawler.operations.health_reason import reason_line
from crawler.operations.monitors import (
    USUAL_PAGES,
    Alarm,
    added_up,
    alarms_of,
    median,
    newest,
)
from models.crawl import runs
from models.monitoring import (
    alerts,
    examples,
    health,
    publication,
    repeated_errors,
    run_endings,
    run_metrics,
    wrong_templates,
)
from models.monitoring.examples import Refusal
from models.monitoring.health import Health
from models.monitoring.run_endings import EndedRun
from models.monitoring.run_metrics import RunMetrics
from models.outcomes import Outcome
from models.scheduling import visit_policy
from models.sites import registry
from models.sites.enabled import is_disabled

CHANGED: Final = "health"  # site events: the state changed
ACCEPTED: Final = "health accepted"  # what the site brings counts as usual from here on
_SHOWN: Final = 3  # pages named
_REFUSALS: Final = 5  # outcomes with their reasons
_LONGEST: Final = 500  # characters of a reason or URL in the details
_YOUNG: Final = "not judged yet: too few pages to know what is usual"
_OUTCOMES: Final = {
    "empty_share": frozenset({Outcome.NO_CONTENT}),
    "refused_share": run_metrics.SAID,
    "other_share": frozenset({Outcome.NOT_ARTICLE}),
    "error_share": repeated_errors.FAILED,
    "fruitless": frozenset(Outcome) - run_metrics.FRUITFUL,
}
_ARTICLES: Final = {
    "untitled_share": examples.UNTITLED,
    "undated_share": examples.UNDATED,
    "median_length": examples.ANY_LENGTH,
}
_FIRST: Final = (NEVER_WORKED, "failing_in_a_row", "fruitless")  # they explain the others


@dataclass(frozen=True, slots=True)
class ComparisonWindow:
    """The runs that are checked, and those that they are compared with."""

    runs: Sequence[RunMetrics]  # newest first
    now: RunMetrics | None
    usual: RunMetrics | None


def check_site(conn: Connection, site_id: int, now: datetime) -> Health:
    """Checks a site by its runs and stores the result.

    An event is recorded when the state changes, or when an alarm about runs begins or is over: a
    warning that names no run may stand beside it, and longer.
    """
    was = health.lock_state(conn, site_id, now)  # first: what is read then is as new as can be
    before = run_metrics.last_event(conn, site_id, CHANGED)
    accepted = int(run_metrics.last_event(conn, site_id, ACCEPTED).get("run_id", 0))
    began = int(before.get("since_run") or 0)
    seen = _windows(conn, site_id, accepted, began)
    site = registry.known_site(conn, site_id)
    ended = run_endings.endings(conn, site_id)
    compared = [_dated(conn, site_id, alarm) for alarm in alarms_of(seen.runs, seen.usual)]
    # a person who accepts a site as it is has seen how little it brings
    compared += _one(None if accepted else fruitless(seen.now, seen.usual))
    if began:  # the alarm is still on: it began with the run that first raised it
        compared = [replace(alarm, since_run=min(began, alarm.since_run)) for alarm in compared]
    alarms = [
        *compared,
        *_one(publication_gap(publication.visits(conn, site_id, site.added_at))),
        *_one(wrong_template(site.name, wrong_templates.unmended(conn, site_id, accepted))),
        *_of_endings(conn, site_id, [run for run in ended if run.run_id > accepted]),
    ]
    alarms.sort(key=lambda alarm: (alarm.state != "red", alarm.monitor not in _FIRST))
    per_day = visit_policy.pace(conn, site_id, site.added_at, now).per_day
    found = _health(conn, seen, alarms, per_day)
    last = [ended[0].run_id] if ended else []
    newest_run = max([*last, *(run.run_id for run in seen.runs[:1])], default=None)
    health.keep(conn, site_id, newest_run, found, now)
    if found.state != was:
        alerts.record(conn, site_id, newest_run, was, found.state, found.reason, now)
    since = min((alarm.since_run for alarm in alarms if alarm.since_run), default=None)
    if found.state != before.get("state", "ok") or bool(since) != bool(began):
        detail = {"state": found.state, "reason": found.reason, "since_run": since}
        runs.event(conn, site_id, newest_run, CHANGED, detail, now)
    return found


def check_killed(conn: Connection, now: datetime, sites_dir: Path) -> dict[str, Health]:
    """Checks the sites whose last run was killed before it could; their health by name.

    One that is disabled alarms nobody: it is checked when it is enabled again.
    """
    names = registry.names(conn)
    unchecked = run_endings.unchecked(conn)
    wanted = [n for n in unchecked if not is_disabled(sites_dir / f"{names[n]}.toml")]
    return {names[n]: check_site(conn, n, now) for n in wanted}


def red_line(name: str, health: Health) -> str:
    """What is said of a site that a run left red."""
    return f"{name} is red: {health.reason}; type: scrapy health {name}"


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
    checked = run_metrics.with_articles(conn, checked)
    checked[0] = run_metrics.with_sources(conn, site_id, checked[0])
    first = checked[-1].run_id
    if accepted < began <= first:
        usual = run_metrics.of_runs(conn, site_id, after=accepted, before=began)
    else:
        usual = metrics[len(checked) :]
    usual = run_metrics.with_articles(conn, usual)
    return ComparisonWindow(checked, added_up(checked), added_up(usual))


def _of_endings(conn: Connection, site_id: int, ended: Sequence[EndedRun]) -> list[Alarm]:
    """Alarms for runs that fail; those that a person stopped say nothing of the site."""
    ended = [run for run in ended if not (run.reason or "").startswith(NOT_OF_THE_SITE)]
    has_articles = run_endings.has_articles(conn, site_id)
    # a twin is looked for among all sites, so only where it alone can explain what is missing
    empty = bool(ended) and not has_articles and not any(run.failed or run.urls for run in ended)
    twin = registry.twin_of(conn, site_id) if empty else None
    never = never_worked(ended, has_articles=has_articles, twin=twin)
    return _one(never or failing_in_a_row(ended))


def _one(alarm: Alarm | None) -> list[Alarm]:
    return [] if alarm is None else [alarm]


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
    details = _details(conn, seen, alarms) if alarms else None
    about = _OUTCOMES.get(alarms[0].monitor, frozenset()) if alarms else frozenset()
    refusals = details["refusals"] if details else []
    mostly = next((found["outcome"] for found in refusals if found["outcome"] in about), None)
    return Health(
        state=state,
        reason=reason_line(alarms, mostly) or (_YOUNG if young else None),
        usual_per_day=per_day,
        empty_share=now.empty / now.pages if now and now.pages else None,
        usual_empty_share=usual.empty / usual.pages if usual and usual.pages else None,
        median_words=median(now.words) if now and now.words else None,
        usual_median_words=median(usual.words) if usual and usual.words else None,
        details=details,
    )


def _details(
    conn: Connection, seen: ComparisonWindow, alarms: Sequence[Alarm]
) -> Mapping[str, Any]:
    """Each alarm in full, with some pages that it is about, and what the runs were refused."""
    run_ids = [run.run_id for run in seen.runs]
    return {
        "alarms": [
            {
                "monitor": alarm.monitor,
                "state": alarm.state,
                "reason": _short(alarm.reason),
                "since_run": alarm.since_run or None,
                "examples": [_short(url) for url in _pages(conn, run_ids, alarm.monitor)],
            }
            for alarm in alarms
        ],
        "refusals": [_refusal(found) for found in examples.refusals(conn, run_ids, _REFUSALS)],
    }


def _refusal(found: Refusal) -> Mapping[str, Any]:
    reason = None if found.reason is None else _short(found.reason)
    return replace(found, reason=reason, example=_short(found.example)).as_json()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _pages(conn: Connection, run_ids: Sequence[int], monitor: str) -> list[str]:
    if monitor in _OUTCOMES:
        return examples.pages_with(conn, run_ids, _OUTCOMES[monitor], _SHOWN)
    which = _ARTICLES.get(monitor)
    return [] if which is None else examples.articles_with(conn, run_ids, which, _SHOWN)
