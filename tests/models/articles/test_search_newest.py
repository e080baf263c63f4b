"""Which articles are the newest, and which of these have the words."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, insert, text

from models.articles import search_newest
from models.articles.search_newest import newest, rarest, saying
from models.articles.search_query import parse
from models.db.database import Database
from models.duplicates.tables import CLUSTER_MEMBERS as MEMBERS
from models.duplicates.tables import CLUSTERS
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_metadata,
    make_page,
    store_article,
    store_text,
)

DAY = datetime(2026, 5, 1, tzinfo=UTC)
# days after `DAY` of each article; None: without a date, so first seen on that of the tests
DAYS = (3, None, 1, 2, 2, None, 0)
ORDER = (5, 1, 0, 4, 3, 2, 6)


@pytest.fixture
def dated(database: Database) -> list[int]:
    """Articles of two sites in turn."""
    numbers = []
    with database.transaction() as conn:
        sites = known_site(conn), known_site(conn, "other")
        for n, days in enumerate(DAYS):
            at = None if days is None else DAY + timedelta(days=days)
            url, site_id = f"https://example.test/{n}", sites[n % 2]
            metadata = make_metadata(published_at=at, published_precision="time" if at else None)
            article = make_article(
                f"Text {n}.", metadata=metadata, page=make_page(url=url),
                url_id=known_url(conn, site_id, url),
            )  # fmt: skip
            numbers.append(store_article(conn, site_id, article).article_id)
    return numbers


def test_the_newest_by_their_dates_and_without_one_by_the_first_look(
    database: Database, dated: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "select site_id from sites where name = 'other'"
    with database.reading() as conn:
        site_id = conn.scalar(text(other))
        every = [dated.index(number) for number in newest(conn)]
        of_site = [dated.index(number) for number in newest(conn, site_id)]
        since = [dated.index(number) for number in newest(conn, since=DAY + timedelta(days=2))]
        late = [dated.index(number) for number in newest(conn, site_id, NOW + timedelta(days=1))]
        for most in range(8):
            monkeypatch.setattr(search_newest, "NEWEST", most)
            assert [dated.index(number) for number in newest(conn)] == list(ORDER[:most])
    assert (every, of_site) == (list(ORDER), [5, 1, 3])
    assert (since, late) == ([5, 1, 0, 4, 3], [])


@pytest.fixture
def many(database: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve articles, looked at two by two; the last is first. Each fourth is of a ferry."""
    monkeypatch.setattr(search_newest, "_CHUNK", 2)
    with database.transaction() as conn:
        of = {True: "The ferry.", False: "The bridge."}
        return [store_text(conn, n, None, of[n % 4 == 0]) for n in range(12)][::-1]


def said(database: Database, article_ids: list[int], words: str, most: int) -> list[int]:
    with database.reading() as conn:
        form = database.dialect
        return [article_ids.index(n) for n in saying(conn, form, parse(words), article_ids, most)]


@pytest.mark.parametrize(
    ("words", "most", "expected"),
    [
        ("ferry", 9, [3, 7, 11]),
        ("ferry", 2, [3, 7]),
        ("the -ferry", 4, [0, 1, 2, 4]),
        ("bridg* the", 2, [0, 1]),
        ('"the ferry" -"ferry the"', 9, [3, 7, 11]),
        ("err", 9, []),
    ],
)
def test_those_that_have_the_words_in_their_order(
    database: Database, many: list[int], words: str, most: int, expected: list[int]
) -> None:
    assert said(database, many, words, most) == expected
    assert said(database, [], words, most) == []


def test_servers_look_at_no_more_articles_than_they_need_to(
    database: Database, many: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))

    def looks(words: str, most: int) -> int:
        seen.clear()
        said(database, many, words, most)
        return sum("from v1_search" in one.lower().replace("\n", " ") for one in seen)

    expected = {("the", 4): 2, ("ferry", 1): 2, ("ferry", 9): 6, ("qqq", 1): 6}
    # where more articles are left, words that so few have are left to the index
    of_more = {("the", 4): 2, ("ferry", 1): 1, ("ferry", 9): 1, ("qqq", 1): 1, ("the", 13): 6}
    if database.dialect == "sqlite":
        expected, of_more = dict.fromkeys(expected, 1), dict.fromkeys(of_more, 1)
    assert {asked: looks(*asked) for asked in expected} == expected
    monkeypatch.setattr(search_newest, "NEWEST", 12)
    assert {asked: looks(*asked) for asked in of_more} == of_more


def test_originals_alone(database: Database, many: list[int]) -> None:
    first, copy = many[7], many[3]
    with database.transaction() as conn:
        cluster = {"cluster_id": first, "original_id": first, "size": 2, "due": 0}
        conn.execute(insert(CLUSTERS), {**cluster, "reason": "first", "updated_at": NOW})
        conn.execute(text("delete from cluster_members"))
        row = {"cluster_id": first, "state": 1, "revision": 1, "tokens": 9}
        conn.execute(insert(MEMBERS), [{**row, "article_id": one} for one in (first, copy)])
    with database.reading() as conn:
        form = database.dialect
        found = saying(conn, form, parse("ferry"), many, 9, unique=True)
    assert found == [many[7], many[11]]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("the", "+the_"),
        ("the ferry", "+ferry"),
        ("the bridg* ferry -storm", "+ferry +bridg*"),
        ('"the ferry sails"', "+sails +ferry"),
        ("the harbour sails", "+harbour +sails"),
    ],
)
def test_mariadb_is_asked_for_the_rarest_words(
    database: Database, monkeypatch: pytest.MonkeyPatch, question: str, asked: str
) -> None:
    if database.dialect != "mysql":
        return
    monkeypatch.setattr(search_newest, "_AS_RARE", 2)
    texts = ["The bridge."] * 2 + ["The ferry."] + ["The end."] * 2
    with database.transaction() as conn:
        numbers = [store_text(conn, n, None, words) for n, words in enumerate(texts)]
    with database.reading() as conn:
        assert rarest(conn, parse(question), numbers) == asked
