"""The heads of a site's queues: what could be fetched now, and which queues brought articles."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, select

from models.crawl import frontier
from models.crawl.fair_share import MOST_TRIES, PROBE_EVERY, TRIES
from models.crawl.url_rows import URLS
from models.crawl.waiting import FARTHEST_TRY, has_waiting, waiting_queues
from models.db.database import Database
from models.items import Hint, Link
from tests.factories import NOW, known_site, known_url

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SOURCE = "https://example.test/sitemap.xml"


def named(path: str, source: str = SOURCE, **hint: object) -> Link:
    return Link(f"https://example.test/{path}", "sitemap", source, Hint(**hint))


def flood(conn: Connection, site: int, many: int, path: str = "dead", **hint: object) -> None:
    frontier.add_links(conn, site, [named(f"{path}/{n}", **hint) for n in range(many)], NOW)


def fetch(conn: Connection, site: int, size: int, at: timedelta = timedelta(0)) -> list[str]:
    """One batch of a run: what has "news" in its address is an article, the rest is none."""
    now = NOW + at
    leases = frontier.claim(conn, site, "ours", size, now + HOUR, now)
    for lease in leases:
        came = "stored" if "news" in lease.url else "not_article"
        frontier.acknowledge(conn, lease.url_id, "ours", came, now, fetched_at=now)
    return [lease.url.removeprefix("https://example.test/") for lease in leases]


@pytest.mark.parametrize(
    ("wait", "due"),
    [
        (None, True),
        (timedelta(), True),
        (SECOND, False),
        (FARTHEST_TRY, False),
        (FARTHEST_TRY + SECOND, True),  # of a clock that was wrong
    ],
)
def test_a_page_is_due_by_its_time_unless_that_is_too_far_off(
    sqlite: Database, wait: timedelta | None, due: bool
) -> None:
    with sqlite.transaction() as conn:
        known_url(conn, known_site(conn))
        conn.execute(URLS.update().values(not_before=None if wait is None else NOW + wait))
        assert has_waiting(conn, 1, NOW) is due


def test_three_dated_articles_come_before_thousands_of_dead_pages(database: Database) -> None:
    site, day = _site(database), NOW - 3 * HOUR
    with database.transaction() as conn:
        frontier.add_links(
            conn, site, [named(f"news/{n}", published_at=day) for n in range(3)], NOW - DAY
        )
        flood(conn, site, 3000)
    with database.transaction() as conn:
        first = fetch(conn, site, 50)
    assert {"news/0", "news/1", "news/2"} == set(first[:3]) and len(first) == 50


def test_dead_pages_of_today_starve_neither_another_source_nor_another_shape(
    database: Database,
) -> None:
    site = _site(database)
    with database.transaction() as conn:
        flood(conn, site, 2000, published_at=NOW)
        late = {"published_at": NOW - DAY}
        feed = "https://example.test/feed"
        frontier.add_links(conn, site, [named(f"dead/news{n}", feed, **late) for n in "ab"], NOW)
        frontier.add_links(conn, site, [named(f"news/{n}", **late) for n in range(2)], NOW)
        first = fetch(conn, site, 20)
    assert {"dead/newsa", "dead/newsb", "news/0", "news/1"} <= set(first)


def test_dead_pages_are_tried_a_while_then_rarely_and_are_back_after_an_article(
    database: Database,
) -> None:
    site = _site(database)
    with database.transaction() as conn:
        flood(conn, site, 500)
        assert has_waiting(conn, site, NOW)
        assert len(fetch(conn, site, MOST_TRIES)) == MOST_TRIES
        assert not has_waiting(conn, site, NOW)
        assert fetch(conn, site, 50) == []
        assert len(fetch(conn, site, 50, PROBE_EVERY)) == 1
        assert fetch(conn, site, 50, PROBE_EVERY + HOUR / 2) == []
        [lease] = frontier.claim(conn, site, "ours", 50, NOW + DAY, NOW + 2 * PROBE_EVERY)
        assert frontier.acknowledge(conn, lease.url_id, "ours", "stored", NOW)
        assert has_waiting(conn, site, NOW + 2 * PROBE_EVERY)
        assert len(fetch(conn, site, 50, 2 * PROBE_EVERY)) == 50


def test_pages_under_way_are_no_tries_nor_are_those_of_a_run_that_was_killed(
    database: Database,
) -> None:
    site = _site(database)
    with database.transaction() as conn:
        flood(conn, site, 200)
        for _ in range(3):
            leases = frontier.claim(conn, site, "ours", 2 * TRIES, NOW + HOUR, NOW)
            assert len(leases) == 2 * TRIES
            assert has_waiting(conn, site, NOW)
            frontier.release(conn, "ours")
        [tries] = {queue.tries for queue in waiting_queues(conn, site, 1, NOW)}
        assert tries == 0


def test_a_host_that_is_left_alone_costs_no_try(database: Database) -> None:
    site = _site(database)
    with database.transaction() as conn:
        flood(conn, site, TRIES)
        for lease in frontier.claim(conn, site, "ours", TRIES, NOW + HOUR, NOW):
            frontier.acknowledge(conn, lease.url_id, "ours", "http_error", NOW, asked=False)
        assert {queue.tries for queue in waiting_queues(conn, site, 1, NOW)} == {0}


def test_what_failed_on_our_side_costs_no_try(database: Database) -> None:
    site = _site(database)
    with database.transaction() as conn:
        flood(conn, site, TRIES)
        for lease in frontier.claim(conn, site, "ours", TRIES, NOW + HOUR, NOW):
            frontier.acknowledge(conn, lease.url_id, "ours", "extract_crash", NOW)
        assert {queue.tries for queue in waiting_queues(conn, site, 1, NOW + 24 * HOUR)} == {0}


def test_a_page_that_redirects_to_an_article_is_worth_its_try(sqlite: Database) -> None:
    site = _site(sqlite)
    with sqlite.transaction() as conn:
        flood(conn, site, MOST_TRIES + 1, "old")
        leases = frontier.claim(conn, site, "ours", MOST_TRIES, NOW + HOUR, NOW)
        for lease in leases:
            frontier.acknowledge(conn, lease.url_id, "ours", "duplicate_url", NOW)
        assert not has_waiting(conn, site, NOW)
        target = Link("https://example.test/to/an-article", "redirect", leases[0].url)
        frontier.add_links(conn, site, [target], NOW)
        fetch_it = frontier.find(conn, target.url)
        assert fetch_it is not None
        frontier.claim_these(conn, [fetch_it.url_id], "ours", NOW + HOUR, NOW)
        frontier.acknowledge(conn, fetch_it.url_id, "ours", "stored", NOW)
        assert has_waiting(conn, site, NOW)


def test_what_was_known_before_there_were_queues_waits_as_before(database: Database) -> None:
    site = _site(database)
    with database.transaction() as conn:
        flood(conn, site, 2 * MOST_TRIES + 9)
        conn.execute(URLS.update().values(queue_key=None))
        assert len(fetch(conn, site, MOST_TRIES)) == MOST_TRIES
        assert len(fetch(conn, site, MOST_TRIES)) == MOST_TRIES, "nobody knows that they are dead"
        flood(conn, site, 2 * MOST_TRIES + 9)
        assert conn.scalars(select(URLS.c.url_id).where(URLS.c.queue_key.is_(None))).all() == []
        assert len(fetch(conn, site, 50)) == 9


def test_a_claim_reads_no_more_than_the_heads(database: Database) -> None:
    site = _site(database)
    seen: list[tuple[str, object]] = []
    with database.transaction() as conn:
        flood(conn, site, 3000)
    with database.transaction() as conn:  # as the server does by itself after a while
        sizes = {"postgresql": "analyze urls", "mysql": "analyze table urls"}
        conn.exec_driver_sql(sizes.get(database.dialect, "select 1"))
    with database.transaction() as conn:
        listen(conn, seen)
        fetch(conn, site, 20)
        heads = [s for s in seen if "newest_at desc" in s[0]]
        words = "explain query plan " if database.dialect == "sqlite" else "explain "
        plan = "\n".join(str(r) for r in conn.exec_driver_sql(words + heads[0][0], heads[0][1]))
    assert "ix_urls_queue" in plan
    assert "Seq Scan" not in plan and "TEMP B-TREE FOR ORDER BY" not in plan, plan


def listen(conn: Connection, seen: list[tuple[str, object]]) -> None:
    @event.listens_for(conn, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, values: object, *_more: object) -> None:
        seen.append((statement, values))


def _site(database: Database) -> int:
    with database.transaction() as conn:
        return known_site(conn)
