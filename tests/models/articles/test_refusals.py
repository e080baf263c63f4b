"""Stored articles that were found to be none leave what readers see, and keep all they were."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from models.articles import documents, former_urls, known_pages, refusals
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.db.statements import update_row
from models.duplicates import index
from models.duplicates.index import TextKeys
from models.urls import url_key
from pipelines.duplicates.near_key import near_key
from pipelines.duplicates.sketch import sketch
from tests.factories import (
    NOW,
    TEXT,
    known_site,
    known_url,
    make_article,
    make_page,
    store_article,
)

KEY = sketch(TEXT).body_key
SHORT = "Odota hetki, tarkistamme yhteytesi ennen kuin sivu avautuu."


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.transaction() as conn:
        yield conn


def stored(conn: Connection, site_id: int, number: int) -> int:
    url = f"https://example.test/{number}"
    url_id = known_url(conn, site_id, url)
    article = make_article(url_id=url_id, page=make_page(url=url))
    return store_article(conn, site_id, article).article_id


def test_a_text_near_a_refused_one_is_found_by_its_own_key(conn: Connection) -> None:
    site_id = known_site(conn)
    for number, at in ((1, "14:27:11"), (2, "14:27:59")):
        url = f"https://example.test/{number}"
        page, text = make_page(url=url), f"{SHORT} Ray ID: 8f3a2b11c9d0{number}, {at}"
        article = make_article(text, url_id=known_url(conn, site_id, url), page=page)
        store_article(conn, site_id, article)
    near = near_key(article.metadata.title, text, url)
    assert near is not None
    keys = TextKeys(None, near)
    found = documents.with_text(conn, site_id, keys, 0, (), 10)
    assert [(one.near, one.refused) for one in found] == [(True, False)] * 2
    rows = refusals.repeating(conn, site_id, keys)
    assert [row.near for row in rows] == [True, True]
    index.mark_refused(conn, index.take_out(conn, [row.article_id for row in rows]))
    refusals.refuse(conn, rows, NOW)
    again = documents.with_text(conn, site_id, keys, 0, (), 10)
    assert [(one.near, one.refused) for one in again] == [(True, True)] * 2
    assert refusals.repeating(conn, site_id, keys) == []


def refuse(conn: Connection, site_id: int) -> list[refusals.Repeating]:
    assert KEY is not None
    rows = refusals.repeating(conn, site_id, TextKeys(KEY, None))
    index.mark_refused(conn, index.take_out(conn, [row.article_id for row in rows]))
    refusals.refuse(conn, rows, NOW)
    return rows


def test_a_refused_article_is_no_readers_and_its_text_is_known_as_such(conn: Connection) -> None:
    site_id = known_site(conn)
    first, second = (stored(conn, site_id, number) for number in (1, 2))
    assert [row.article_id for row in refuse(conn, site_id)] == [first, second]
    assert conn.exec_driver_sql("select count(*) from v1_articles").scalar() == 0
    assert conn.exec_driver_sql("select count(*) from v1_revisions").scalar() == 2
    kept = known_pages.get(conn, first)
    assert kept is not None and kept.refused_at == NOW and kept.text == TEXT
    assert KEY is not None
    others = documents.with_text(conn, site_id, TextKeys(KEY, None), 0, (), 10)
    assert [one.refused for one in others] == [True, True]
    assert refusals.repeating(conn, site_id, TextKeys(KEY, None)) == []
    assert documents.ids_after(conn, 0, 10) == []


def test_a_text_of_its_own_brings_a_refused_article_back(conn: Connection) -> None:
    site_id = known_site(conn)
    number = stored(conn, site_id, 1)
    refuse(conn, site_id)
    url_id = known_url(conn, site_id, "https://example.test/1")
    again = make_article("The ferry sails again in June.", url_id=url_id)
    assert store_article(conn, site_id, again).article_id == number
    assert conn.exec_driver_sql("select count(*) from v1_articles").scalar() == 1
    back = known_pages.get(conn, number)
    assert back is not None and back.refused_at is None


def test_only_what_redirects_alone_name_and_did_not_move_is_reached_by_them(
    conn: Connection,
) -> None:
    site_id = known_site(conn)
    article_ids = [stored(conn, site_id, number) for number in (1, 2, 3)]
    for number in (2, 3):
        url = f"https://example.test/{number}"
        update_row(conn, URLS, {"url_key": url_key(url)}, {"found_by": "redirect"})
    former = known_url(conn, site_id, "https://example.test/old")
    moved = known_pages.get(conn, article_ids[2])
    assert moved is not None
    former_urls.add(conn, moved.article_id, former, moved.url_id, moved.url, NOW)
    keys = [url_key(f"https://example.test/{number}") for number in (1, 2, 3)]
    found = refusals.reached_by_redirect(conn, site_id, keys)
    assert [row.article_id for row in found] == article_ids[1:2]
    assert refusals.reached_by_redirect(conn, site_id + 1, keys) == []
