"""A URL whose page was erased: never leased, whatever sources say of it, until it is undone."""

from datetime import timedelta

from models.crawl import erased, frontier
from models.db.database import Database
from models.items import Hint, Link
from tests.factories import NOW, known_site

URL = "https://example.test/news/1"
LATER = NOW + timedelta(days=2)


def test_sources_bring_an_erased_page_not_back(database: Database) -> None:
    named = Link(URL, "feed", hint=Hint(title="Of somebody", modified_at=NOW))
    again = Link(URL, "feed", hint=Hint(title="Of somebody", modified_at=LATER))
    with database.transaction() as conn:
        site_id = known_site(conn)
        frontier.add_links(conn, site_id, [named], NOW)
        row = frontier.find(conn, URL)
        assert row is not None and row.hint_title == "Of somebody"
        erased.leave(conn, row.url_id)
        assert frontier.add_links(conn, site_id, [again], LATER) == 0
        row = frontier.find(conn, URL)
        assert row is not None and (row.hint_title, row.outcome) == (None, "erased")
        assert frontier.claim(conn, site_id, "me", 10, LATER, LATER) == []
        assert frontier.claim_revisits(conn, site_id, "me", 10, LATER, LATER) == []
        erased.ask_again(conn, row.url_id)
        [lease] = frontier.claim(conn, site_id, "me", 10, LATER, LATER)
        assert lease.url == URL
