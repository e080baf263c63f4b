"""Monitors that need no history to compare with: what is wrong however a site was before. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Final

from crawler.operations.monitors import RECENT_PAGES, USUAL_PAGES, Alarm
from models.monitoring.publication import Visits
from models.monitoring.run_endings import MOST, EndedRun
from models.monitoring.run_metrics import RunMetrics
from models.monitoring.wrong_templates import WrongTemplates

IN_A_ROW: Final = 3  # runs: one or two that fail are weather, as a server that is restarted
# Shares of what was asked for that led to no article. Sources of a good site name some pages that
# are gone, doubled or no article, but hardly more of them than articles; a site of which nine in
# ten are refused is not read, whatever the reason.
FRUITLESS_WARN: Final = 0.5
FRUITLESS_RED: Final = 0.9
QUIET: Final = timedelta(days=3)  # a long weekend, however much is published otherwise

NEVER_WORKED: Final = "never_worked"


def never_worked(
    endings: Sequence[EndedRun], *, has_articles: bool, twin: str | None = None
) -> Alarm | None:
    """An alarm for a site of which no run ever stored an article; `endings`: newest first.

    `twin`: another site of its host, which has the pages that its sources name.
    """
    failed = [run for run in endings if run.failed]
    shared = twin is not None and not failed and not any(run.urls for run in endings)
    if has_articles or not endings or (not failed and not shared and len(endings) < IN_A_ROW):
        return None
    if shared:
        state = "red" if len(endings) >= IN_A_ROW else "warn"
        reason = f"never worked: its pages are those of {twin}, of the same host: keep one file"
        return Alarm(NEVER_WORKED, state, reason, endings[-1].run_id)
    said = failed[0].reason if failed else _without_pages(endings[0])
    runs = f"{'the last ' if len(endings) >= MOST else ''}{len(endings)} runs"
    if len(failed) == len(endings):
        what = f"{len(failed)} of {runs} failed"
    else:
        what = f"no article in {runs}, of which {len(failed)} failed"
    state = "red" if len(endings) >= IN_A_ROW else "warn"
    return Alarm(NEVER_WORKED, state, f"never worked: {what}, last: {said}", endings[-1].run_id)


def failing_in_a_row(endings: Sequence[EndedRun]) -> Alarm | None:
    """An alarm for a site whose last runs all failed or were killed; `endings`: newest first."""
    streak = list(takewhile(lambda run: run.failed, endings))
    if len(streak) < IN_A_ROW:
        return None
    reason = f"the last {len(streak)} runs failed, last: {streak[0].reason}"
    return Alarm("failing_in_a_row", "red", reason, streak[-1].run_id)


def fruitless(now: RunMetrics | None, usual: RunMetrics | None) -> Alarm | None:
    """An alarm for a site most of which is refused, empty or failing, and was from the start.

    Where it was better before, the monitors that compare have more to say.
    """
    if now is None or now.tried < RECENT_PAGES:
        return None
    shares = [_fruitless_share(now)]
    if usual is not None and usual.tried >= USUAL_PAGES:
        shares.append(_fruitless_share(usual))
    if min(shares) < FRUITLESS_WARN:
        return None
    parts = {"empty": now.empty, "no article": now.others, "failed": now.errors}
    parts["refused"] = now.tried - now.fruitful - sum(parts.values())
    listed = sorted(((n, words) for words, n in parts.items() if n), reverse=True)
    said = ", ".join(f"{n} {words}" for n, words in listed)
    reason = f"{shares[0]:.0%} of {now.tried} pages brought no article: {said}"
    state = "red" if min(shares) >= FRUITLESS_RED else "warn"
    return Alarm("fruitless", state, reason, now.run_id)


def publication_gap(visits: Visits) -> Alarm | None:
    """An alarm for a site that published nothing for much longer than it ever did.

    The gap ends at the last visit: nothing is known of the time after it.
    """
    if visits.last_article is None or visits.last_look is None or len(visits.gaps) < USUAL_PAGES:
        return None
    gap = visits.last_look - visits.last_article
    if gap > max(3 * max(visits.gaps), QUIET):
        days = gap / timedelta(days=1)
        return Alarm("silent", "red", f"no new article for {days:.0f} days", 0)
    return None


def wrong_template(site: str, found: WrongTemplates) -> Alarm | None:
    """A warning until the articles that were read off a wrong template have been read again.

    It names no run: what the site brought since is as usual as before.
    """
    if not found.articles:
        return None
    what, it = ("a learned template was wrong", "it")
    if found.templates > 1:
        what, it = (f"{found.templates} learned templates were wrong", "them")
    articles = "1 article was" if found.articles == 1 else f"{found.articles} articles were"
    mend = f"type: scrapy crawl reextract -a site={site}"
    return Alarm("wrong_template", "warn", f"{what}: {articles} read off {it}; {mend}", 0)


def _fruitless_share(metrics: RunMetrics) -> float:
    return 1 - metrics.fruitful / metrics.tried


def _without_pages(run: EndedRun) -> str:
    return f"{run.urls} pages, none of them stored" if run.urls else "its sources name no page"
