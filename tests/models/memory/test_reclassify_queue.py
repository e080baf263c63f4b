"""Pages that are to be classified again."""

from datetime import timedelta

from models.db.database import Database
from models.evidence import Shown
from models.memory import pages as memory_pages
from models.memory import reclassify_queue as pages
from tests.factories import NOW, known_site

LATER = NOW + timedelta(seconds=1)


def test_pages_wait_in_order_once_each(database: Database) -> None:
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        pages.enqueue(conn, site_id, [5, 3, 4], NOW)
        pages.enqueue(conn, site_id, [4], LATER)
        pages.enqueue(conn, other, [9], NOW)
        assert [p.page for p in pages.next_pages(conn, site_id, 2)] == [3, 4]
        assert pages.next_pages(conn, site_id, 9, after=3) == [(4, LATER), (5, NOW)]
        assert (pages.count(conn, site_id), pages.count(conn, other)) == (3, 1)


def test_a_page_noted_again_meanwhile_stays(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        pages.enqueue(conn, site_id, [3, 4], NOW)
        taken = pages.next_pages(conn, site_id, 9)
        pages.enqueue(conn, site_id, [4], LATER)
        pages.dequeue(conn, site_id, taken)
        pages.dequeue(conn, site_id, [])
        assert pages.next_pages(conn, site_id, 9) == [(4, LATER)]


def test_pages_that_show_a_changed_entry_are_queued_once(database: Database) -> None:
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        for page, keys in ((3, [1, 2]), (4, [2, -7]), (5, [])):
            memory_pages.put(conn, site_id, page, keys, NOW, Shown())
        memory_pages.put(conn, other, 6, [2], NOW, Shown())
        memory_pages.note_changed(conn, site_id, [-7, 9])
        pages.enqueue_changed(conn, site_id, NOW)
        assert pages.next_pages(conn, site_id, 9) == [(4, NOW)]
        pages.enqueue_changed(conn, site_id, LATER)
        assert pages.next_pages(conn, site_id, 9) == [(4, NOW)]
        assert pages.count(conn, other) == 0
