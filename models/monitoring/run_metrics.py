"""The figures of a site's runs that its monitors check, read across the tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select

from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES
from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS, SITE_EVENTS
from models.crawl.url_rows import URLS
from models.outcomes import ERRORS, KEPT, Outcome
from models.sites.sources import list_sources

MOST_RUNS: Final = 300  # that are looked back on
MOST_ARTICLES: Final = 2000  # whose lengths, titles and dates are looked at
DEAD: Final = 2  # failures in a row; a single one is weather
# What a site answers instead of an article; most interstitials are redirects to another host
# or to a path of their own.
SAID: Final = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.PAYWALLED,
        Outcome.WORSE,
        Outcome.OUT_OF_SCOPE,
        Outcome.DUPLICATE_URL,
        Outcome.ROBOTS,
        Outcome.BAD_TYPE,
        Outcome.TOO_LARGE,
    }
)
FAILED: Final = ERRORS | {Outcome.GONE}
# A 304 brings no page: of many revisits, the few pages that are new would not be seen.
COUNTED: Final = (KEPT - {Outcome.NOT_MODIFIED}) | SAID | {Outcome.NO_CONTENT, Outcome.NOT_ARTICLE}
BROUGHT: Final = (Outcome.STORED, Outcome.REVISED)
_PAGES: Final = ("pages", "empty", "refused", "well", "others", "errors")
LIVE_DAY: Final = timedelta(days=1)  # what was found on a site's first day is its archive
ONE_BATCH: Final = timedelta(hours=1)  # articles found closer together came together


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """What one run brought, or several added up. All counts of pages unless said otherwise."""

    run_id: int
    started_at: datetime
    pages: int = 0  # that count: kept, or refused for what they say
    empty: int = 0  # no_content
    refused: int = 0  # blocked, paywalled, worse, or led elsewhere
    well: int = 0  # not modified: asked for and there, but no page to count
    others: int = 0  # not_article
    errors: int = 0  # http errors, time-outs, crashes, pages that are gone
    articles: int = 0  # stored or revised, as far as they are looked at
    untitled: int = 0  # of these
    undated: int = 0  # of these
    words: tuple[int, ...] = ()  # of each of these
    sources: int = 0  # that were read before
    dead_sources: int = 0  # of these, which fail
    template_changed: int = 0  # 1 where the run noticed it


@dataclass(frozen=True, slots=True)
class Visits:
    """When a site was seen to publish, while somebody looked."""

    last_look: datetime | None  # start of the last run that read the sources
    last_article: datetime | None  # found since the site's first day
    gaps: tuple[timedelta, ...]  # between two finds


def of_runs(
    conn: Connection, site_id: int, *, after: int = 0, before: int | None = None
) -> list[RunMetrics]:
    """Figures of the site's last runs that fetched and are over, the newest first.

    `after` and `before` are run_ids, both excluded. How the sources do stands with the newest.
    """
    ours = (RUNS.c.site_id == site_id, RUNS.c.kind != "reextract", RUNS.c.status != "running")
    query = select(RUNS.c.run_id, RUNS.c.started_at).where(*ours, RUNS.c.run_id > after)
    if before is not None:
        query = query.where(RUNS.c.run_id < before)
    counted = select(RUN_COUNTS.c.run_id).where(RUN_COUNTS.c.run_id == RUNS.c.run_id)
    runs = conn.execute(
        query.where(counted.exists()).order_by(RUNS.c.run_id.desc()).limit(MOST_RUNS)
    ).all()
    ids = [row.run_id for row in runs]
    counts, texts, templates = _counts(conn, ids), _texts(conn, ids), _templates(conn, ids)
    return [
        _metrics(row.run_id, row.started_at, counts[row.run_id], texts[row.run_id], templates)
        for row in runs
    ]


def with_sources(conn: Connection, site_id: int, figures: RunMetrics) -> RunMetrics:
    """The figures with how the site's sources do now."""
    before = [s for s in list_sources(conn, site_id) if s.read_at is not None]
    dead = [s for s in before if s.failures >= DEAD]
    return replace(figures, sources=len(before), dead_sources=len(dead))


def visits(conn: Connection, site_id: int, added_at: datetime) -> Visits:
    """How the site was seen to publish; pages found on its first day do not count."""
    kinds = RUNS.c.kind.in_(("discover", "visit"))
    last = select(func.max(RUNS.c.started_at)).where(RUNS.c.site_id == site_id, kinds)
    seen = ARTICLES.c.first_seen_at
    live = select(seen).where(ARTICLES.c.site_id == site_id, seen > added_at + LIVE_DAY)
    found = conn.execute(live.order_by(seen.desc()).limit(MOST_ARTICLES)).scalars().all()
    gaps = [newer - older for newer, older in pairwise(found)]
    return Visits(
        conn.execute(last).scalar(),
        found[0] if found else None,
        tuple(gap for gap in gaps if gap > ONE_BATCH),
    )


def without_later(conn: Connection, runs: Sequence[RunMetrics], older: RunMetrics) -> RunMetrics:
    """A run's figures without the URLs that later `runs` touched: the later outcome counts."""
    if not runs:
        return older
    later = select(OUTCOMES.c.url_id).where(OUTCOMES.c.run_id.in_([run.run_id for run in runs]))
    query = (
        select(OUTCOMES.c.outcome, func.count())
        .where(OUTCOMES.c.run_id == older.run_id, OUTCOMES.c.url_id.in_(later))
        .group_by(OUTCOMES.c.outcome)
    )
    counts = {outcome: -int(urls) for outcome, urls in conn.execute(query)}
    less = _metrics(older.run_id, older.started_at, counts, (), set())
    fewer = {name: getattr(older, name) + getattr(less, name) for name in _PAGES}
    return replace(older, **fewer)


