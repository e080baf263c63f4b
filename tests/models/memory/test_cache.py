"""A run's cached reader of its site's statistics asks for each key once."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from sqlalchemy import Connection

from models.db.database import Database
from models.evidence import SAMPLE, Observation, Occurrence
from models.memory import cache, samples
from models.memory.cache import EvidenceCache, other_pages
from tests.support.observations import Taught, teaches

Asked = list[list[int]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The keys of each query of samples."""
    queries: Asked = []
    read = samples.read

    def counted(
        conn: Connection, site_id: int, keys: Sequence[int]
    ) -> Mapping[int, tuple[Occurrence, ...]]:
        queries.append(list(keys))
        return read(conn, site_id, keys)

    monkeypatch.setattr(samples, "read", counted)
    return queries


@pytest.fixture
def conn(sqlite: Database) -> Iterator[Connection]:
    """A site that two pages have taught the texts 1 and 2."""
    taught = Taught(sqlite)
    taught.remember(teaches(11, {1: "x", 2: "y"}), teaches(12, {1: "x"}))
    with sqlite.reading() as open_conn:
        yield open_conn


def pages(found: EvidenceCache, conn: Connection, of: Observation, key: int) -> list[int]:
    return [one.page for one in found.evidence(conn, of).blocks.get(key, ())]


def test_a_key_is_asked_for_once_even_if_it_has_no_sample(conn: Connection, asked: Asked) -> None:
    found = EvidenceCache(1)
    assert pages(found, conn, teaches(5, {1: "x", 3: "own"}), 3) == []
    found.evidence(conn, teaches(6, {1: "x", 3: "own", 2: "y"}))
    assert asked == [[1, 3], [2]]


def test_what_pages_were_known_to_show_is_read_at_once(conn: Connection, asked: Asked) -> None:
    found = EvidenceCache(1)
    found.load(conn, [11, 12, 99])
    for page in (teaches(11, {1: "x", 2: "y"}), teaches(12, {1: "x"})):
        found.evidence(conn, page)
    assert [sorted(keys) for keys in asked] == [[1, 2]]


def test_what_was_looked_up_longest_ago_goes_first(
    conn: Connection, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "RECENT", 2)
    found = EvidenceCache(1)
    for key in (1, 2, 1, 3, 1, 2):
        found.evidence(conn, teaches(5, {key: "x"}))
    assert asked == [[1], [2], [3], [2]]


def test_a_page_on_its_way_is_counted_once_and_up_to_a_full_sample(conn: Connection) -> None:
    found, page = EvidenceCache(1), teaches(5, {1: "x", 2: "y"})
    assert sorted(pages(found, conn, teaches(5, {1: "x"}), 1)) == [11, 12]
    for url_id in (5, 5, *range(100, 200)):
        found.add_page(teaches(url_id, {1: "x"}))
    found.add_page(teaches(6, {2: "y"}))  # a key that nobody asked for is read when somebody does
    known = pages(found, conn, page, 1)
    assert 5 not in known and len(known) == len(set(known)) == SAMPLE - 1
    assert {11, 12} <= set(known)
    assert len(found._held[1]) == SAMPLE, "a text on every page takes no more room"
    assert pages(found, conn, page, 2) == [11]


def test_the_stored_copy_s_texts_are_read_with_the_page_s_own(
    conn: Connection, asked: Asked
) -> None:
    found = EvidenceCache(1)
    found.evidence(conn, found.shown_before(conn, teaches(11, {1: "x"})))
    assert pages(found, conn, teaches(5, {2: "y"}), 2) == [11]
    assert asked == [[1, 2]], "the page was known to show 2 too, which is read along with 1"


def test_evidence_has_the_other_pages_alone(sqlite: Database) -> None:
    taught = Taught(sqlite)
    taught.remember(*(teaches(n, {1: "x"}, {7: (1, 2)}) for n in range(1, 4)))
    page = teaches(2, {1: "x", 9: "own"}, {7: (1, 2)})
    with sqlite.reading() as conn:
        known = EvidenceCache(taught.site_id)
        found = known.evidence(conn, page)
        assert known.still_knows(conn, page)
        assert not known.still_knows(conn, teaches(5, {}, {98: (1, 1)}))
        known.add_page(teaches(8, {1: "x"}, {7: (1, 2)}))
        later = known.evidence(conn, page)
    assert {one.page for one in found.blocks[1]} == {1, 3}
    assert {(one.page, one.kept_words, one.words) for one in found.dom_paths[7]} == {
        (1, 1, 2),
        (3, 1, 2),
    }
    assert 9 not in found.blocks
    assert other_pages(found) == {1: 2, 7: 2}
    assert other_pages(later) == {1: 3, 7: 3}
