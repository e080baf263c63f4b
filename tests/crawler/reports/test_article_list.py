"""Articles as rows of a list."""

from sqlalchemy import Connection

from crawler.reports.article_list import listed_articles
from models.db.database import Database
from models.duplicates.tables import CLUSTER_MEMBERS, CLUSTERS
from tests.factories import NOW, known_site, known_url, make_article, store_article


def stored(conn: Connection, n: int) -> tuple[int, int]:
    """The number of a new article and of its URL."""
    site_id = known_site(conn)
    url_id = known_url(conn, site_id, f"https://example.test/{n}")
    article = make_article(f"The text of article {n}.", url_id=url_id)
    return store_article(conn, site_id, article).article_id, url_id


def test_the_order_is_kept_and_copies_are_counted(database: Database) -> None:
    with database.transaction() as conn:
        known_url(conn, known_site(conn), "https://example.test/unread")  # numbers differ
        url_ids = dict(stored(conn, n) for n in range(3))
        one, two, three = url_ids
        cluster = {"cluster_id": one, "original_id": one, "reason": "longest", "size": 2}
        conn.execute(CLUSTERS.insert(), {**cluster, "due": 0, "updated_at": NOW})
        members = CLUSTER_MEMBERS.update().where(CLUSTER_MEMBERS.c.article_id.in_([one, three]))
        assert conn.execute(members.values(cluster_id=one)).rowcount == 2
    with database.reading() as conn:
        found = listed_articles(conn, [three, one, two, 10_000])
        assert listed_articles(conn, []) == []
    assert [article.article_id for article in found] == [three, one, two]
    assert [article.copies for article in found] == [1, 1, 0]
    assert [article.cluster_id for article in found] == [one, one, None]
    assert [article.duplicate_of for article in found] == [one, None, None]
    assert {article.article_id: article.url_id for article in found} == url_ids
