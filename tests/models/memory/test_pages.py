"""The pages that taught a site: what each shows, and which show what changed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.db.database import Database
from models.evidence import SAMPLE, Shown
from models.memory import pages
from models.memory.pages import FRESH
from tests.factories import NOW, known_site
from tests.support.observations import Taught, teaches

LATER_BY = timedelta(hours=1)
LATER = NOW + LATER_BY
KEYS = st.sets(st.integers(-(2**63), 2**63 - 1), max_size=50)


def test_a_page_shows_what_it_showed_last(database: Database) -> None:
    day = NOW + FRESH
    with database.transaction() as conn:
        site_id = known_site(conn)
        nothing = pages.shown_by(conn, site_id, 1)
        assert nothing == Shown()
        pages.put(conn, site_id, 1, [5, 2**63 - 1], NOW, nothing)
        first = pages.shown_by(conn, site_id, 1)
        assert first == Shown((5, 2**63 - 1), NOW)
        pages.put(conn, site_id, 1, [6], LATER, first)
        assert pages.shown_by(conn, site_id, 1) == Shown((6,), NOW), "its entries were not noted"
        pages.put(conn, site_id, 1, [6], day, first)
        assert pages.last_seen(conn, site_id) == {1: day}
        pages.touch(conn, site_id, 1, day + LATER_BY)
        assert pages.last_seen(conn, site_id) == {1: day + LATER_BY}
        assert pages.first_seen(conn, site_id, [1, 2]) == {1: NOW}
        pages.reset(conn, site_id)
        assert pages.shown_by(conn, site_id, 1) == Shown()


def test_what_several_pages_show_is_read_at_once(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        for page, keys in ((1, [5, 6]), (2, [6, 7]), (3, [8])):
            pages.put(conn, site_id, page, keys, NOW, Shown())
        assert pages.shown_by_any(conn, site_id, [1, 2, 99]) == {5, 6, 7}
        assert pages.shown_by_any(conn, site_id, []) == set()
        assert pages.shown_by_any(conn, known_site(conn, "other"), [1]) == set()


@given(KEYS)
def test_any_keys_come_back_in_order(keys: set[int]) -> None:
    assert list(pages._unpacked(pages._packed(keys))) == sorted(keys)


def changed(site: Taught) -> set[int]:
    return site.database.patiently(lambda conn: pages.take_changed(conn, site.site_id))


def test_all_pages_of_a_full_sample_that_changed_are_found_and_no_others(
    database: Database,
) -> None:
    site = Taught(database)
    taught = [teaches(n, {10: "vote"}, {5: (8, 10)}) for n in range(3 * SAMPLE)]
    taught.sort(key=lambda page: page.page_hash)
    others = [teaches(900 + n, {11: "else"}) for n in range(3)]
    site.remember(*taught[1:], *others)
    changed(site)
    site.remember(teaches(500, {12: "own"}))
    assert changed(site) == set()
    site.remember(taught[0])  # the smallest hash: it is in every sample
    assert changed(site) == {page.page for page in taught}
    assert changed(site) == set()


def test_a_page_past_a_full_sample_changes_nothing_and_one_that_leaves_it_does(
    sqlite: Database,
) -> None:
    site = Taught(sqlite)
    taught = [teaches(n, {10: "vote"}) for n in range(SAMPLE + 3)]
    taught.sort(key=lambda page: page.page_hash)
    site.remember(*taught[:-1])
    changed(site)
    site.remember(taught[-1])
    assert changed(site) == set()
    site.remember(teaches(taught[0].page, {11: "another"}))
    assert changed(site) == {page.page for page in taught[1:]}


def test_another_use_of_a_path_in_a_full_sample_is_a_change(sqlite: Database) -> None:
    site = Taught(sqlite)
    site.remember(*(teaches(n, {}, {5: (80, 100)}) for n in range(SAMPLE)))
    changed(site)
    site.remember(teaches(0, {}, {5: (80, 100)}))
    assert changed(site) == set()
    site.remember(teaches(0, {}, {5: (81, 100)}))
    assert changed(site) == set(range(SAMPLE))
