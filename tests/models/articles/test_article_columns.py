"""The columns that follow from an article that was read."""

import pytest

from models.articles.article_columns import (
    entry_of,
    observed_digest,
    said_columns,
    same,
    source_of,
)
from models.articles.change_kind import content_hash
from models.articles.known_pages import of_url
from models.db.database import Database
from models.items import Sketch
from tests.factories import (
    TEXT,
    known_site,
    known_url,
    make_article,
    make_classification,
    store_article,
)


def test_a_wording_has_its_hash_its_words_and_the_certainty_of_its_classification() -> None:
    said = said_columns("Rat", "Der Rat tagt.", make_classification(certainty=0.5))
    assert said == {
        "text": "Der Rat tagt.",
        "word_count": 3,
        "content_hash": content_hash("Rat", "Der Rat tagt."),
        "certainty": 0.5,
    }
    assert said_columns(None, "x", None)["certainty"] is None


def test_a_source_is_the_copy_that_was_read() -> None:
    article = make_article()
    found = source_of(article)
    assert (found.url, found.metadata) == (article.page.final_url, article.metadata)
    assert (found.capture_id, found.fetched_at) == (
        article.page.capture_id,
        article.page.fetched_at,
    )
    assert found.extractor == article.extraction.extractor
    assert observed_digest(article) is None
    assert entry_of(1, 2, Sketch(3, 4, (5,), near_key=6)) == (1, 2, 3, 4, (5,), 6)


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        (TEXT.replace("a", "\u00ada"), True),
        (TEXT.replace(" ", "\u00a0"), True),
        (TEXT + "!", False),
    ],
)
def test_a_stored_wording_is_compared_by_what_is_seen(
    database: Database, text: str, alike: bool
) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        url_id = known_url(conn, site)
        store_article(conn, site, make_article(url_id=url_id))
        known = of_url(conn, url_id)
    assert known is not None
    assert same(known, known.title, text) is alike
    assert not same(known, "Another title", text)
