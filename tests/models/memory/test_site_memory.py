"""A site's memory: a page counts once, no order matters, crawlers do not harm each other."""

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.db.database import Database
from models.evidence import SAMPLE
from models.memory import (
    cache,
    entries,
    pages,
    reclassify_queue,
    samples,
    site_memory,
    templates,
)
from models.memory.cache import EvidenceCache
from tests.factories import NOW
from tests.support.observations import Taught, teaches


@pytest.fixture
def site(database: Database) -> Taught:
    return Taught(database)


def test_a_page_counts_once_however_often_it_comes(site: Taught) -> None:
    page = teaches(1, {10: "vote now", 11: "text"}, {5: (30, 40)})
    for _ in range(10):
        site.remember(page)
    evidence = site.evidence(page)
    assert (evidence.blocks, evidence.dom_paths) == ({}, {}), "only itself is known"
    other = site.evidence(teaches(2, {10: "vote now", 11: "text"}, {5: (30, 40)}))
    assert [len(sample) for sample in other.blocks.values()] == [1, 1]
    assert [len(sample) for sample in other.dom_paths.values()] == [1]


def test_evidence_names_the_other_pages(site: Taught) -> None:
    site.remember(teaches(1, {10: "vote"}), teaches(2, {10: "vote"}, fingerprint=1))
    evidence = site.evidence(teaches(3, {10: "vote", 12: "own"}))
    assert {(seen.page, seen.fingerprint) for seen in evidence.blocks[10]} == {(1, 1), (2, 1)}
    assert 12 not in evidence.blocks
    assert cache.other_pages(evidence) == {10: 2}


def test_a_text_that_a_page_no_longer_shows_is_taken_back(site: Taught) -> None:
    site.remember(teaches(1, {10: "vote"}, {5: (1, 1)}), teaches(2, {10: "vote"}, {5: (3, 9)}))
    site.remember(teaches(1, {11: "other"}, {5: (0, 8)}))
    assert site.pages(10) == [2]
    with site.database.reading() as conn:
        places = samples.read(conn, site.site_id, [5])[5]
    assert {(s.page, s.kept_words, s.words) for s in places} == {(1, 0, 8), (2, 3, 9)}


def test_a_sample_holds_the_smallest_hashes_and_no_more(site: Taught) -> None:
    pages = [teaches(n, {10: "vote"}, {5: (n, 2 * n)}) for n in range(1, 41)]
    site.remember(*pages)
    smallest = sorted(page.page_hash for page in pages)[:SAMPLE]
    for table in site.rows():
        assert sorted(row[2] for row in table) == smallest


def test_one_site_learns_nothing_from_another(site: Taught) -> None:
    Taught(site.database, "other").remember(teaches(1, {10: "vote"}))
    assert site.pages(10) == []


def test_pages_whose_evidence_grew_are_classified_again(site: Taught) -> None:
    site.remember(teaches(1, {10: "vote", 11: "a"}), teaches(2, {12: "b"}))
    assert site.waiting() == []
    site.remember(teaches(3, {10: "vote", 13: "c"}))
    assert site.waiting() == [1, 3]  # 3 was classified without knowing of 1


def test_a_page_that_was_classified_on_all_evidence_is_not_queued(site: Taught) -> None:
    site.remember(teaches(1, {10: "vote", 11: "a"}))
    page = teaches(3, {10: "vote"})
    site.remember(replace(page, classified_on=cache.other_pages(site.evidence(page))))
    assert site.waiting() == [1]


def test_a_page_queued_again_while_it_was_classified_stays_queued(site: Taught) -> None:
    site.remember(teaches(1, {10: "vote"}), teaches(2, {10: "vote"}))
    database, later = site.database, NOW + timedelta(hours=1)
    with database.reading() as conn:
        read = reclassify_queue.next_pages(conn, site.site_id, 10)
    database.patiently(lambda conn: reclassify_queue.enqueue(conn, site.site_id, [2], later))
    database.patiently(lambda conn: reclassify_queue.dequeue(conn, site.site_id, read))
    assert site.waiting() == [2]


def test_a_run_sees_pages_that_are_on_their_way_to_the_store(site: Taught) -> None:
    run = EvidenceCache(site.site_id)
    first, second = teaches(1, {10: "vote"}, {5: (1, 2)}), teaches(2, {10: "vote"}, {5: (3, 4)})
    with site.database.reading() as conn:
        run.evidence(conn, first)
        run.add_page(first)
        evidence = run.evidence(conn, second)
    assert [seen.page for seen in evidence.blocks[10]] == [1]
    assert [seen.kept_words for seen in evidence.dom_paths[5]] == [1]


