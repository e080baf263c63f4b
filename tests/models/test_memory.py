"""A site's memory: a page counts once, no order matters, crawlers do not harm each other."""

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from models import memory, unsettled
from models.blocks import BlockMemory
from models.database import Database
from models.items import Contribution
from models.memory import SiteMemory
from models.places import PlaceMemory
from models.samples import SAMPLE
from models.schema import metadata
from tests.memory_sites import KINDS, NOW, site_database, teaches

TABLES = [metadata.tables[name] for name in ("block_sightings", "place_sightings")]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with site_database(request.param, tmp_path) as database:
        yield database


def remember(database: Database, *pages: Contribution, site_id: int = 1) -> None:
    def work(c: Connection) -> None:
        for page in pages:
            memory.remember(c, site_id, page.page, page, 1, NOW)

    database.patiently(work)


def rows(database: Database) -> list[list[tuple[int, ...]]]:
    with database.reading() as c:
        return [sorted(map(tuple, c.execute(select(table)))) for table in TABLES]


def waiting(database: Database) -> list[int]:
    with database.reading() as c:
        return [page for page, _ in unsettled.next_pages(c, 1, 1000)]


def test_a_page_is_one_witness_however_often_it_comes(database: Database) -> None:
    page = teaches(1, {10: "vote now", 11: "text"}, {5: (30, 40)})
    for _ in range(10):
        remember(database, page)
    with database.reading() as c:
        evidence = SiteMemory(1).evidence(c, page)
    assert [len(sample) for sample in evidence.blocks.values()] == [1, 1]
    assert [len(sample) for sample in evidence.places.values()] == [1]


def test_evidence_names_the_page_first_and_then_the_others(database: Database) -> None:
    remember(database, teaches(1, {10: "vote"}), teaches(2, {10: "vote"}, witness=1))
    with database.reading() as c:
        evidence = SiteMemory(1).evidence(c, teaches(3, {10: "vote", 12: "own"}))
    assert next(seen.page for seen in evidence.blocks[10]) == 3
    assert {(seen.page, seen.witness) for seen in evidence.blocks[10]} == {(3, 3), (1, 1), (2, 1)}
    assert [seen.page for seen in evidence.blocks[12]] == [3]
    assert memory.others(evidence) == {10: 2}


def test_a_text_that_a_page_no_longer_shows_is_taken_back(database: Database) -> None:
    remember(database, teaches(1, {10: "vote"}, {5: (1, 1)}), teaches(2, {10: "vote"}, {5: (3, 9)}))
    remember(database, teaches(1, {11: "other"}, {5: (0, 8)}))
    with database.reading() as c:
        assert [s.page for s in BlockMemory.read(c, 1, [10])[10]] == [2]
        places = PlaceMemory.read(c, 1, [5])[5]
    assert {(s.page, s.kept_words, s.words) for s in places} == {(1, 0, 8), (2, 3, 9)}


def test_a_sample_holds_the_smallest_hashes_and_no_more(database: Database) -> None:
    pages = [teaches(n, {10: "vote"}, {5: (n, 2 * n)}) for n in range(1, 41)]
    remember(database, *pages)
    smallest = sorted(page.page_hash for page in pages)[:SAMPLE]
    for table in rows(database):
        assert sorted(row[2] for row in table) == smallest


def test_one_site_learns_nothing_from_another(database: Database) -> None:
    remember(database, teaches(1, {10: "vote"}), site_id=2)
    with database.reading() as c:
        assert BlockMemory.read(c, 1, [10]) == {}


def test_pages_whose_evidence_grew_are_judged_again(database: Database) -> None:
    remember(database, teaches(1, {10: "vote", 11: "a"}), teaches(2, {12: "b"}))
    assert waiting(database) == []
    remember(database, teaches(3, {10: "vote", 13: "c"}))
    assert waiting(database) == [1, 3]  # 3 was judged without knowing of 1


def test_a_page_that_was_judged_on_what_is_known_needs_no_second_look(database: Database) -> None:
    remember(database, teaches(1, {10: "vote", 11: "a"}))
    with database.reading() as c:
        page = teaches(3, {10: "vote"})
        told = memory.others(SiteMemory(1).evidence(c, page))
    remember(database, replace(page, judged_on=told))
    assert waiting(database) == [1]


def test_a_page_noted_again_while_it_was_judged_stays_on_the_list(database: Database) -> None:
    remember(database, teaches(1, {10: "vote"}), teaches(2, {10: "vote"}))
    with database.reading() as c:
        read = unsettled.next_pages(c, 1, 10)
    later = NOW.replace(hour=13)
    database.patiently(lambda c: unsettled.note(c, 1, [2], later))
    database.patiently(lambda c: unsettled.settled(c, 1, read))
    assert waiting(database) == [2]


def test_a_run_at_hand_sees_pages_that_are_not_stored_yet(database: Database) -> None:
    site = SiteMemory(1)
    first, second = teaches(1, {10: "vote"}, {5: (1, 2)}), teaches(2, {10: "vote"}, {5: (3, 4)})
    with database.reading() as c:
        site.evidence(c, first)
        site.expect(first)
        evidence = site.evidence(c, second)
    assert [seen.page for seen in evidence.blocks[10]] == [2, 1]
    assert [seen.kept_words for seen in evidence.places[5]] == [3, 1]


def test_crawlers_at_once_count_every_page_once(database: Database) -> None:
    pages = [
        teaches(n, dict.fromkeys(range(n % 7, 60, 3), "t"), {n % 4: (n, n + 5)}) for n in range(60)
    ]
    faults: list[BaseException] = []

    def crawl(seed: int) -> None:
        order = pages * 2
        random.Random(seed).shuffle(order)
        try:
            for start in range(0, len(order), 8):
                remember(database, *order[start : start + 8])
        except BaseException as fault:  # noqa: BLE001 - told by the test's own thread
            faults.append(fault)

    crawlers = [threading.Thread(target=crawl, args=(seed,)) for seed in range(3)]
    for crawler in crawlers:
        crawler.start()
    for crawler in crawlers:
        crawler.join()
    assert faults == []
    crawled = rows(database)
    wipe(database)
    remember(database, *pages)
    assert rows(database) == crawled


def wipe(database: Database) -> None:
    with database.transaction() as c:
        memory.forget(c, 1)


pages_of_a_site = st.lists(
    st.tuples(
        st.integers(1, 40),  # url_id
        st.frozensets(st.integers(100, 112), max_size=6),
        st.frozensets(st.integers(200, 203), max_size=3),
    ),
    unique_by=lambda page: page[0],
    max_size=40,
)


def test_any_order_and_any_repetition_gives_the_same_rows(tmp_path: Path) -> None:
    with site_database("sqlite", tmp_path) as database:

        @settings(max_examples=30, deadline=None)
        @given(pages=pages_of_a_site, chance=st.randoms(use_true_random=False))
        def holds(pages: list, chance: random.Random) -> None:
            taught = [
                teaches(n, {k: f"text {k}" for k in blocks}, {k: (n, n + k) for k in places})
                for n, blocks, places in pages
            ]
            wipe(database)
            remember(database, *taught)
            once = rows(database)
            wipe(database)
            again = taught + (chance.choices(taught, k=len(taught)) if taught else [])
            chance.shuffle(again)
            remember(database, *again)
            assert rows(database) == once

        holds()
