"""The figures of a site's runs that its monitors check, read across the tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select

from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES
from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS, SITE_EVENTS
from models.monitoring import repeated_errors
from models.monitoring.repeated_errors import FAILED, is_repeated
from models.monitoring.run_endings import LOOKING
from models.outcomes import KEPT, Outcome
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
        Outcome.REFUSED_ADDRESS,
        Outcome.RIGHTS,
    }
)
# A 304 brings no page: of many revisits, the few pages that are new would not be seen.
COUNTED: Final = (KEPT - {Outcome.NOT_MODIFIED}) | SAID | {Outcome.NO_CONTENT, Outcome.NOT_ARTICLE}
# What led to an article, by this URL or another.
FRUITFUL: Final = KEPT | {Outcome.DUPLICATE_URL}
_PAGES: Final = ("pages", "empty", "refused", "well", "others", "errors", "fruitful")


class SeenArticle(NamedTuple):
    """An article that a run stored, revised or found unchanged, as it stood then."""

    article_id: int
    words: int
    untitled: bool
    undated: bool


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
    errors: int = 0  # http errors, time-outs, crashes, pages gone; of each page the first
    fruitful: int = 0  # kept, not modified ones too, or the same page as one that is
    sources: int = 0  # that were read before
    dead_sources: int = 0  # of these, which fail
    template_changed: int = 0  # 1 where the run noticed it
    seen: tuple[SeenArticle, ...] = ()  # changed or not, each once, as far as they are looked at

    @property
    def tried(self) -> int:
        """All that was asked for."""
        return self.pages + self.well + self.errors

    @property
    def articles(self) -> int:
        """How many articles were seen."""
        return len(self.seen)

    @property
    def untitled(self) -> int:
        """Of these, without a title."""
        return sum(article.untitled for article in self.seen)

    @property
    def undated(self) -> int:
        """Of these, without a date."""
        return sum(article.undated for article in self.seen)

    @property
    def words(self) -> tuple[int, ...]:
        """Of each of these."""
        return tuple(article.words for article in self.seen)


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
    counts, templates = _counts(conn, ids), _templates(conn, ids)
    return [_metrics(row.run_id, row.started_at, counts[row.run_id], templates) for row in runs]


def with_articles(conn: Connection, runs: Sequence[RunMetrics]) -> list[RunMetrics]:
    """The runs with the articles that they saw, the newest `MOST_ARTICLES` of them."""
    seen: dict[int, list[SeenArticle]] = defaultdict(list)
    query = articles_seen(
        [run.run_id for run in runs],
        REVISIONS.c.article_id,
        REVISIONS.c.word_count,
        REVISIONS.c.title.is_(None),
        REVISIONS.c.published_at.is_(None),
    )
    for run_id, article_id, words, untitled, undated in conn.execute(query):
        seen[run_id].append(SeenArticle(article_id, words, bool(untitled), bool(undated)))
    return [replace(run, seen=tuple(seen[run.run_id])) for run in runs]


def articles_seen(run_ids: Sequence[int], *columns: ColumnElement[Any]) -> Select[Any]:
    """Selects `run_id` and columns of REVISIONS, of each article that runs stored or found.

    Of its revisions that which stood when the run ended: the current one, or where that came
    later, the last before. Articles of the newest run first, at most `MOST_ARTICLES` rows.
    """
    kept = select(OUTCOMES.c.run_id, OUTCOMES.c.url_id).where(
        OUTCOMES.c.run_id.in_(run_ids), OUTCOMES.c.outcome.in_(sorted(KEPT))
    )
    newest = kept.order_by(OUTCOMES.c.run_id.desc(), OUTCOMES.c.url_id).limit(MOST_ARTICLES)
    touched, then = newest.subquery(), REVISIONS.alias()
    there = (
        then.c.article_id == ARTICLES.c.article_id,
        then.c.extracted_at <= func.coalesce(RUNS.c.finished_at, RUNS.c.alive_at),
    )
    current = select(then.c.revision).where(*there, then.c.revision == ARTICLES.c.revision)
    before = select(func.max(then.c.revision)).where(*there)
    stood = func.coalesce(current.scalar_subquery(), before.scalar_subquery())
    return (
        select(touched.c.run_id, *columns)
        .join_from(touched, RUNS, RUNS.c.run_id == touched.c.run_id)
        .join(ARTICLES, ARTICLES.c.url_id == touched.c.url_id)
        .join(
            REVISIONS,
            (REVISIONS.c.article_id == ARTICLES.c.article_id) & (REVISIONS.c.revision == stood),
        )
        .where(RUNS.c.run_id.in_(run_ids))  # said twice: PostgreSQL would read all runs
        .order_by(touched.c.run_id.desc(), touched.c.url_id)
    )


def with_sources(conn: Connection, site_id: int, figures: RunMetrics) -> RunMetrics:
    """The figures with how the site's sources do now."""
    before = [s for s in list_sources(conn, site_id) if s.read_at is not None]
    dead = [s for s in before if s.failures >= DEAD]
    return replace(figures, sources=len(before), dead_sources=len(dead))


def without_later(conn: Connection, runs: Sequence[RunMetrics], older: RunMetrics) -> RunMetrics:
    """A run's figures without the URLs that later `runs` touched: the later outcome counts.

    An error counts until the page comes.
    """
    if not runs:
        return older
    later = select(OUTCOMES.c.url_id).where(OUTCOMES.c.run_id.in_([run.run_id for run in runs]))
    came = later.where(OUTCOMES.c.outcome.not_in(sorted(FAILED)))
    superseded = or_(
        OUTCOMES.c.outcome.not_in(sorted(FAILED)) & OUTCOMES.c.url_id.in_(later),
        OUTCOMES.c.url_id.in_(came),  # else the later ones are repeated
    )
    own = OUTCOMES.c.run_id == older.run_id, ~is_repeated(OUTCOMES)
    query = select(OUTCOMES.c.outcome, func.count()).where(*own, superseded)
    counts = {o: -int(urls) for o, urls in conn.execute(query.group_by(OUTCOMES.c.outcome))}
    less = _metrics(older.run_id, older.started_at, counts, set())
    fewer = {name: getattr(older, name) + getattr(less, name) for name in _PAGES}
    return replace(older, **fewer)


def failing_since(conn: Connection, site_id: int) -> int:
    """The run in which the first of the site's dead sources failed first; 0 if none is dead."""
    failures = [s.failures for s in list_sources(conn, site_id) if s.read_at and s.failures >= DEAD]
    looked = RUNS.c.kind.in_(LOOKING) & (RUNS.c.status != "running")
    query = select(RUNS.c.run_id).where(RUNS.c.site_id == site_id, looked)
    newest = conn.execute(query.order_by(RUNS.c.run_id.desc()).limit(max(failures, default=0)))
    return min(newest.scalars(), default=0)


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
    for run_id, repeated in repeated_errors.of_runs(conn, ids).items():
        for outcome, urls in repeated.items():
            counts[run_id][outcome] -= urls
    return counts


def _templates(conn: Connection, ids: Sequence[int]) -> set[int]:
    query = select(SITE_EVENTS.c.run_id).where(
        SITE_EVENTS.c.run_id.in_(ids), SITE_EVENTS.c.kind == "template changed"
    )
    return {run_id for run_id in conn.execute(query).scalars() if run_id}


def _metrics(
    run_id: int,
    started_at: datetime,
    counts: Mapping[str, int],
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
        fruitful=total(FRUITFUL),
        template_changed=int(run_id in templates),
    )
