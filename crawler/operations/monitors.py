"""Monitors: what a site's newest runs brought, compared with what it usually brings. Pure.

Those that need nothing to compare with are in `absolute_monitors`.

A monitor is a function from two windows of run metrics to an alarm; a new one is a function and
a line in `MONITORS`. The recent window holds as many runs as it takes to see `RECENT_PAGES`
pages, because a run from cron often brings one page or none. The usual window holds the runs
before it, and before the alarm if one is on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from models.monitoring.run_metrics import RunMetrics, SeenArticle

RECENT_PAGES: Final = 5  # with fewer, one odd page would raise an alarm
USUAL_PAGES: Final = 8  # a site with a shorter history is not checked


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong, how badly, and since which run."""

    monitor: str
    state: str  # warn | red
    reason: str
    since_run: int  # 0: no run


Monitor = Callable[[RunMetrics, RunMetrics], tuple[str, str] | None]


def empty_share(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Pages without main content: a changed template, or a page made by scripts."""
    return _share("pages without content", now.empty, now.pages, usual.empty, usual.pages)


def refused_share(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Consent walls, challenges, paywalls, copies worse than what is stored."""
    return _share("pages refused", now.refused, now.pages, usual.refused, usual.pages)


def other_share(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Pages that are not articles: a template that is no longer recognised."""
    return _share("pages are no article", now.others, now.pages, usual.others, usual.pages)


def error_share(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Requests that failed, pages that are gone."""
    tried, used = (f.pages + f.well + f.errors for f in (now, usual))
    return _share("requests failed", now.errors, tried, usual.errors, used)


def untitled_share(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Articles without a title."""
    return _share(
        "articles without a title", now.untitled, now.articles, usual.untitled, usual.articles
    )


def undated_share(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Articles without a date."""
    return _share(
        "articles without a date", now.undated, now.articles, usual.undated, usual.articles
    )


def median_length(now: RunMetrics, usual: RunMetrics) -> tuple[str, str] | None:
    """Articles much shorter or longer than they were."""
    if len(now.words) < RECENT_PAGES or len(usual.words) < USUAL_PAGES:
        return None
    ours, theirs = median(now.words), median(usual.words)
    if ours < theirs * 0.4:
        return "red", f"the median article has {ours} words; usual: {theirs}"
    if ours < theirs * 0.6 or ours > theirs * 2.5:
        return "warn", f"the median article has {ours} words; usual: {theirs}"
    return None


def template(now: RunMetrics, _usual: RunMetrics) -> tuple[str, str] | None:
    """A changed template is worth a look, even if all pages were read well."""
    return ("warn", "the site's template changed") if now.template_changed else None


def dead_sources(now: RunMetrics, _usual: RunMetrics) -> tuple[str, str] | None:
    """Sources that were read before and fail now."""
    if not now.dead_sources:
        return None
    state = "red" if now.dead_sources == now.sources else "warn"
    return state, f"{now.dead_sources} of {now.sources} sources could not be read"


MONITORS: Final[tuple[Monitor, ...]] = (
    empty_share,
    refused_share,
    other_share,
    error_share,
    untitled_share,
    undated_share,
    median_length,
    template,
    dead_sources,
)


def alarms_of(runs: Sequence[RunMetrics], usual: RunMetrics | None) -> list[Alarm]:
    """Alarms for a site whose newest runs are `runs`, newest first; worst alarms first.

    Empty if there are too few pages to compare.
    """
    now = added_up(runs)
    if now is None or usual is None or usual.pages < USUAL_PAGES:
        return []
    alarms = []
    for monitor in MONITORS:
        found = monitor(now, usual)
        if found is not None:
            state, reason = found
            alarms.append(Alarm(monitor.__name__, state, reason, _since(monitor.__name__, runs)))
    return sorted(alarms, key=lambda alarm: alarm.state != "red")


def newest(
    runs: Sequence[RunMetrics], without: Callable[[Sequence[RunMetrics], RunMetrics], RunMetrics]
) -> list[RunMetrics]:
    """As many of the runs, newest first, as it takes to see `RECENT_PAGES` pages, or all.

    `without` removes from an older run what later ones touched again: a page that failed and
    then succeeded counts once, as a success.
    """
    taken: list[RunMetrics] = []
    for run in runs:
        taken.append(without(taken, run))
        if sum(f.pages + f.errors for f in taken) >= RECENT_PAGES:
            break
    return taken


# What a monitor counts, if that shows which runs had any of it.
_COUNTED: Final = {
    "empty_share": "empty",
    "refused_share": "refused",
    "other_share": "others",
    "error_share": "errors",
    "untitled_share": "untitled",
    "undated_share": "undated",
    "median_length": "articles",
    "template": "template_changed",
}


def _since(monitor: str, runs: Sequence[RunMetrics]) -> int:
    """The oldest of the runs, newest first, that had any of what the monitor counts."""
    counted = _COUNTED.get(monitor)
    had = [run.run_id for run in runs if counted and getattr(run, counted)]
    return had[-1] if had else runs[0].run_id


def added_up(runs: Sequence[RunMetrics]) -> RunMetrics | None:
    """Several runs, newest first, as one that began with the oldest; each article counts once."""
    if not runs:
        return None
    counted = [f.name for f in fields(RunMetrics) if f.name not in {"run_id", "started_at", "seen"}]
    newest_first = (article for run in runs for article in run.seen)
    seen: dict[int, SeenArticle] = {}
    for article in newest_first:
        seen.setdefault(article.article_id, article)
    return replace(
        runs[-1],
        seen=tuple(seen.values()),
        **{name: sum(getattr(run, name) for run in runs) for name in counted},
    )


def median(numbers: Sequence[int]) -> int:
    """The middle of the numbers, the lower of two."""
    return sorted(numbers)[(len(numbers) - 1) // 2]


def _share(
    what: str, part: int, whole: int, part_before: int, before: int
) -> tuple[str, str] | None:
    if whole < RECENT_PAGES or before < USUAL_PAGES:
        return None
    share, usual = part / whole, part_before / before
    if share >= 0.5 and share >= usual + 0.3:
        return "red", f"{share:.0%} of {whole} {what}; usual: {usual:.0%}"
    if share >= 0.2 and share >= usual + 0.15:
        return "warn", f"{share:.0%} of {whole} {what}; usual: {usual:.0%}"
    return None