def failing_since(conn: Connection, site_id: int) -> int:
    """The run in which the first of the site's dead sources failed first; 0 if none is dead."""
    failures = [s.failures for s in list_sources(conn, site_id) if s.read_at and s.failures >= DEAD]
    looked = RUNS.c.kind.in_(("discover", "visit")) & (RUNS.c.status != "running")
    query = select(RUNS.c.run_id).where(RUNS.c.site_id == site_id, looked)
    newest = conn.execute(query.order_by(RUNS.c.run_id.desc()).limit(max(failures, default=0)))
    return min(newest.scalars(), default=0)


def pages_with(
    conn: Connection, run_ids: Sequence[int], outcomes: frozenset[Outcome], limit: int
) -> list[str]:
    """Some URLs that ended so in these runs, and have not done better since."""
    query = (
        select(URLS.c.url)
        .join_from(OUTCOMES, URLS, URLS.c.url_id == OUTCOMES.c.url_id)
        .where(OUTCOMES.c.run_id.in_(run_ids), OUTCOMES.c.outcome.in_(sorted(outcomes)))
        .where(URLS.c.outcome.in_(sorted(outcomes)))
        .order_by(OUTCOMES.c.run_id.desc(), OUTCOMES.c.url_id)
    )
    return list(conn.execute(query.limit(limit)).scalars())


def articles_with(
    conn: Connection, run_ids: Sequence[int], which: ColumnElement[bool], limit: int
) -> list[str]:
    """Some URLs whose revision of these runs is such."""
    query = _brought(select(REVISIONS.c.url), run_ids).where(which)
    return list(conn.execute(query.order_by(REVISIONS.c.word_count).limit(limit)).scalars())


def last_event(conn: Connection, site_id: int, kind: str) -> Mapping[str, Any]:
    """The detail of the last event of a kind; empty where there was none."""
    query = select(SITE_EVENTS.c.detail).where(
        SITE_EVENTS.c.site_id == site_id, SITE_EVENTS.c.kind == kind
    )
    found = conn.execute(query.order_by(SITE_EVENTS.c.event_id.desc()).limit(1)).scalar()
    return found or {}


def _counts(conn: Connection, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(RUN_COUNTS.c.run_id, RUN_COUNTS.c.outcome, RUN_COUNTS.c.urls)
    for row in conn.execute(query.where(RUN_COUNTS.c.run_id.in_(ids))):
        counts[row.run_id][row.outcome] = row.urls
    return counts


def _texts(conn: Connection, ids: Sequence[int]) -> dict[int, list[tuple[int, bool, bool]]]:
    """Words, whether a title and whether a date is missing, of what each run brought."""
    texts: dict[int, list[tuple[int, bool, bool]]] = defaultdict(list)
    said = select(
        OUTCOMES.c.run_id,
        REVISIONS.c.word_count,
        REVISIONS.c.title.is_(None),
        REVISIONS.c.published_at.is_(None),
    )
    newest = _brought(said, ids).order_by(OUTCOMES.c.run_id.desc(), OUTCOMES.c.url_id)
    for run_id, words, untitled, undated in conn.execute(newest.limit(MOST_ARTICLES)):
        texts[run_id].append((words, bool(untitled), bool(undated)))
    return texts


def _brought(query: Any, ids: Sequence[int]) -> Any:
    """Joins what runs stored or revised to the revisions that they wrote."""
    written = REVISIONS.c.extracted_at.between(
        RUNS.c.started_at, func.coalesce(RUNS.c.finished_at, RUNS.c.alive_at)
    )
    return (
        query.join_from(OUTCOMES, RUNS, RUNS.c.run_id == OUTCOMES.c.run_id)
        .join(ARTICLES, ARTICLES.c.url_id == OUTCOMES.c.url_id)
        .join(REVISIONS, (REVISIONS.c.article_id == ARTICLES.c.article_id) & written)
        .where(OUTCOMES.c.run_id.in_(ids), OUTCOMES.c.outcome.in_(BROUGHT))
        .where(REVISIONS.c.change != "reextract")
    )


def _templates(conn: Connection, ids: Sequence[int]) -> set[int]:
    query = select(SITE_EVENTS.c.run_id).where(
        SITE_EVENTS.c.run_id.in_(ids), SITE_EVENTS.c.kind == "template changed"
    )
    return {run_id for run_id in conn.execute(query).scalars() if run_id}


def _metrics(
    run_id: int,
    started_at: datetime,
    counts: Mapping[str, int],
    texts: Sequence[tuple[int, bool, bool]],
    templates: set[int],
) -> RunMetrics:
    def total(outcomes: frozenset[Outcome]) -> int:
        return sum(counts.get(outcome, 0) for outcome in outcomes)

    return RunMetrics(
        run_id=run_id,
        started_at=started_at,
        pages=total(COUNTED),
        empty=counts.get(Outcome.NO_CONTENT, 0),
        refused=total(SAID),
        well=counts.get(Outcome.NOT_MODIFIED, 0),
        others=counts.get(Outcome.NOT_ARTICLE, 0),
        errors=total(FAILED),
        articles=len(texts),
        untitled=sum(untitled for _, untitled, _ in texts),
        undated=sum(undated for _, _, undated in texts),
        words=tuple(words for words, _, _ in texts),
        template_changed=int(run_id in templates),
    )
