"""The index follows what is stored: in the same transaction, on each database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from models.articles import articles, known_pages, refusals, search_index
from models.articles.refusals import Repeating
from models.articles.rows import ARTICLES
from models.articles.search import by_words
from models.articles.search_index import Gaps
from models.articles.search_query import parse
from models.db.database import Database
from models.duplicates.index import IndexEntry
from models.items import Article
from pipelines.duplicates.sketch import sketch
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_classification,
    make_extraction,
    make_page,
    store_article,
)

LATER = NOW + timedelta(days=1)


def article(conn_url: int, words: str, title: str = "Ferry") -> Article:
    page = make_page(url=f"https://example.test/{conn_url}")
    return make_article(words, title=title, url_id=conn_url, page=page)


def keep(database: Database, words: str, title: str = "Ferry", page: int = 1) -> int:
    with database.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id, f"https://example.test/{page}")
        return store_article(conn, site_id, article(url_id, words, title)).article_id


def found(database: Database, typed: str) -> list[int]:
    with database.reading() as conn:
        return sorted(by_words(conn, parse(typed), 50).article_ids)


def gaps(database: Database) -> Gaps:
    with database.reading() as conn:
        return search_index.gaps(conn)


@pytest.fixture
def off(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url, search=False)
    yield opened
    opened.close()


def test_a_revision_replaces_the_words(database: Database) -> None:
    one = keep(database, "The old harbour froze.")
    assert found(database, "ferry harbour") == [one]
    assert keep(database, "The new bridge opened.") == one
    assert (found(database, "harbour"), found(database, "bridge")) == ([], [one])
    assert keep(database, "The new bridge opened.", title="Tunnel") == one
    assert (found(database, "ferry"), found(database, "tunnel")) == ([], [one])
    assert keep(database, "The old harbour froze.") == one  # back to its first revision
    assert (found(database, "tunnel"), found(database, "harbour")) == ([], [one])
    assert gaps(database) == (0, 0)


def test_another_classification_replaces_the_words(database: Database) -> None:
    one = keep(database, "The harbour froze.\n\nSubscribe now.")

    def reclassified(conn: object) -> bool:
        known = known_pages.get(conn, one)
        entry = IndexEntry(one, 1, *sketch("The harbour froze."))
        return articles.reclassify(
            conn, known, "The harbour froze.", make_classification(), make_extraction(), entry, (),
            LATER,
        )  # fmt: skip

    assert database.patiently(reclassified)
    assert (found(database, "subscribe"), found(database, "froze")) == ([], [one])


def test_a_refused_article_leaves_and_comes_back(database: Database) -> None:
    one, two = keep(database, "Please log in."), keep(database, "Please wait.", page=2)
    with database.transaction() as conn:
        refusals.refuse(conn, [Repeating(one, 1, 1, "https://example.test/1", None, None)], LATER)
    assert found(database, "please") == [two]
    assert gaps(database) == (0, 0)
    assert keep(database, "Please log in.") == one  # the same words again
    assert found(database, "please") == [one, two]


def test_what_is_rolled_back_is_not_found(database: Database) -> None:
    keep(database, "The harbour froze.")
    with pytest.raises(ZeroDivisionError), database.transaction() as conn:
        search_index.put(conn, 1, None, "nothing")
        raise ZeroDivisionError
    assert found(database, "nothing") == []


def test_switched_off_nothing_is_written_and_what_is_outdated_goes(
    database: Database, off: Database
) -> None:
    one, two = keep(database, "The harbour froze."), keep(database, "The ferry sank.", page=2)
    three = keep(off, "The bridge opened.", page=3)
    assert keep(off, "The harbour thawed.") == one
    with off.transaction() as conn:
        refusals.refuse(conn, [Repeating(two, 2, 1, "https://example.test/2", None, None)], LATER)
    assert [found(database, word) for word in ("the", "froze", "sank")] == [[], [], []]
    assert gaps(database) == (2, 0)
    assert (database.is_indexed, off.is_indexed) == (True, False)
    seen: list[int] = []
    assert search_index.fill(database, seen.append) == (2, 0)
    assert (found(database, "the"), seen) == ([one, three], [three])
    assert search_index.fill(database) == (0, 0)


def test_filling_goes_on_in_batches_and_removes_what_is_left_over(
    database: Database, off: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [keep(off, f"The harbour froze {n}.", page=n) for n in range(1, 8)]
    with database.transaction() as conn:
        search_index.put(conn, numbers[1], "Ferry", "stays as it is")
        for gone in (9_001, 9_002, 9_003):
            search_index.add(conn, gone, None, "gone")
        refused = update(ARTICLES).where(ARTICLES.c.article_id == numbers[0])
        conn.execute(refused.values(refused_at=NOW))
        search_index.put(conn, numbers[0], None, "refused")
    assert gaps(database) == (5, 4)
    monkeypatch.setattr(search_index, "BATCH", 2)
    seen: list[int] = []

    def stopped(last: int) -> None:
        seen.append(last)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search_index.fill(database, stopped)
    assert gaps(database) == (3, 4)
    assert search_index.fill(database) == (3, 4)
    assert gaps(database) == (0, 0)
    assert found(database, "harbour") == numbers[2:]
    assert found(database, "stays") == [numbers[1]]
    with database.reading() as conn:
        entries = conn.execute(text("select article_id from v1_search")).scalars().all()
    assert sorted(entries) == numbers[1:]


def test_removing_what_is_not_there_is_no_fault(database: Database) -> None:
    one = keep(database, "The harbour froze.")
    with database.transaction() as conn:
        search_index.remove(conn, [])
        search_index.remove(conn, [one, 77])
        search_index.remove(conn, [one])
    assert found(database, "harbour") == []
