"""Samples of templates: bounded, and the same pages in any order."""

import logging
import random
from collections.abc import Iterable

import pytest

from models.db.database import Database
from models.evidence import SAMPLE
from models.memory import template_samples
from models.memory.template_samples import SampledPage
from models.templates import TemplatePage, pack_page
from tests.factories import known_site

SHOWN = pack_page(TemplatePage("div", 100, {}, {}, frozenset(), {}))


@pytest.fixture
def site(database: Database) -> int:
    with database.transaction() as conn:
        return known_site(conn)


def sampled(number: int, shown: bytes = SHOWN) -> SampledPage:
    """Pages whose hashes are in the order of their numbers."""
    return SampledPage(number << 50, number, shown)


def put(database: Database, site: int, pages: Iterable[SampledPage], key: int = 7) -> list[bool]:
    with database.transaction() as conn:
        return [template_samples.put(conn, site, key, page) for page in pages]


def numbers(database: Database, site: int, key: int = 7) -> list[int]:
    with database.reading() as conn:
        return [page.page for page in template_samples.read(conn, site, key)]


def test_a_page_that_is_put_is_read(database: Database, site: int) -> None:
    put(database, site, [sampled(3), sampled(1)])
    with database.reading() as conn:
        assert template_samples.read(conn, site, 7) == [sampled(1), sampled(3)]
        assert template_samples.read(conn, site, 8) == []


def test_the_pages_with_the_smallest_hashes_stay_in_any_order(
    database: Database, site: int
) -> None:
    pages = list(map(sampled, range(1, 2 * SAMPLE)))
    random.Random(4).shuffle(pages)
    put(database, site, pages)
    assert numbers(database, site) == list(range(1, SAMPLE + 1))


def test_a_page_that_is_past_a_full_sample_changes_nothing(database: Database, site: int) -> None:
    assert put(database, site, map(sampled, range(1, SAMPLE + 1))) == [True] * SAMPLE
    assert put(database, site, [sampled(SAMPLE + 1)]) == [False]
    assert put(database, site, [sampled(0)]) == [True]
    assert numbers(database, site) == list(range(SAMPLE))


def test_a_page_that_comes_again_is_no_second(database: Database, site: int) -> None:
    put(database, site, [sampled(1), sampled(2)])
    assert put(database, site, [sampled(1)]) == [False]
    assert put(database, site, [sampled(1, b"other")]) == [True]
    with database.reading() as conn:
        assert template_samples.read(conn, site, 7) == [sampled(1, b"other"), sampled(2)]


def test_the_last_page_of_a_full_sample_is_read_anew(database: Database, site: int) -> None:
    put(database, site, map(sampled, range(SAMPLE)))
    assert put(database, site, [sampled(SAMPLE - 1, b"other")]) == [True]
    assert numbers(database, site) == list(range(SAMPLE))


def test_some_samples_are_cleared_or_all(database: Database, site: int) -> None:
    for key in (7, 8, 9):
        put(database, site, [sampled(1)], key)
    with database.transaction() as conn:
        assert template_samples.clear(conn, site, [7, 70])
        assert not template_samples.clear(conn, site, [])
    assert [numbers(database, site, key) for key in (7, 8, 9)] == [[], [1], [1]]
    with database.transaction() as conn:
        assert template_samples.clear(conn, site)
        assert not template_samples.clear(conn, site)
    assert [numbers(database, site, key) for key in (8, 9)] == [[], []]


def test_another_site_has_samples_of_its_own(database: Database, site: int) -> None:
    with database.transaction() as conn:
        other = known_site(conn, "other")
    put(database, site, [sampled(1)])
    put(database, other, [sampled(2)])
    with database.transaction() as conn:
        template_samples.clear(conn, other)
    assert numbers(database, site) == [1]


def test_rows_that_are_damaged_leave_the_sample_which_is_told_once(
    database: Database, site: int, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, site, [sampled(1), sampled(2, SHOWN[:-3]), sampled(3, b"")])
    with caplog.at_level(logging.WARNING), database.transaction() as conn:
        pages = template_samples.read(conn, site, 7)
        assert len(template_samples.readable(conn, site, 7, pages)) == 1
    assert caplog.messages == [
        "template 7: 2 of the 3 pages of its sample cannot be read (cut short) and are left out;"
        " others take their place"
    ]
    assert numbers(database, site) == [1]
