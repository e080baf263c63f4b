"""A URL is a row before it is a request, is claimed by a lease, and acknowledged by its owner."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, Row

from models.crawl import frontier
from models.crawl.schedule import LEAST_PAUSE
from models.db.database import Database
from models.items import Hint, Link
from models.outcomes import MAX_ATTEMPTS, retry_after
from models.sites import registry
from models.sites.config import Scope, Site, Sources

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SOON = NOW + timedelta(minutes=10)


def link(path: str, found_by: str = "sitemap", **hint: object) -> Link:
    return Link(f"https://example.com/{path}", found_by, "https://example.com/sitemap.xml",
                Hint(**hint))  # fmt: skip


def add_site(database: Database, name: str = "example") -> int:
    site = Site(name, Path(f"{name}.toml"), f"https://{name}.com/", Sources(), Scope(frozenset()))
    with database.transaction() as conn:
        return registry.ensure_site(conn, site, NOW)


def find_id(conn: Connection, path: str) -> int:
    row = frontier.find(conn, f"https://example.com/{path}")
    assert row is not None
    return int(row.url_id)


def find(database: Database, path: str) -> Row[Any]:
    with database.reading() as conn:
        row = frontier.find(conn, f"https://example.com/{path}")
    assert row is not None
    return row


def test_what_a_source_names_is_a_row_once(database: Database) -> None:
    site = add_site(database)
    other = add_site(database, "other")
    with database.transaction() as conn:
        named = [link("a"), link("a?utm_source=rss"), link("a/amp/"), link("b"), link("🦉" * 500)]
        assert (
            frontier.add_links(conn, site, [*named, Link("javascript:void(0)", "section")], NOW)
            == 3
        )
        assert frontier.add_links(conn, site, [link("b#top"), link("c")], NOW) == 1
        assert frontier.add_links(conn, other, [link("c", title="Not theirs")], NOW) == 0
        assert frontier.add_links(conn, site, [], NOW) == 0
        assert frontier.counts(conn, site) == {"found": 4}
    row = find(database, "a/")
    assert row.url == "https://example.com/a"
    assert (row.state, row.found_at, row.found_by) == ("found", NOW, "sitemap")
    assert find(database, "c").hint_title is None
    assert find(database, "c").site_id == site


def test_sources_add_to_what_is_known_and_overwrite_nothing(database: Database) -> None:
    site = add_site(database)
    day, later = NOW - timedelta(days=3), NOW - timedelta(days=1)
    with database.transaction() as conn:
        named = [link("a", "section"), link("b", title="First", modified_at=day)]
        frontier.add_links(conn, site, named,
                       NOW)  # fmt: skip
        frontier.add_links(
            conn, site,
            [
                link("a", title="A", published_at=day, published_precision="day"),
                link("b", title="Second", modified_at=later),
                link("b", modified_at=day),
            ],
            NOW,
        )  # fmt: skip
    a, b = find(database, "a"), find(database, "b")
    assert (a.hint_title, a.hint_published_at, a.hint_precision) == ("A", day, "day")
    assert (a.found_by, a.newest_at) == ("section", day)
    assert (b.hint_title, b.hint_modified_at) == ("First", later)


def test_dated_news_is_claimed_first_the_newest_before_it_and_once(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        days = [NOW - timedelta(days=n) for n in (5, 1, 3)]
        frontier.add_links(
            conn, site, [link(f"p{n}", published_at=d) for n, d in enumerate(days)], NOW
        )
        frontier.add_links(
            conn, site, [link("to-come", modified_at=NOW + timedelta(days=900))], NOW
        )
        frontier.add_links(conn, site, [link("undated", "section")], NOW + timedelta(seconds=1))
    with database.transaction() as conn:
        first = frontier.claim(conn, site, "ours", 3, SOON, NOW)
        rest = frontier.claim(conn, site, "theirs", 9, SOON, NOW)
        assert frontier.claim(conn, site, "third", 9, SOON, NOW) == []
    paths = [claimed.url.rpartition("/")[2] for claimed in first + rest]
    assert paths == ["to-come", "p1", "p2", "p0", "undated"]
    assert rest[0].hint == Hint(published_at=days[0], source="sitemap")
    assert (rest[0].attempts, rest[0].article, rest[0].etag) == (0, False, None)


def test_of_pages_as_new_the_last_found_is_claimed_first(sqlite: Database) -> None:
    site = add_site(sqlite)
    with sqlite.transaction() as conn:
        for path in "abc":
            frontier.add_links(conn, site, [link(path)], NOW)
        claimed = frontier.claim(conn, site, "ours", 9, SOON, NOW)
    assert [one.url[-1] for one in claimed] == ["c", "b", "a"]


def test_a_claim_frees_itself_when_it_runs_out_or_is_released(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a"), link("b")], NOW)
        (late,) = frontier.claim(conn, site, "killed", 1, SOON, NOW)
        frontier.claim(conn, site, "swept", 1, SOON, NOW)
        assert frontier.extend(conn, "swept", SOON + timedelta(hours=9)) == 1
    with database.transaction() as conn:
        (again,) = frontier.claim(conn, site, "next", 9, SOON + timedelta(hours=1), SOON)
        assert again == late
        assert frontier.release(conn, "swept") == 1
        assert len(frontier.claim(conn, site, "next", 9, SOON, NOW)) == 1
        assert frontier.extend(conn, "killed", SOON) == 0
        assert not frontier.acknowledge(conn, late.url_id, "killed", "stored", NOW)
        assert frontier.acknowledge(conn, late.url_id, "next", "stored", NOW)
        assert not frontier.acknowledge(conn, late.url_id, "next", "timeout", NOW)
    assert find(database, late.url[-1]).outcome == "stored"


def test_a_passing_failure_comes_again_later_until_it_is_given_up(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
    now = NOW
    for attempt in range(MAX_ATTEMPTS):
        with database.transaction() as conn:
            (claimed,) = frontier.claim(conn, site, "ours", 9, now + timedelta(hours=1), now)
            assert claimed.attempts == attempt
            assert frontier.acknowledge(conn, claimed.url_id, "ours", "timeout", now)
            assert frontier.claim(conn, site, "ours", 9, SOON, now) == []
        now += retry_after(attempt)
    with database.transaction() as conn:
        assert frontier.claim(conn, site, "ours", 9, SOON, now + timedelta(days=9)) == []
        assert frontier.counts(conn, site) == {"dead": 1}
        (asked_for,) = frontier.claim_these(conn, [claimed.url_id], "ours", SOON, now)
        assert frontier.acknowledge(conn, asked_for.url_id, "ours", "stored", now)
    row = find(database, "a")
    assert (row.state, row.attempts, row.article, row.changed_at) == (
        "done", 0, True, now,
    )  # fmt: skip


def test_a_host_that_is_left_alone_costs_its_pages_no_attempt(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
    for n in range(MAX_ATTEMPTS + 1):
        with database.transaction() as conn:
            now = NOW + n * timedelta(hours=1)
            (claimed,) = frontier.claim(conn, site, "ours", 9, now + timedelta(minutes=9), now)
            left = {"not_before": now + timedelta(minutes=10), "asked": False}
            assert frontier.acknowledge(conn, claimed.url_id, "ours", "http_error", now, **left)
    row = find(database, "a")
    assert (row.state, row.attempts, row.outcome) == ("found", 0, "http_error")


def test_a_time_that_a_wrong_clock_set_is_not_waited_for(database: Database) -> None:
    site, years = add_site(database), timedelta(days=730)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a"), link("b")], NOW)
        a, b = frontier.claim(conn, site, "ours", 9, SOON, NOW)
        frontier.acknowledge(conn, a.url_id, "ours", "timeout", NOW + years)
        later = {"not_before": NOW + years}
        frontier.acknowledge(conn, b.url_id, "ours", "stored", NOW + years, **later)
    with database.transaction() as conn:
        assert [one.url_id for one in frontier.claim(conn, site, "ours", 9, SOON, NOW)] == [
            a.url_id
        ]
        due = frontier.claim_revisits(conn, site, "ours", 9, SOON, NOW)
        assert [one.url_id for one in due] == [b.url_id]


def test_a_page_that_was_given_up_is_tried_weekly_while_sources_name_it(
    database: Database,
) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
        for _ in range(MAX_ATTEMPTS):
            number = find_id(conn, "a")
            frontier.claim_these(conn, [number], "ours", SOON, NOW)
            frontier.acknowledge(conn, number, "ours", "timeout", NOW)
        assert frontier.counts(conn, site) == {"dead": 1}
        frontier.add_links(conn, site, [link("a")], NOW + timedelta(days=7))
        assert frontier.counts(conn, site) == {"dead": 1}
        later = NOW + timedelta(days=9)
        frontier.add_links(conn, site, [link("a")], later)
        (claimed,) = frontier.claim(conn, site, "ours", 9, later + timedelta(hours=1), later)
        frontier.acknowledge(conn, claimed.url_id, "ours", "timeout", later)
        assert frontier.counts(conn, site) == {"dead": 1}


def test_what_was_no_article_is_read_again_when_a_source_calls_it_modified(
    database: Database,
) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
        (claimed,) = frontier.claim(conn, site, "ours", 9, SOON, NOW)
        frontier.acknowledge(conn, claimed.url_id, "ours", "not_article", NOW, fetched_at=NOW)
        frontier.add_links(conn, site, [link("a")], SOON)
        assert frontier.counts(conn, site) == {"done": 1}
        frontier.add_links(conn, site, [link("a", modified_at=NOW + timedelta(hours=1))], SOON)
        assert frontier.counts(conn, site) == {"found": 1}


def test_a_page_that_is_not_up_yet_is_looked_at_again_within_the_day(database: Database) -> None:
    site, now = add_site(database), NOW
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
        for hours in (1, 6, 99):
            (claimed,) = frontier.claim(conn, site, "ours", 9, now + timedelta(minutes=9), now)
            frontier.acknowledge(conn, claimed.url_id, "ours", "gone", now)
            now += timedelta(hours=hours)
        assert frontier.counts(conn, site) == {"done": 1}


def test_validators_are_kept_only_of_what_was_stored(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
        (claimed,) = frontier.claim(conn, site, "ours", 9, SOON, NOW)

    def record(outcome: str, **said: str) -> tuple[object, ...]:
        with database.transaction() as conn:
            assert frontier.claim_these(conn, [claimed.url_id], "ours", SOON, SOON)
            assert frontier.acknowledge(conn, claimed.url_id, "ours", outcome, NOW, **said)
        row = find(database, "a")
        return row.etag, row.last_modified, row.gone_times, row.state

    assert record("not_article", etag='"1"', last_modified="x") == (None, None, 0, "done")
    assert record("stored", etag='"2"', last_modified="y") == ('"2"', "y", 0, "done")
    assert record("worse", etag='"3"') == ('"2"', "y", 0, "done")
    assert record("not_modified") == ('"2"', "y", 0, "done")
    assert record("gone") == ('"2"', "y", 1, "done")
    assert record("connection_error") == ('"2"', "y", 1, "done")
    assert record("gone") == ('"2"', "y", 2, "done")
    assert record("unchanged", etag='"4"') == ('"4"', None, 0, "done")


def test_an_article_is_revisited_when_due_or_when_its_source_says_it_changed(
    database: Database,
) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a"), link("b"), link("c")], NOW)
        for claimed in frontier.claim(conn, site, "ours", 9, SOON, NOW):
            due = {"a": SOON, "b": SOON + timedelta(days=9), "c": None}[claimed.url[-1]]
            frontier.acknowledge(conn, claimed.url_id, "ours", "stored", NOW, not_before=due,
                                 fetched_at=NOW)  # fmt: skip
        assert frontier.claim_revisits(conn, site, "ours", 9, SOON, NOW) == []
        later = SOON + LEAST_PAUSE
        frontier.add_links(
            conn, site, [link("b", modified_at=later), link("c", modified_at=NOW)], later
        )
        due_now = frontier.claim_revisits(conn, site, "ours", 9, later + timedelta(hours=1), later)
    assert [claimed.url[-1] for claimed in due_now] == ["a", "b"]
    assert all(claimed.article for claimed in due_now)


def test_known_articles_are_listed_in_parts(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        days = {f"p{n}": NOW - timedelta(days=n) for n in range(1, 6)}
        frontier.add_links(conn, site, [link(p, published_at=d) for p, d in days.items()], NOW)
        for claimed in frontier.claim(conn, site, "ours", 4, SOON, NOW):
            frontier.acknowledge(conn, claimed.url_id, "ours", "stored", NOW)
        known = frontier.urls_of(conn, site)
        assert len(known) == 4
        assert len(frontier.urls_of(conn, site, articles=False)) == 5
        assert frontier.urls_of(conn, site, after_id=known[1].url_id, limit=1) == [known[2]]
        span = frontier.urls_of(conn, site, since=days["p3"], until=days["p1"])
        assert {row.url[-2:] for row in span} == {"p2", "p3"}
        assert frontier.get(conn, known[0].url_id) == known[0]
        assert frontier.get(conn, 999_999) is None


def test_claimers_at_once_get_no_url_twice(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link(f"p{n}") for n in range(120)], NOW)
    together = Barrier(4)

    def crawl(owner: str) -> list[int]:
        mine: list[int] = []
        together.wait(timeout=30)
        while True:
            claims = database.patiently(
                lambda conn: frontier.claim(conn, site, owner, 7, SOON, NOW)
            )
            if not claims:
                return mine
            mine += [claimed.url_id for claimed in claims]

    with ThreadPoolExecutor(4) as threads:
        taken = [url for part in threads.map(crawl, "abcd") for url in part]
    assert len(taken) == len(set(taken)) == 120


def test_finders_at_once_make_one_row_a_page(database: Database) -> None:
    site = add_site(database)
    links = [link(f"p{n}") for n in range(300)]
    together = Barrier(4)

    def discover(turn: int) -> None:
        together.wait(timeout=30)
        mine = links[turn * 50 :] + links[: turn * 50]
        database.patiently(lambda conn: frontier.add_links(conn, site, mine, NOW))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(discover, range(4)))
    with database.reading() as conn:
        assert frontier.counts(conn, site) == {"found": 300}


@pytest.mark.slow  # for its size
@pytest.mark.parametrize("known", [False, True])
def test_fifty_thousand_links_take_seconds(sqlite: Database, known: bool) -> None:
    site = add_site(sqlite)
    links = [link(f"2026/11/22/story-{n}", modified_at=NOW) for n in range(50_000)]
    if known:
        with sqlite.transaction() as conn:
            assert frontier.add_links(conn, site, links, NOW) == 50_000
    began = time.perf_counter()
    with sqlite.transaction() as conn:
        assert frontier.add_links(conn, site, links, NOW) == (0 if known else 50_000)
    assert time.perf_counter() - began < 20  # under 10 on an idle machine


def test_what_a_source_calls_modified_is_as_new_as_that(database: Database) -> None:
    """`recrawl -a since=` holds its day against this."""
    site, later = add_site(database), NOW + timedelta(days=10)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link("a"), link("b")], NOW)
        said = [link("a", modified_at=later), link("b", modified_at=later + timedelta(days=99))]
        frontier.add_links(conn, site, said, later)
        rows = frontier.urls_of(conn, site, since=NOW + timedelta(days=5), articles=False)
    assert [row.newest_at for row in rows] == [later, later]  # none is newer than now


def test_revisits_are_claimed_longest_due_first(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        frontier.add_links(conn, site, [link(name) for name in "abc"], NOW)
        for lease in frontier.claim(conn, site, "ours", 9, SOON, NOW):
            hours = {"a": 2, "b": 3, "c": 1}[lease.url[-1]]
            due = NOW - timedelta(hours=hours)
            frontier.acknowledge(conn, lease.url_id, "ours", "stored", NOW, not_before=due)
        assert [one.url[-1] for one in frontier.claim_revisits(conn, site, "o", 2, SOON, NOW)] == [
            "b",
            "a",
        ]


def test_what_a_claim_would_give_is_seen_without_claiming(sqlite: Database) -> None:
    site = add_site(sqlite)
    with sqlite.transaction() as conn:
        frontier.add_links(conn, site, [link("b"), link("a")], NOW)
        numbers = sorted(find_id(conn, name) for name in "ab")
        assert [seen.url_id for seen in frontier.peek(conn, numbers[::-1])] == numbers
        assert len(frontier.claim(conn, site, "ours", 9, SOON, NOW)) == 2


def test_a_canonical_url_stays_until_a_page_claims_another(sqlite: Database) -> None:
    site = add_site(sqlite)
    with sqlite.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
        number = find_id(conn, "a")
        for claimed, known in (("https://c.test/1", 1), (None, 1), ("https://c.test/2", 2)):
            frontier.claim_these(conn, [number], "ours", SOON, NOW)
            frontier.acknowledge(conn, number, "ours", "stored", NOW, canonical_url=claimed)
            row = frontier.get(conn, number)
            assert row is not None and row.canonical_url == f"https://c.test/{known}"


def test_a_new_row_has_no_failures(sqlite: Database) -> None:
    site = add_site(sqlite)
    with sqlite.transaction() as conn:
        frontier.add_links(conn, site, [link("a")], NOW)
    row = find(sqlite, "a")
    assert (row.attempts, row.gone_times, row.article) == (0, 0, False)
