"""The extraction of each article's current revision, and which of them the site remembers."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from models.articles import extractions, known_pages
from models.articles.extraction_codec import pack
from models.articles.rows import ARTICLES
from models.db.database import Database
from models.items import KnownPage
from tests.factories import NOW, known_site, known_url, make_article, make_extraction, store_article

ONE = make_extraction(basis="winnow/1")
TWO = replace(ONE, template_key=9, basis="b" * 130)


@pytest.fixture
def stored(sqlite: Database) -> tuple[int, int, int]:
    """Site, URL and article of an article whose extraction is ONE."""
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id)
        article_id = store_article(conn, site_id, make_article(url_id=url_id)).article_id
        extractions.store(conn, article_id, ONE, "digest")
    return site_id, url_id, article_id


def known(database: Database, url_id: int) -> KnownPage:
    with database.reading() as conn:
        found = known_pages.of_url(conn, url_id)
    assert found is not None
    return found


def test_an_extraction_takes_the_place_of_the_one_before(
    sqlite: Database, stored: tuple[int, int, int]
) -> None:
    _, url_id, article_id = stored
    before = known(sqlite, url_id)
    assert (before.packed, before.template_key) == (pack(ONE), ONE.template_key)
    assert (before.basis, before.observed) == ("winnow/1", "digest")
    with sqlite.transaction() as conn:
        extractions.store(conn, article_id, TWO, None)
    after = known(sqlite, url_id)
    assert (after.packed, after.template_key) == (pack(TWO), 9)
    assert (after.basis, after.observed) == ("b" * 120, None)


def test_the_template_of_an_article_is_known_by_its_extraction(
    sqlite: Database, stored: tuple[int, int, int]
) -> None:
    with sqlite.reading() as conn:
        assert extractions.template_of(conn, stored[2]) == ONE.template_key
        assert extractions.template_of(conn, stored[2] + 1) is None


def test_articles_that_were_read_off_a_template_are_counted(database: Database) -> None:
    key = (1 << 62) + 5
    made = (("one", "winnow/3 template", key), ("one", "winnow/3 template", key),
            ("one", "winnow/3 template", 9), ("one", "winnow/3 trafilatura/2.3.1", key),
            ("one", "template maker/2", key), ("other", "winnow/3 template", key))  # fmt: skip
    with database.transaction() as conn:
        sites = {name: known_site(conn, name) for name in ("one", "other")}
        for n, (name, extractor, of) in enumerate(made):
            extraction = make_extraction(extractor=extractor, template_key=of)
            url_id = known_url(conn, sites[name], f"https://example.test/{n}")
            article = make_article(f"Story {n}.", url_id=url_id, extraction=extraction)
            article_id = store_article(conn, sites[name], article).article_id
            extractions.store(conn, article_id, extraction, None)
        assert extractions.read_off(conn, sites["one"], key) == 2
        assert extractions.read_off(conn, sites["other"], key) == 1
        assert extractions.read_off(conn, sites["one"], 3) == 0
        again = replace(ONE, extractor="winnow/3 trafilatura/2.3.1", template_key=key)
        first = known_url(conn, sites["one"], "https://example.test/0")
        mended = make_article("Story 0, and its end.", url_id=first, extraction=again)
        store_article(conn, sites["one"], mended)
        assert extractions.read_off(conn, sites["one"], key) == 1
        conn.execute(update(ARTICLES).values(refused_at=NOW))
        assert extractions.read_off(conn, sites["one"], key) == 0


def test_what_a_site_forgot_is_unlearned_until_it_is_observed_again(
    sqlite: Database, stored: tuple[int, int, int]
) -> None:
    site_id, url_id, _ = stored
    with sqlite.transaction() as conn:
        extractions.mark_unlearned(conn, site_id + 1)
    assert known(sqlite, url_id).observed == "digest"
    with sqlite.transaction() as conn:
        extractions.mark_unlearned(conn, site_id)
    assert known(sqlite, url_id).observed is None
