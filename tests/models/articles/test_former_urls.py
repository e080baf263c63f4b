"""The addresses that an article had: each names its article, until the page comes back there."""

from sqlalchemy import text

from models.articles import former_urls
from models.db.database import Database
from tests.factories import NOW, known_site, known_url, make_article, make_page, store_article

HERE, THERE = "https://example.test/1", "https://example.test/2"


def test_a_former_address_names_its_article_until_the_page_is_back(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        here, there = known_url(conn, site, HERE), known_url(conn, site, THERE)
        page = make_page(url=HERE, final_url=HERE)
        article = store_article(conn, site, make_article(url_id=here, page=page)).article_id
        assert former_urls.article_of(conn, here) is None
        former_urls.add(conn, article, here, there, THERE, NOW)
        assert former_urls.article_of(conn, here) == article
        former_urls.add(conn, article, here, there, THERE, NOW)  # told twice is told once
        rows = conn.execute(text("select article_id, url from v1_former_urls")).all()
        assert rows == [(article, HERE)]
        former_urls.add(conn, article, there, here, HERE, NOW)
        assert former_urls.article_of(conn, here) is None
        assert former_urls.article_of(conn, there) == article
