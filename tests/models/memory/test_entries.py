"""Memory entries: what fades in time, what a person revoked, and the size of it all."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.db.database import Database
from models.memory import entries, learned, site_memory
from models.memory.cache import EvidenceCache
from models.memory.entries import FADE, ONE_OFF_AGE
from tests.factories import NOW
from tests.support.observations import Taught, teaches


@pytest.fixture
def site(database: Database) -> Taught:
    return Taught(database)


def prune(site: Taught, now: datetime, **limits: int) -> int:
    return site.database.patiently(
        lambda conn: entries.prune_blocks(conn, site.site_id, now, **limits)
    )


def test_a_text_seen_once_is_forgotten_and_a_repeated_one_is_not(site: Taught) -> None:
    site.remember(teaches(1, {10: "vote", 11: "once"}), teaches(2, {10: "vote"}))
    assert prune(site, NOW + ONE_OFF_AGE + timedelta(days=1)) == 1
    assert (site.pages(10), site.pages(11)) == ([1, 2], [])


def test_a_text_seen_again_in_time_is_not_forgotten(site: Taught) -> None:
    site.remember(teaches(1, {11: "once"}))
    site.remember(teaches(1, {11: "once"}), now=NOW + ONE_OFF_AGE)
    assert prune(site, NOW + ONE_OFF_AGE + timedelta(days=1)) == 0


def test_past_the_limits_the_oldest_go(site: Taught) -> None:
    for day in range(8):
        now = NOW + timedelta(days=day)
        site.remember(
            teaches(day, {day: "once", 100 + day: "twice"}),
            teaches(50 + day, {100 + day: "twice"}),
            now=now,
        )
    assert prune(site, NOW + timedelta(days=8), one_offs=3, repeated=2) == 5 + 6
    assert [day for day in range(8) if site.pages(day)] == [5, 6, 7]
    assert [day for day in range(8) if site.pages(100 + day)] == [6, 7]


def test_texts_are_those_that_enough_pages_show_and_nobody_revoked(site: Taught) -> None:
    for n in range(4):
        site.remember(teaches(n, {10: "chorus", 20 + n // 2: f"pair {n // 2}", 30 + n: f"own {n}"}))
    often = site.database.patiently
    assert often(lambda conn: entries.texts(conn, site.site_id, 3)) == {10}
    assert often(lambda conn: entries.texts(conn, site.site_id, 2)) == {10, 20, 21}
    often(lambda conn: entries.revoke(conn, site.site_id, [10, 20], NOW))
    assert often(lambda conn: entries.texts(conn, site.site_id, 2)) == {21}


def test_what_a_person_revoked_outlasts_pruning_and_forgetting(site: Taught) -> None:
    chorus = {10: "chorus", 20: "chorus"}
    site.remember(teaches(1, chorus), teaches(2, chorus))
    revoke = site.database.patiently
    assert revoke(lambda conn: entries.revoke(conn, site.site_id, [10], NOW)).keys == {10, 20}
    assert revoke(lambda conn: entries.revoke(conn, site.site_id, [11], NOW)) == (frozenset(), [])
    site.forget()
    prune(site, NOW + timedelta(days=900), one_offs=0, repeated=0)
    assert site.evidence(teaches(3, {10: "chorus"})).revoked == {10}


def test_what_was_learned_is_listed_most_frequent_first(site: Taught) -> None:
    site.remember(
        teaches(1, {10: "vote", 11: "follow", 12: "own"}),
        teaches(2, {10: "vote", 11: "follow"}),
        teaches(3, {11: "follow"}),
        teaches(4, {12: "own"}, fingerprint=1),
    )
    with site.database.reading() as conn:
        found = learned.learned_blocks(conn, site.site_id, 10)
    assert [(row.excerpt, row.pages, row.fingerprints) for row in found] == [
        ("follow", 3, 3),
        ("vote", 2, 2),
    ]
    assert found[0].first_seen_at == NOW


@pytest.mark.slow  # for its size
def test_a_site_of_many_pages_keeps_a_memory_of_megabytes(sqlite: Database) -> None:
    site = Taught(sqlite)
    limits = {"one_offs": 200, "repeated": 200}
    for batch in range(24):
        pages = [
            teaches(
                n,
                {
                    **{n * 100 + k: f"paragraph {k} of page {n}" for k in range(12)},
                    **{10_000_000 + k: f"box {k}" for k in range(8)},
                    20_000_000 + n // 3: "a teaser of three pages",
                },
                {k: (k, 9) for k in range(6)},
            )
            for n in range(batch * 50, batch * 50 + 50)
        ]
        site.remember(*pages, now=NOW + timedelta(minutes=batch))
        prune(site, NOW + timedelta(minutes=batch), **limits)
        site.dequeue()
    size = Path(sqlite.engine.url.database or "").stat().st_size
    blocks, places = map(len, site.rows())
    assert blocks <= 200 + 200 * 16
    assert places == 6 * 16
    assert size < 1_200_000  # the empty tables take 490,000
    assert all(site.pages(10_000_000 + k) for k in range(8))


def test_pruning_holds_the_site_with_all_its_parts(site: Taught) -> None:
    site.remember(teaches(1, {10: "once"}, {5: (1, 2)}))
    later = NOW + timedelta(days=200)
    forgotten = site.database.patiently(lambda conn: site_memory.prune(conn, site.site_id, later))
    assert forgotten == (1, 1, 0)


def test_places_are_listed_with_the_share_that_is_article(site: Taught) -> None:
    site.remember(teaches(1, {}, {5: (90, 100), 6: (0, 30)}), teaches(2, {}, {5: (70, 100)}))
    with site.database.reading() as conn:
        found = learned.learned_paths(conn, site.site_id, 10)
    assert [(row.path, row.pages, row.share) for row in found] == [
        ("div.p5", 2, 0.8),
        ("div.p6", 1, 0.0),
    ]


def test_a_place_that_no_page_uses_any_more_fades(site: Taught) -> None:
    old, new = teaches(1, {}, {5: (90, 100)}), teaches(2, {}, {6: (90, 100)})
    site.remember(old)
    site.remember(new, now=NOW + FADE)
    later = NOW + FADE + timedelta(days=1)
    assert site.database.patiently(lambda conn: entries.prune_paths(conn, site.site_id, later)) == 1
    with site.database.reading() as conn:
        run = EvidenceCache(site.site_id)
        assert (run.still_knows(conn, old), run.still_knows(conn, new)) == (False, True)


def test_past_the_limit_the_places_not_seen_for_longest_go(site: Taught) -> None:
    for day in range(5):
        site.remember(teaches(day, {}, {day: (1, 2)}), now=NOW + timedelta(days=day))
    later = NOW + timedelta(days=5)
    assert (
        site.database.patiently(lambda conn: entries.prune_paths(conn, site.site_id, later, most=2))
        == 3
    )
    assert [row[1] for row in site.rows()[1]] == [3, 4]


def test_a_text_has_an_entry_once_two_pages_showed_it_since_the_first_did(site: Taught) -> None:
    later = NOW + timedelta(hours=1)
    site.remember(teaches(1, {10: "vote", 11: "own"}))
    assert listed(site) == {}
    site.remember(teaches(2, {10: "vote", 12: "own too"}), now=later)
    assert listed(site) == {10: ("vote", NOW, later)}


def listed(site: Taught) -> dict[int, tuple[str, datetime, datetime]]:
    query = select(entries.ENTRIES).where(entries.ENTRIES.c.kind == entries.BLOCK)
    with site.database.reading() as conn:
        rows = conn.execute(query).all()
    return {row.entry_key: (row.text, row.first_seen_at, row.last_seen_at) for row in rows}
