"""After a run: its site is held against what is usual for it, and the verdict is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from crawler.operations.monitors import USUAL_PAGES, Alarm, added_up, judge, median, newest, silent
from models.articles.revisions import RevisionRow
from models.crawl import runs
from models.monitoring import health, run_metrics
from models.monitoring.health import Health
from models.monitoring.run_metrics import Figures
from models.outcomes import Outcome
from models.scheduling import visit_policy
from models.sites import registry

CHANGED: Final = "health"  # site events: the verdict is another than before
ACCEPTED: Final = "health accepted"  # what the site brings is usual from here on
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
    "untitled_share": RevisionRow.title.is_(None),
    "undated_share": RevisionRow.published_at.is_(None),
    "median_length": RevisionRow.word_count >= 0,
}


@dataclass(frozen=True, slots=True)
class Windows:
    """The runs that are judged, and those that they are held against."""

    runs: Sequence[Figures]  # newest first
    now: Figures | None
    usual: Figures | None


def watch(c: Connection, site_id: int, now: datetime) -> Health:
    """Judges a site by its runs, keeps the verdict, and notes once that it has changed."""
    before = run_metrics.last_event(c, site_id, CHANGED)
    accepted = int(run_metrics.last_event(c, site_id, ACCEPTED).get("run_id", 0))
    began = int(before.get("since_run") or 0)
    seen = _windows(c, site_id, accepted, began)
    site = next(site for site in registry.sites(c) if site.site_id == site_id)
    quiet = silent(run_metrics.looks(c, site_id, site.added_at))
    alarms = [_dated(c, site_id, alarm) for alarm in judge(seen.runs, seen.usual)]
    if began:  # the alarm goes on: it began where it was first seen
        alarms = [replace(alarm, since_run=min(began, alarm.since_run)) for alarm in alarms]
    alarms += [quiet] if quiet else []
    verdict = _verdict(c, seen, alarms, visit_policy.pace(c, site_id, site.added_at, now).per_day)
    run_id = seen.runs[0].run_id if seen.runs else None
    health.keep(c, site_id, run_id, verdict, now)
    if verdict.state != before.get("state", "ok"):
        detail = {
            "state": verdict.state,
            "reason": verdict.reason,
            "since_run": min((a.since_run for a in alarms if a.since_run), default=None),
        }
        runs.event(c, site_id, run_id, CHANGED, detail, now)
    return verdict


def accept(c: Connection, site_id: int, now: datetime) -> Health:
    """Takes what the site brings for usual from now on: it has no history before its last run."""
    metrics = run_metrics.of_runs(c, site_id)
    last = metrics[0].run_id if metrics else 0
    runs.event(c, site_id, last or None, ACCEPTED, {"run_id": last}, now)
    return watch(c, site_id, now)


def _windows(c: Connection, site_id: int, accepted: int, began: int) -> Windows:
    """`began` is the run that an alarm which is on began with: it and later ones are not usual."""
    metrics = run_metrics.of_runs(c, site_id, after=accepted)
    if not metrics:
        return Windows(metrics, None, None)
    judged = newest(metrics, partial(run_metrics.without_later, c))
    judged[0] = run_metrics.with_sources(c, site_id, judged[0])
    first = judged[-1].run_id
    if accepted < began <= first:
        usual = run_metrics.of_runs(c, site_id, after=accepted, before=began)
    else:
        usual = metrics[len(judged) :]
    return Windows(judged, added_up(judged), added_up(usual))


def _dated(c: Connection, site_id: int, alarm: Alarm) -> Alarm:
    """Sources die in runs that bring no page, which no window has."""
    if alarm.monitor != "dead_sources":
        return alarm
    since = run_metrics.failing_since(c, site_id)
    return replace(alarm, since_run=since) if since else alarm


def _verdict(
    c: Connection, seen: Windows, alarms: Sequence[Alarm], per_day: float | None
) -> Health:
    now, usual = seen.now, seen.usual
    young = usual is None or usual.pages < USUAL_PAGES
    state = "red" if any(a.state == "red" for a in alarms) else "warn" if alarms else "ok"
    return Health(
        state=state,
        reason="; ".join(_words(c, seen, alarm) for alarm in alarms) or (_YOUNG if young else None),
        usual_per_day=per_day,
        empty_share=now.empty / now.pages if now and now.pages else None,
        usual_empty_share=usual.empty / usual.pages if usual and usual.pages else None,
        median_words=median(now.words) if now and now.words else None,
        usual_median_words=median(usual.words) if usual and usual.words else None,
    )


def _words(c: Connection, seen: Windows, alarm: Alarm) -> str:
    """An alarm for people: how much, since when, and some of the pages."""
    since = f", since run {alarm.since_run}" if alarm.since_run else ""
    pages = _pages(c, [run.run_id for run in seen.runs], alarm.monitor)
    named = f", as {' and '.join(map(_short, pages))}" if pages else ""
    return f"{alarm.reason}{since}{named}"


def _short(url: str) -> str:
    return url if len(url) <= _LONGEST else f"{url[: _LONGEST - 1]}…"


def _pages(c: Connection, run_ids: Sequence[int], monitor: str) -> list[str]:
    if monitor in _OUTCOMES:
        return run_metrics.pages_with(c, run_ids, _OUTCOMES[monitor], _SHOWN)
    which = _ARTICLES.get(monitor)
    return [] if which is None else run_metrics.articles_with(c, run_ids, which, _SHOWN)
