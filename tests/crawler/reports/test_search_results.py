"""What a search found; `tests/crawler/commands/test_search.py` types it."""

from crawler.reports.search_results import Choice, search
from models.articles.search_query import parse
from models.db.database import Database
from tests.factories import known_site, known_url, make_article, make_page, store_article


def test_originals_are_looked_for_until_there_are_enough(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        for n in range(7):
            page = f"https://example.test/{n}"
            url_id = known_url(conn, site_id, page)
            article = make_article(f"Ferry {n}.", page=make_page(url=page), url_id=url_id)
            store_article(conn, site_id, article)
    with sqlite.reading() as conn:
        asked = {
            limit: search(conn, parse("ferry"), Choice(limit, unique=True)) for limit in (3, 7)
        }
    assert [(len(found.found), found.more) for found in asked.values()] == [(3, True), (7, False)]


def test_a_site_that_has_nothing(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        known_site(conn)
    with sqlite.reading() as conn:
        found = search(conn, parse("ferry"), Choice(3, site="example"))
    assert (found.found, found.more, found.looked_at) == ((), False, None)