def test_a_memory_that_is_forgotten_knows_nothing(site: Taught) -> None:
    page = teaches(1, {10: "vote"}, {5: (1, 2)})
    site.remember(page)
    site.forget()
    assert site.rows() == [[], []]
    with site.database.reading() as conn:
        assert not EvidenceCache(site.site_id).still_knows(conn, page)


@pytest.mark.slow
def test_crawlers_at_once_count_every_page_once(site: Taught) -> None:
    pages = [
        teaches(n, dict.fromkeys(range(n % 7, 60, 3), "t"), {n % 4: (n, n + 5)}) for n in range(60)
    ]
    faults: list[BaseException] = []

    def crawl(seed: int) -> None:
        order = pages * 2
        random.Random(seed).shuffle(order)
        try:
            for start in range(0, len(order), 8):
                site.remember(*order[start : start + 8])
        except BaseException as fault:  # noqa: BLE001 - told by the test's own thread
            faults.append(fault)

    crawlers = [threading.Thread(target=crawl, args=(seed,)) for seed in range(3)]
    for crawler in crawlers:
        crawler.start()
    for crawler in crawlers:
        crawler.join()
    assert faults == []
    crawled = site.rows()
    site.forget()
    site.remember(*pages)
    assert site.rows() == crawled


pages_of_a_site = st.lists(
    st.tuples(
        st.integers(1, 40),  # url_id
        st.frozensets(st.integers(100, 112), max_size=6),
        st.frozensets(st.integers(200, 203), max_size=3),
    ),
    unique_by=lambda page: page[0],
    max_size=40,
)


def test_any_order_and_any_repetition_gives_the_same_rows(sqlite: Database) -> None:
    site = Taught(sqlite)

    @settings(max_examples=30, deadline=None)
    @given(pages=pages_of_a_site, chance=st.randoms(use_true_random=False))
    def holds(pages: list, chance: random.Random) -> None:
        taught = [
            teaches(n, {k: f"text {k}" for k in blocks}, {k: (n, n + k) for k in places})
            for n, blocks, places in pages
        ]
        site.forget()
        site.remember(*taught)
        once = site.rows()
        site.forget()
        again = taught + (chance.choices(taught, k=len(taught)) if taught else [])
        chance.shuffle(again)
        site.remember(*again)
        assert site.rows() == once

    holds()


def test_corrupt_occurrences_are_left_out_and_named(sqlite: Database) -> None:
    site = Taught(sqlite)
    page = teaches(1, {10: "vote"}, {5: (1, 2), 6: (1, 2)})
    site.remember(page, teaches(2, {10: "vote"}, {5: (1, 2), 6: (1, 2)}))
    with sqlite.transaction() as conn:
        conn.exec_driver_sql(
            "update memory_occurrences set kept_words = 9 where page = 2 and entry_key = 5"
        )
        conn.exec_driver_sql(
            "update memory_occurrences set fingerprint = 'rubbish'"
            " where page = 2 and entry_key = 10"
        )
        conn.exec_driver_sql(
            "update memory_entries set last_seen_at = 'long ago' where kind = 'dom_path'"
        )
    run = EvidenceCache(site.site_id)
    with sqlite.reading() as conn:
        evidence = run.evidence(conn, page)
    assert 10 not in evidence.blocks and 5 not in evidence.dom_paths
    assert [s.page for s in evidence.dom_paths[6]] == [2]
    assert run.corrupt == {5, 10}
    site.remember(page)


def test_an_erased_page_takes_its_texts_along_and_leaves_what_others_repeat(site: Taught) -> None:
    own, box, pair, path = 10, 11, 12, 5
    texts = {own: "Of  Mr. Quill", box: "vote now", pair: "read this too"}
    site.remember(
        teaches(1, texts, {path: (30, 40)}),
        teaches(2, texts, {path: (30, 40)}),
        teaches(3, {own: "Of  Mr. Quill", box: "vote now"}),
        teaches(4, {box: "vote now"}),
    )
    with site.database.transaction() as conn:
        known = entries.texts(conn, site.site_id, 2)
        assert known == {own, box, pair}
        site_memory.forget_page(conn, site.site_id, 1, "Title\nSaid of Mr.\nQuill today", NOW)
        assert entries.texts(conn, site.site_id, 2) == {box}
        left = [row.text for row in conn.execute(select(entries.ENTRIES))]
        assert sorted(left) == [f"div.p{path}", "vote now"]
        assert pages.shown_by(conn, site.site_id, 1).keys == ()
        assert 1 not in templates.recent_pages(conn, site.site_id)
        queued = reclassify_queue.next_pages(conn, site.site_id, 10)
    assert {page.page for page in queued} == {2, 3, 4}  # 1 shows nothing any more
    assert site.pages(own) == [] and site.pages(box) == [2, 3, 4] and site.pages(pair) == [2]
