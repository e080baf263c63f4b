"""What a site has taught, as its page shows it."""

from crawler.look.site_memory_page import EXAMPLES, SHOWN, shown_memory
from models.db.database import Database
from models.memory.learned_templates import LEARNED_TEMPLATES
from tests.factories import known_site
from tests.support.look_data import fill_small


def test_texts_and_paths_come_with_pages_that_show_them(sqlite_url: str, sqlite: Database) -> None:
    fill_small(sqlite_url)
    with sqlite.reading() as conn:
        memory = shown_memory(conn, 1)
    assert len(memory.texts) == SHOWN
    assert (memory.texts[0].pages, len(memory.texts[0].examples)) == ("16+", EXAMPLES)
    assert memory.texts[0].examples[0].path == "/2026/council-story-of-the-day-1"
    assert {path.learned.share for path in memory.paths} == {0.8}


def test_a_site_without_pages_has_taught_nothing(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        memory = shown_memory(conn, known_site(conn))
    assert (memory.texts, memory.paths, memory.templates) == ((), (), ())


def test_a_template_that_cannot_be_read_is_said_to_be_so(sqlite: Database) -> None:
    row = {"template_key": 7, "basis": "x", "agreed": 0, "last_hash": None}
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        learned = [{**row, "learned": b"damaged"}, {**row, "template_key": 8, "learned": None}]
        conn.execute(LEARNED_TEMPLATES.insert(), [{"site_id": site_id, **one} for one in learned])
        damaged, few = shown_memory(conn, site_id).templates
    assert damaged.status.startswith("cannot be read (")
    assert (few.status, few.body) == ("0 of the 8 pages that it takes", None)
