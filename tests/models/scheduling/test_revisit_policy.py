"""When a stored article is asked for again: by its age, and by what revisits have brought."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from models.crawl import frontier, runs
from models.crawl.run import Run
from models.crawl.schedule import AGES
from models.db.database import Database
from models.outcomes import Outcome
from models.scheduling.revisit_policy import CONFIRM, LOOKED_BACK, next_revisit_of, revisit_yield
from models.scheduling.run_lifecycle import begin
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_metadata,
    make_site,
    store_article,
)

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def store(conn: Connection, run: Run, published_at: datetime | None) -> int:
    url_id = known_url(conn, run.site_id)
    article = make_article(url_id=url_id, metadata=make_metadata(published_at=published_at))
    store_article(conn, run.site_id, article)
    return url_id


@pytest.mark.parametrize(
    ("published_at", "due"),
    [
        (None, NOW + AGES[0]),  # as old as we have known it
        (NOW - 2 * DAY, NOW - 2 * DAY + AGES[3]),
        (NOW + DAY, NOW + AGES[0]),  # a page that dates itself anew is as old as we have known it
        (NOW - 41 * DAY, None),
    ],
)
def test_an_article_is_due_at_its_next_age(
    sqlite: Database, published_at: datetime | None, due: datetime | None
) -> None:
    with sqlite.transaction() as conn:
        run = begin(conn, make_site(), "visit", "ours:1:ab", NOW)
        url_id = store(conn, run, published_at)
        assert next_revisit_of(conn, run, url_id, Outcome.UNCHANGED, NOW) == due


def test_a_page_that_is_gone_is_asked_for_once_more(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        run = begin(conn, make_site(), "visit", "ours:1:ab", NOW)
        url_id = store(conn, run, NOW - 2 * DAY)
        assert next_revisit_of(conn, run, url_id, Outcome.GONE, NOW) == NOW + CONFIRM
        frontier.claim_these(conn, [url_id], run.owner, NOW + DAY, NOW)
        frontier.acknowledge(conn, url_id, run.owner, "stored", NOW)
        frontier.claim_these(conn, [url_id], run.owner, NOW + DAY, NOW)
        frontier.acknowledge(conn, url_id, run.owner, "gone", NOW)
        assert next_revisit_of(conn, run, url_id, Outcome.GONE, NOW) == NOW - 2 * DAY + AGES[3]


def test_a_page_without_an_article_is_not_revisited(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        run = begin(conn, make_site(), "visit", "ours:1:ab", NOW)
        url_id = known_url(conn, run.site_id)
        assert next_revisit_of(conn, run, url_id, Outcome.NOT_ARTICLE, NOW) is None


@pytest.mark.parametrize(
    ("kind", "age", "counted"),
    [
        ("visit", LOOKED_BACK - SECOND, True),
        ("visit", LOOKED_BACK, False),
        ("recrawl", DAY, False),
    ],
)
def test_a_yield_is_of_the_visits_of_three_months(
    sqlite: Database, kind: str, age: timedelta, counted: bool
) -> None:
    came = [Outcome.REVISED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED, Outcome.STORED, Outcome.GONE]
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        run_id = runs.open_run(conn, kind, site_id, "ours:1:ab", NOW - age)
        for n, outcome in enumerate(came):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
        runs.close_run(conn, run_id, "done", None, NOW)
        found = revisit_yield(conn, site_id, NOW)
    assert (found.revisits, found.changed) == ((3, 1) if counted else (0, 0))
