"""What is stored of pages, read in one statement: article, revision, extraction, copy."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from models.archive import captures
from models.articles import articles, known_pages
from models.articles.extraction_codec import unpack
from models.db.database import Database
from models.items import CaptureRef, KnownPage, WarcLocation
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_extraction,
    make_page,
    open_run,
    store_article,
)

PLACE = WarcLocation("example/2026/run.warc.gz", 7, 99)


@pytest.fixture
def page(database: Database) -> KnownPage:
    """An article at its second revision, read from an archived copy, and another site's."""
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        store_article(
            conn, other, make_article(url_id=known_url(conn, other, "https://other.test/1"))
        )
        url_id, run_id = known_url(conn, site_id), open_run(conn, site_id)
        copy = make_page(run_id=run_id, final_url="https://example.test/after", status=203)
        copy = replace(copy, url_id=url_id)
        copy = replace(copy, capture_id=captures.keep(conn, copy, PLACE))
        store_article(conn, site_id, make_article("Old", url_id=url_id), NOW)
        extraction = make_extraction(basis="winnow/1 rules ab")
        item = make_article("New", title=None, url_id=url_id, page=copy, extraction=extraction)
        store_article(conn, site_id, item, NOW + timedelta(hours=1))
        found = known_pages.of_url(conn, url_id)
    assert found is not None
    return found


def test_a_known_page_is_the_current_revision_with_its_copy_and_blocks(page: KnownPage) -> None:
    assert (page.revision, page.title, page.text) == (2, None, "New")
    assert (page.url, page.fetched_at, page.withdrawn_at) == (
        "https://example.test/after", NOW, None,
    )  # fmt: skip
    assert (page.first_seen_at, page.facts["authors"]) == (NOW, ["Ada Lind"])
    assert page.copy is not None and isinstance(page.copy, CaptureRef)
    assert page.capture_id == page.copy.capture_id == page.facts["capture_id"]
    assert (page.copy.location, page.copy.status, page.copy.url_id) == (PLACE, 203, page.url_id)
    assert page.packed is not None
    assert unpack(page.packed).blocks == make_extraction().blocks
    assert (page.basis, page.observed, page.reread) == ("winnow/1 rules ab", None, None)


def test_every_way_to_ask_finds_the_same_page(database: Database, page: KnownPage) -> None:
    with database.reading() as conn:
        assert known_pages.get(conn, page.article_id) == page
        assert known_pages.of_url(conn, page.url_id) == page
        assert known_pages.of_urls(conn, [page.url_id, 0]) == [page]
        assert known_pages.of_site(conn, page.site_id) == [page]


def test_what_is_not_stored_is_none(database: Database, page: KnownPage) -> None:
    with database.transaction() as conn:
        url_id = known_url(conn, page.site_id, "https://example.test/new")
        assert known_pages.of_url(conn, url_id) is None
        assert known_pages.get(conn, 0) is None
        assert known_pages.of_urls(conn, []) == []
        assert known_pages.of_site(conn, page.site_id, after_id=page.article_id) == []


def test_a_site_is_read_in_parts_by_article(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        urls = [known_url(conn, site_id, f"https://example.test/{n}") for n in range(3)]
        ids = [
            store_article(conn, site_id, make_article(url_id=url_id)).article_id for url_id in urls
        ]
        first = known_pages.of_site(conn, site_id, limit=2)
        assert [one.article_id for one in first] == ids[:2]
        rest = known_pages.of_site(conn, site_id, after_id=ids[1], limit=2)
        assert [one.article_id for one in rest] == ids[2:]
        assert [one.article_id for one in known_pages.of_urls(conn, urls[::-1])] == ids
        assert first[0].copy is None, "a page without a capture"


def test_a_page_is_read_in_one_statement_and_knows_that_it_was_withdrawn(
    sqlite: Database,
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id)
        stored = store_article(conn, site_id, make_article(url_id=url_id))
        before = known_pages.of_url(conn, url_id)
        assert articles.withdraw(conn, url_id, NOW + timedelta(days=1))
        statements: list[str] = []
        event.listen(conn, "before_cursor_execute", lambda _c, _k, sql, *_: statements.append(sql))
        after = known_pages.of_url(conn, url_id)
        assert len(statements) == 1
    assert before is not None and after is not None
    assert (after.article_id, after.withdrawn_at) == (stored.article_id, NOW + timedelta(days=1))
    assert after.version > before.version
