"""What runs brought, in figures: read from outcomes, revisions, sources and events."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection

from models.crawl import runs
from models.db.database import Database
from models.monitoring import run_metrics
from models.monitoring.repeated_errors import FAILED
from models.monitoring.run_metrics import RunMetrics
from models.outcomes import KEPT, Outcome
from models.sites import sources
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_metadata,
    open_run,
    store_article,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CAME = (
    Outcome.STORED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.NO_CONTENT, Outcome.BLOCKED,
    Outcome.WORSE, Outcome.NOT_ARTICLE, Outcome.TIMEOUT, Outcome.GONE, Outcome.DUPLICATE_URL,
)  # fmt: skip


def run_over(
    conn: Connection, site_id: int, outcomes: Sequence[Outcome] = CAME, *, ended: str = "done"
) -> int:
    """A run in which each URL came to one of these."""
    run_id = open_run(conn, site_id)
    for n, outcome in enumerate(outcomes):
        url_id = known_url(conn, site_id, f"https://example.test/{n}")
        runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
        if outcome is Outcome.STORED:
            metadata = make_metadata(published_at=None)
            article = make_article("word " * 70, title=None, url_id=url_id, metadata=metadata)
            store_article(conn, site_id, article)
    if ended != "running":
        runs.close_run(conn, run_id, ended, None, NOW + HOUR)
    return run_id


def test_a_run_s_outcomes_are_counted_by_what_they_say_of_the_site(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id = run_over(conn, site_id)
        runs.event(conn, site_id, run_id, "template changed", {}, NOW)
        [found] = run_metrics.with_articles(conn, run_metrics.of_runs(conn, site_id))
    assert found == RunMetrics(
        run_id, NOW, pages=7, empty=1, refused=3, well=1, others=1, errors=2, fruitful=4,
        template_changed=1, seen=found.seen,
    )  # fmt: skip
    assert (found.words, found.untitled, found.undated, found.tried) == ((70,), 1, 1, 10)


def test_every_outcome_counts_in_one_way() -> None:
    ways = (
        run_metrics.SAID, FAILED, KEPT, {Outcome.NO_CONTENT, Outcome.NOT_ARTICLE},
        {Outcome.DATABASE_ERROR, Outcome.ERASED},  # of ours, not of the site
    )  # fmt: skip
    assert sorted(outcome for way in ways for outcome in way) == sorted(Outcome)


def test_articles_that_stand_unchanged_are_seen_as_they_stood(database: Database) -> None:
    """Two of three are as they were; the third is revised by each run."""
    with database.transaction() as conn:
        site_id = known_site(conn)
        ids = [known_url(conn, site_id, f"https://example.test/{n}") for n in range(3)]
        kinds = (Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.REVISED)
        run_ids = []
        for n, length in enumerate((10, 200, 300)):
            at = NOW + n * DAY
            run_id = runs.open_run(conn, "recrawl", site_id, "x:1:a", at)
            for url_id, kind in zip(ids, kinds, strict=True):
                outcome = kind if n else Outcome.STORED
                runs.record(conn, run_id, url_id, outcome, None, 200, at)
                if outcome in {Outcome.STORED, Outcome.REVISED}:
                    words = " ".join(f"word{n}{i}" for i in range(length))
                    store_article(conn, site_id, make_article(words, url_id=url_id), at)
            runs.close_run(conn, run_id, "done", None, at + HOUR)
            run_ids.append(run_id)
        found = run_metrics.with_articles(conn, run_metrics.of_runs(conn, site_id))
    assert [run.run_id for run in found] == run_ids[::-1]
    assert [sorted(run.words) for run in found] == [[10, 10, 300], [10, 10, 200], [10, 10, 10]]


def test_runs_come_newest_first_without_those_under_way_or_that_fetch_nothing(
    sqlite: Database,
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        ids = [run_over(conn, site_id, CAME[1:]) for _ in range(3)]
        run_over(conn, site_id, CAME[1:], ended="running")
        reread = runs.open_run(conn, "reextract", site_id, "x:1:a", NOW)
        runs.record(conn, reread, known_url(conn, site_id), Outcome.UNCHANGED, None, 200, NOW)
        runs.close_run(conn, reread, "done", None, NOW)
        empty = run_over(conn, site_id, ())
        found = [run.run_id for run in run_metrics.of_runs(conn, site_id)]
        assert found == ids[::-1] and empty not in found
        within = run_metrics.of_runs(conn, site_id, after=ids[0], before=ids[2])
        assert [run.run_id for run in within] == [ids[1]]


def test_a_page_that_a_later_run_touched_is_that_run_s(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        run_over(conn, site_id, [Outcome.BLOCKED, Outcome.NO_CONTENT, Outcome.TIMEOUT])
        run_over(conn, site_id, [Outcome.UNCHANGED, Outcome.UNCHANGED])
        later, older = run_metrics.of_runs(conn, site_id)
        less = run_metrics.without_later(conn, [later], older)
        assert (less.pages, less.refused, less.empty, less.errors) == (0, 0, 0, 1)
        assert run_metrics.without_later(conn, [], older) is older


def test_a_source_is_dead_from_its_second_failure_on(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        run_ids = [run_over(conn, site_id, CAME[1:]) for _ in range(4)]
        for name, failures in (("well", 0), ("weather", 1), ("dead", 2), ("never", 3)):
            number = sources.register(
                conn, site_id, f"https://example.test/{name}", "feed", "robots"
            )
            if name != "never":
                sources.record_success(
                    conn, number, NOW, links=1, kind="feed", ttl=None, etag=None, last_modified=None
                )
            for _ in range(failures):
                sources.record_failure(conn, number, "HTTP 404", NOW)
        run = run_metrics.with_sources(conn, site_id, RunMetrics(1, NOW))
        assert (run.sources, run.dead_sources) == (3, 1)
        assert run_metrics.failing_since(conn, site_id) == run_ids[-2]


def test_no_dead_source_fails_since_nowhere(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        assert run_metrics.failing_since(conn, known_site(conn)) == 0


def test_the_last_event_of_a_kind_counts(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for n in range(3):
            runs.event(conn, site_id, None, "accepted" if n < 2 else "other", {"n": n}, NOW)
        assert run_metrics.last_event(conn, site_id, "accepted") == {"n": 1}
        assert run_metrics.last_event(conn, site_id, "never") == {}
