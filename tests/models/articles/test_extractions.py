"""The extraction of each article's current revision, and which of them the site remembers."""

from dataclasses import replace

import pytest

from models.articles import articles, extractions
from models.articles.extraction_codec import digest, pack
from models.db.database import Database
from tests.factories import NOW, known_site, known_url, make_article, make_extraction

ONE = make_extraction(basis="winnow/1")
TWO = replace(ONE, template_key=9, basis="b" * 130)


@pytest.fixture
def stored(sqlite: Database) -> tuple[int, int, int]:
    """Site, URL and article of an article whose extraction is ONE."""
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id)
        article_id = articles.keep(conn, site_id, make_article(url_id=url_id), NOW).article_id
        extractions.keep(conn, article_id, ONE)
    return site_id, url_id, article_id


def test_an_extraction_takes_the_place_of_the_one_before(
    sqlite: Database, stored: tuple[int, int, int]
) -> None:
    _, url_id, article_id = stored
    with sqlite.transaction() as conn:
        assert extractions.load(conn, [article_id, 999]) == {article_id: replace(ONE, basis="")}
        assert extractions.basis(conn, article_id) == "winnow/1"
        extractions.keep(conn, article_id, TWO)
        assert extractions.load(conn, [article_id]) == {article_id: replace(TWO, basis="")}
        assert extractions.basis(conn, article_id) == "b" * 120
        assert extractions.basis(conn, 999) == ""
        assert extractions.digests(conn, [url_id, 999]) == {url_id: digest(pack(TWO))}


def test_what_a_site_forgot_is_read_anew_until_it_is_kept_again(
    sqlite: Database, stored: tuple[int, int, int]
) -> None:
    site_id, url_id, article_id = stored
    with sqlite.transaction() as conn:
        extractions.mark_unlearned(conn, site_id + 1)
        assert extractions.digests(conn, [url_id])
        extractions.mark_unlearned(conn, site_id)
        assert extractions.digests(conn, [url_id]) == {}
        extractions.keep(conn, article_id, ONE)
        assert extractions.digests(conn, [url_id])
