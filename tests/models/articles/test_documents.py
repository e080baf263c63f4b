"""An article as duplicate search reads it: its current text, and what speaks for the original."""

from models.articles import documents
from models.articles.documents import Document
from models.db.database import Database
from tests.factories import NOW, known_site, known_url, make_article, make_metadata, store_article
from tests.support.stories import DAY, tell


def test_a_document_is_the_current_revision_with_its_site(sqlite: Database) -> None:
    one = tell(sqlite, "Old text", path="a", title="Old")
    assert tell(sqlite, "A new text altogether", path="a", authors=["Ada"]) == one
    with sqlite.reading() as conn:
        found = documents.load(conn, [one, one, 0])
        assert documents.load(conn, []) == {}
        assert documents.revisions(conn, [one, 0]) == {one: 2}
    assert found == {
        one: Document(
            one, 2, "example", "https://example.test/a", None, "A story", "A new text altogether",
            ("Ada",), DAY, False, NOW,
        )
    }  # fmt: skip


def test_a_day_without_a_time_and_a_title_that_is_none(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        metadata = make_metadata(published_precision="day")
        article = make_article(title=None, url_id=known_url(conn, site_id), metadata=metadata)
        article_id = store_article(conn, site_id, article).article_id
        found = documents.load(conn, [article_id])[article_id]
    assert (found.day_only, found.title) == (True, "")


def test_ids_are_read_in_parts(sqlite: Database) -> None:
    ids = [tell(sqlite, f"Text {n}", path=str(n)) for n in range(4)]
    with sqlite.reading() as conn:
        assert documents.ids_after(conn, 0, 3) == ids[:3]
        assert documents.ids_after(conn, ids[2], 3) == ids[3:]
