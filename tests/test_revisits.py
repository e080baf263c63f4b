"""Forty days of a site on a simulated clock: edits are seen while they matter, for few requests.

Once through SQL, as a visit does it, and for sites of more sizes by the pure rules alone.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

import pytest
from sqlalchemy import Connection

from benchmarks.revisits import (
    EDIT_AGES,
    LIMITS,
    Edits,
    Publication,
    none,
    one_in_ten,
    simulate,
    thrice,
)
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.schedule import Bounds
from models.crawl.url_rows import UrlLease
from models.db.database import Database
from models.items import Hint, Link
from models.outcomes import Outcome
from models.scheduling import run_lifecycle, visit_policy
from models.scheduling.record_outcome import ArticleDates, record_outcome
from tests.factories import NOW, make_article, make_metadata, make_page, make_site, store_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "https://example.test/news/"


@pytest.mark.parametrize("per_day", [1, 12, 200])
def test_an_edit_is_seen_while_it_matters(per_day: int) -> None:
    days = 40 if per_day < 200 else 8
    result = simulate(per_day, one_in_ten, days)
    assert {age: result.lag(age) for age in EDIT_AGES if result.lag(age) >= LIMITS[age]} == {}
    assert result.requests() <= 6.0
    assert result.readings <= 24 * 82 if per_day < 200 else True


@pytest.mark.parametrize(
    ("per_day", "edits", "most"), [(1, none, 3), (12, none, 3), (1, thrice, 13), (12, thrice, 13)]
)
def test_looks_follow_what_a_site_s_articles_do(per_day: int, edits: Edits, most: float) -> None:
    result = simulate(per_day, edits)
    assert result.requests(timedelta(days=20)) <= most, "after learning"
    if edits is thrice:
        assert median(result.all_lags()) < 4
        assert result.requests() > 2 * simulate(per_day, one_in_ten).requests() - 2


@dataclass
class Paper:
    """A site with four articles a day, one in ten of them edited, in a database."""

    stories: list[Publication]
    first_seen: dict[int, datetime] = field(default_factory=dict)
    lags: dict[float, list[float]] = field(default_factory=dict)  # hours, by the edit's age
    visits: int = 0
    readings: int = 0

    def visit(self, conn: Connection, now: datetime) -> datetime:
        """One visit; when the site is due again."""
        self.visits += 1
        run = run_lifecycle.begin(conn, make_site(), "visit", "ours:1:ab", now)
        reads = visit_policy.sources_are_due(conn, run, Bounds(), now)
        if reads:
            self.readings += 1
            self.read_sources(conn, run, now)
        for lease in frontier.claim(conn, run.site_id, run.owner, 50, now + HOUR, now):
            self.fetch(conn, run, lease, now, new=True)
        for lease in frontier.claim_revisits(conn, run.site_id, run.owner, 50, now + HOUR, now):
            self.fetch(conn, run, lease, now, new=False)
        due = visit_policy.schedule(
            conn, run, now, failed=False, bounds=Bounds(), sources_read=reads
        )
        run_lifecycle.end(conn, run, "done", None, now)
        return due

    def read_sources(self, conn: Connection, run: Run, now: datetime) -> None:
        published = [(n, s) for n, s in enumerate(self.stories) if s.published_at <= now]
        links = [
            Link(f"{ADDRESS}{n}", "feed", hint=Hint(published_at=story.published_at))
            for n, story in published[-20:]
        ]
        frontier.add_links(conn, run.site_id, links, now)

    def fetch(
        self, conn: Connection, run: Run, lease: UrlLease, now: datetime, *, new: bool
    ) -> None:
        number = int(lease.url.removeprefix(ADDRESS))
        story = self.stories[number]
        published, before = story.published_at, story.fetched_at
        unseen = [
            age for age in story.edits
            if published + age * HOUR <= now
            and (before is None or published + age * HOUR > before)
        ]  # fmt: skip
        for age in unseen:
            self.lags.setdefault(age, []).append((now - published) / HOUR - age)
        if new:
            self.first_seen[number] = now
            metadata = make_metadata(published_at=published, published_precision="time")
            page = make_page(url=lease.url, run_id=run.run_id)
            text = f"Story {number} of the day."
            article = make_article(text, url_id=lease.url_id, page=page, metadata=metadata)
            store_article(conn, run.site_id, article, now)
        outcome = Outcome.STORED if new else Outcome.REVISED if unseen else Outcome.UNCHANGED
        dates = ArticleDates(published, self.first_seen[number])
        assert record_outcome(conn, run, lease.url_id, outcome, now, fetched_at=now, dates=dates)
        story.fetched_at, story.requests = now, story.requests + 1


@pytest.mark.slow  # for its thousand visits
def test_forty_days_of_a_site_in_the_database(sqlite: Database) -> None:
    stories = [Publication(NOW + n * 6.1 * HOUR, one_in_ten_of(n)) for n in range(160)]
    paper, now = Paper(stories), NOW
    with sqlite.transaction() as conn:
        while now < NOW + 40 * DAY:
            due = paper.visit(conn, now)
            assert now < due <= now + 2 * HOUR
            now = due
    assert {age: median(lags) for age, lags in paper.lags.items()}.keys() == set(EDIT_AGES)
    for age, lags in paper.lags.items():
        assert median(lags) < LIMITS[age], (age, lags)
    assert sum(story.requests for story in stories) / len(paper.first_seen) <= 6
    assert len(paper.first_seen) >= 156, "each is found"
    assert paper.readings <= 40 * 24
    assert paper.visits > paper.readings, "revisits alone make a site due"


def one_in_ten_of(number: int) -> tuple[float, ...]:
    """The ages of an article's edits; of those edited, each age has its turn."""
    return () if number % 10 else (EDIT_AGES[number // 10 % len(EDIT_AGES)],)
