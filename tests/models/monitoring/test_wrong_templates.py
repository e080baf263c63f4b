"""Templates that proved wrong: told of until what was read off them has been read again."""

from datetime import timedelta

from sqlalchemy import Connection

from models.crawl import runs
from models.db.database import Database
from models.monitoring import wrong_templates
from models.monitoring.wrong_templates import WrongTemplates
from tests.factories import NOW, known_site, open_run

KEY, OTHER = (1 << 62) + 1, 8
HOUR = timedelta(hours=1)


def wrong(conn: Connection, site_id: int, articles: int, key: int = KEY) -> int:
    """A run that found a template to be wrong."""
    run_id = open_run(conn, site_id)
    said = wrong_templates.detail(key, "https://example.test/1", articles)
    runs.event(conn, site_id, run_id, wrong_templates.KIND, said, NOW)
    return run_id


def reextract(conn: Connection, site_id: int, status: str) -> None:
    runs.close_run(conn, open_run(conn, site_id, "reextract"), status, None, NOW)


def test_articles_of_wrong_templates_add_up(database: Database) -> None:
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates()
        runs.event(conn, site_id, None, "template changed", {"template": 1}, NOW)
        wrong(conn, site_id, 5)
        wrong(conn, other, 50)
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates(1, 5)
        wrong(conn, site_id, 7)  # of the same, counted later
        wrong(conn, site_id, 2, OTHER)
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates(2, 9)


def test_a_template_off_which_nothing_was_read_costs_nothing(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        wrong(conn, site_id, 0)
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates()


def test_a_re_extraction_that_ends_well_mends_what_was_seen_before_it(database: Database) -> None:
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        reextract(conn, site_id, "done")
        wrong(conn, site_id, 5)
        reextract(conn, site_id, "aborted")
        reextract(conn, other, "done")
        runs.close_run(conn, open_run(conn, site_id, "recrawl"), "done", None, NOW)
        open_run(conn, site_id, "reextract")  # it is not over
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates(1, 5)
        reextract(conn, site_id, "done")
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates()
        wrong(conn, site_id, 3, OTHER)
        assert wrong_templates.unmended(conn, site_id) == WrongTemplates(1, 3)


def test_what_a_person_accepted_does_not_count(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        first = wrong(conn, site_id, 5)
        assert wrong_templates.unmended(conn, site_id, first - 1) == WrongTemplates(1, 5)
        assert wrong_templates.unmended(conn, site_id, first) == WrongTemplates()


def test_a_template_proved_wrong_after_a_page_was_read_off_it(database: Database) -> None:
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        wrong(conn, site_id, 5)
        asked = ((site_id, KEY, NOW), (site_id, KEY, NOW + HOUR), (site_id, OTHER, NOW),
                 (other, KEY, NOW))  # fmt: skip
        found = [wrong_templates.proved_wrong_since(conn, *one) for one in asked]
    assert found == [True, False, False, False]
