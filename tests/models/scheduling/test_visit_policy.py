"""A site's pace, the next visit, the next look at an article: learned from what is stored."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select

from crawler.operations.health_check import check_site
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.schedule import AGES, LONGEST, SHORTEST, Bounds, RevisitYield
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.items import Hint, Link
from models.outcomes import Outcome
from models.scheduling import record_outcome, revisit_policy, run_lifecycle, visit_policy
from models.sites import registry, sources
from models.sites.config import Schedule
from tests.factories import NOW, make_article, make_metadata, make_page, make_site, store_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def run_of(conn: Connection, kind: str = "visit", owner: str = "ours:1:ab", **site: object) -> Run:
    return run_lifecycle.begin(conn, make_site(**site), kind, owner, NOW)


def store(conn: Connection, run: Run, name: str, published: timedelta | None) -> int:
    """Stores an article that was published so long ago, or does not say when; its url_id."""
    url = f"https://example.test/{name}"
    frontier.add_links(conn, run.site_id, [Link(url, "feed")], NOW)
    row = frontier.find(conn, url)
    assert row is not None
    url_id = int(row.url_id)
    frontier.claim_these(conn, [url_id], run.owner, NOW + HOUR, NOW)
    at = None if published is None else NOW - published
    metadata = make_metadata(published_at=at, published_precision="time" if at else None)
    page = make_page(url=url, run_id=run.run_id)
    article = make_article(f"Story {name}.", url_id=url_id, page=page, metadata=metadata)
    store_article(conn, run.site_id, article, NOW)
    record_outcome.record_outcome(conn, run, url_id, Outcome.STORED, NOW, fetched_at=NOW)
    return url_id


def looked_at(conn: Connection, url_id: int) -> timedelta | None:
    due = conn.execute(select(URLS.c.not_before).where(URLS.c.url_id == url_id)).scalar()
    return None if due is None else due - NOW


def test_a_first_crawl_of_an_archive_says_nothing_of_the_pace(database: Database) -> None:
    with database.transaction() as conn:
        run = run_of(conn)
        for n in range(20):
            store(conn, run, f"old-{n}", timedelta(days=100 + n))
        assert visit_policy.pace(conn, run.site_id, NOW, NOW).per_day is None
        for n in range(4):
            store(conn, run, f"new-{n}", timedelta(hours=6 * n))
        assert visit_policy.pace(conn, run.site_id, NOW, NOW).per_day == 4
        store(conn, run, "undated", None)
        assert visit_policy.pace(conn, run.site_id, NOW, NOW).articles == 4
        assert visit_policy.pace(conn, run.site_id, NOW - 10 * DAY, NOW).per_day == 0.5


def test_a_visit_is_scheduled_by_pace_ttl_retry_after_and_toml(sqlite: Database) -> None:
    def due(failed: bool = False, asked: timedelta | None = None, **site: object) -> timedelta:
        with sqlite.transaction() as conn:
            run = run_of(conn, **site)
            registry.schedule(conn, run.site_id, NOW)
            at = visit_policy.schedule(
                conn, run, NOW, failed=failed, bounds=Bounds(), asked_to_wait=asked
            )
            run_lifecycle.end(conn, run, "done", None, NOW)
            return at - NOW

    assert HOUR <= due() <= 1.1 * HOUR, "nothing is known yet"
    assert due(schedule=Schedule(every=7 * DAY)) >= 7 * DAY
    assert due(asked=5 * HOUR) == 5 * HOUR
    assert due(failed=True) >= 2 * HOUR
    with sqlite.transaction() as conn:
        run = run_of(conn)
        feed = sources.register(conn, run.site_id, "https://example.test/rss", "feed", "site")
        sources.record_success(conn, feed, NOW, links=1, ttl=4 * 3600)
        run_lifecycle.end(conn, run, "done", None, NOW)
    assert due() == 4 * HOUR
    assert due(schedule=Schedule(every=HOUR)) < 2 * HOUR, "every overrules the feed"
    with sqlite.transaction() as conn:
        frontier.add_links(conn, run.site_id, [Link("https://example.test/left", "feed")], NOW)
    assert SHORTEST <= due() <= 1.1 * SHORTEST, "pages are left"


def test_a_visit_asks_for_no_other_sites(sqlite: Database) -> None:
    asked: list[str] = []
    with sqlite.transaction() as conn:
        run = run_of(conn)
        event.listen(conn, "before_cursor_execute", lambda *call: asked.append(call[2]))
        visit_policy.sources_are_due(conn, run, Bounds(), NOW)
        visit_policy.schedule(conn, run, NOW, failed=False, bounds=Bounds())
        check_site(conn, run.site_id, NOW)
    of_sites = [words for words in asked if re.search(r"FROM sites\b", words)]
    assert len(of_sites) >= 3
    assert all(re.search(r"WHERE sites\.site_id = ", words) for words in of_sites), of_sites


def test_failures_in_a_row_are_counted_and_forgotten(sqlite: Database) -> None:
    waits = []
    for failed in (True, True, True, False):
        with sqlite.transaction() as conn:
            run = run_of(conn, schedule=Schedule(every=HOUR))
            at = visit_policy.schedule(conn, run, NOW, failed=failed, bounds=Bounds())
            waits.append((at - NOW) / HOUR)
            run_lifecycle.end(conn, run, "done", None, NOW)
    assert waits[1] >= 4 and waits[2] >= 8
    assert waits[3] < 1.2


def test_an_article_is_looked_at_by_its_age(database: Database) -> None:
    with database.transaction() as conn:
        run = run_of(conn)
        assert (
            looked_at(conn, store(conn, run, "young", timedelta(minutes=10))) == AGES[0] - HOUR / 6
        )
        assert looked_at(conn, store(conn, run, "old", timedelta(days=400))) is None
        assert looked_at(conn, store(conn, run, "dated-tomorrow", -DAY)) == AGES[0]
        assert looked_at(conn, store(conn, run, "undated", None)) == AGES[0]


def test_not_modified_counts_as_a_revisit_and_a_failure_comes_again_sooner(
    sqlite: Database,
) -> None:
    with sqlite.transaction() as conn:
        run = run_of(conn)
        url_id = store(conn, run, "story", timedelta(0))
        for now, outcome, then in (
            (NOW + HOUR, Outcome.NOT_MODIFIED, NOW + AGES[1]),
            (NOW + AGES[1], Outcome.TIMEOUT, NOW + AGES[1] + timedelta(minutes=10)),
            (NOW + AGES[1] + HOUR, Outcome.WORSE, NOW + AGES[2]),
        ):
            frontier.claim_these(conn, [url_id], run.owner, now + HOUR, now)
            record_outcome.record_outcome(conn, run, url_id, outcome, now)
            assert looked_at(conn, url_id) == then - NOW


def test_a_reextraction_leaves_the_time_of_the_next_look(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        url_id = store(conn, run_of(conn), "story", timedelta(0))
        again = run_of(conn, "reextract", "other:1:cd")
        frontier.claim_these(conn, [url_id], again.owner, NOW + 9 * DAY, NOW + 8 * DAY)
        record_outcome.record_outcome(conn, again, url_id, Outcome.UNCHANGED, NOW + 8 * DAY)
        assert looked_at(conn, url_id) == AGES[0]


def test_the_revisit_yield_is_counted_over_the_site_and_kept_in_the_run(
    database: Database,
) -> None:
    with database.transaction() as conn:
        run = run_of(conn)
        for n in range(3):
            url_id = store(conn, run, f"story-{n}", timedelta(0))
            outcome = Outcome.REVISED if n == 0 else Outcome.NOT_MODIFIED
            frontier.claim_these(conn, [url_id], run.owner, NOW + HOUR, NOW)
            record_outcome.record_outcome(conn, run, url_id, outcome, NOW)
        run_lifecycle.end(conn, run, "done", None, NOW)
        assert revisit_policy.revisit_yield(conn, run.site_id, NOW) == RevisitYield(3, 1)
        assert run_of(conn).revisit_yield == RevisitYield(3, 1)


def test_a_sitemap_that_always_says_now_does_not_make_every_page_due(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        run = run_of(conn)
        for n in range(5):
            store(conn, run, f"story-{n}", timedelta(days=60))
        later = NOW + timedelta(minutes=5)
        links = [
            Link(f"https://example.test/story-{n}", "sitemap", hint=Hint(modified_at=later))
            for n in range(5)
        ]
        frontier.add_links(conn, run.site_id, links, later)
        until = later + HOUR
        assert frontier.claim_revisits(conn, run.site_id, run.owner, 9, until, later) == []
        later += timedelta(minutes=15)
        assert len(frontier.claim_revisits(conn, run.site_id, run.owner, 9, until, later)) == 5


@pytest.mark.parametrize("jump", [-365 * DAY, 365 * DAY])
def test_a_clock_that_jumps_breaks_no_schedule(sqlite: Database, jump: timedelta) -> None:
    with sqlite.transaction() as conn:
        run = run_of(conn)
        store(conn, run, "story", timedelta(0))
        due = visit_policy.schedule(conn, run, NOW + jump, failed=False, bounds=Bounds())
        assert SHORTEST <= due - (NOW + jump) <= 1.1 * LONGEST


def test_revisits_make_a_site_due_between_two_readings_of_its_sources(database: Database) -> None:
    with database.transaction() as conn:
        run = run_of(conn, schedule=Schedule(every=6 * HOUR))
        registry.schedule(conn, run.site_id, NOW)
        assert visit_policy.sources_are_due(conn, run, Bounds(), NOW)
        store(conn, run, "story", timedelta(0))
        due = visit_policy.schedule(conn, run, NOW, failed=False, bounds=Bounds())
        assert due == NOW + AGES[0]
        assert not visit_policy.sources_are_due(conn, run, Bounds(), due)
        [known] = registry.known_sites(conn)
        assert known.sources_due_at is not None and known.sources_due_at >= NOW + 6 * HOUR
        overdue = visit_policy.schedule(
            conn, run, due, failed=False, bounds=Bounds(), sources_read=False
        )
        assert overdue == due + SHORTEST, "what was not looked at comes as soon as it may"
        failed = visit_policy.schedule(
            conn, run, due, failed=True, bounds=Bounds(), sources_read=False
        )
        assert failed == known.sources_due_at == registry.known_sites(conn)[0].sources_due_at
        assert visit_policy.sources_are_due(conn, run, Bounds(), failed)


def test_pages_that_are_left_do_not_bring_the_sources_forward(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        run = run_of(conn, schedule=Schedule(every=6 * HOUR))
        frontier.add_links(conn, run.site_id, [Link("https://example.test/left", "feed")], NOW)
        due = visit_policy.schedule(conn, run, NOW, failed=False, bounds=Bounds())
        assert due == NOW + SHORTEST
        assert not visit_policy.sources_are_due(conn, run, Bounds(), due)


def test_a_page_that_fails_makes_no_visit_by_itself(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        run = run_of(conn)
        url_id = store(conn, run, "story", timedelta(0))
        assert revisit_policy.next_revisits(conn, run.site_id) == [NOW + AGES[0]] * 2
        frontier.claim_these(conn, [url_id], run.owner, NOW + HOUR, NOW)
        record_outcome.record_outcome(conn, run, url_id, Outcome.TIMEOUT, NOW)
        assert revisit_policy.next_revisits(conn, run.site_id) == []
