"""A URL whose page moved has its last word."""

from datetime import timedelta

from models.crawl import frontier, moved
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.db.statements import update_row
from tests.factories import NOW, known_site, known_url


def test_it_is_not_visited_again_and_names_the_new_address(database: Database) -> None:
    due = {"article": True, "state": "done", "not_before": NOW}
    with database.transaction() as conn:
        site = known_site(conn)
        url_id = known_url(conn, site)
        update_row(conn, URLS, {"url_id": url_id}, due)
        moved.leave(conn, url_id, "https://example.test/new")
        row = frontier.get(conn, url_id)
        assert row is not None
        assert (row.article, row.state, row.not_before) == (False, "done", None)
        assert row.canonical_url == "https://example.test/new"
        later = NOW + timedelta(days=900)
        assert frontier.claim_revisits(conn, site, "ours", 9, later, later) == []
        assert frontier.claim(conn, site, "ours", 9, later, later) == []
