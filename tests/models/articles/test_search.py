"""Articles by words, titles and addresses, on each database."""

from datetime import UTC, datetime, timedelta

import pytest

from models.articles import search, search_newest
from models.articles.search import Found, by_address, by_titles, by_words
from models.articles.search_query import parse
from models.db.database import Database
from tests.factories import (
    known_site,
    known_url,
    make_article,
    make_metadata,
    make_page,
    store_article,
    store_text,
)

TITLES = ("Harbour frozen", "Ökonomie der Häfen", "100% of_boats", None)


@pytest.fixture
def numbers(database: Database) -> list[int]:
    with database.transaction() as conn:
        return [store_text(conn, n, title) for n, title in enumerate(TITLES)]


def test_the_newest_come_first_by_their_dates(database: Database) -> None:
    day = datetime(2026, 5, 1, tzinfo=UTC)
    dates = [day, None, day + timedelta(days=2), day + timedelta(days=1)]
    with database.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        numbers = []
        for n, at in enumerate(dates):
            url = f"https://example.test/{n}"
            metadata = make_metadata(published_at=at, published_precision="time" if at else None)
            article = make_article(
                f"Text {n}.", title="Ferry", metadata=metadata, page=make_page(url=url),
                url_id=known_url(conn, site_id, url),
            )  # fmt: skip
            numbers.append(store_article(conn, other if n == 3 else site_id, article).article_id)
    a, b, c, d = numbers
    query = parse("ferry")
    with database.reading() as conn:
        assert by_words(conn, query, 9).article_ids == (b, c, d, a)  # b is of now
        some = by_words(conn, query, 2)
        assert (some.article_ids, some.more, some.looked_at) == ((b, c), True, None)
        assert by_words(conn, query, 9, site_id=site_id).article_ids == (b, c, a)
        since = day + timedelta(days=1)
        assert by_words(conn, query, 9, since=since).article_ids == (b, c, d)
        assert by_words(conn, query, 9, since=since, site_id=other).article_ids == (d,)


def test_of_words_that_the_newest_do_not_have_those_stored_last_are_looked_at(
    database: Database, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_newest, "NEWEST", 1)
    monkeypatch.setattr(search, "MOST_MATCHES", 2)
    with database.reading() as conn:
        some = by_words(conn, parse("text"), 9)
        few = by_words(conn, parse("harbour"), 9)
    assert (set(some.article_ids), some.looked_at, some.more) == (set(numbers[2:]), 2, False)
    assert (few.article_ids, few.looked_at) == ((numbers[0],), None)


def test_the_index_and_a_look_at_the_newest_find_the_same(
    database: Database, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = tuple(numbers[::-1])
    for newest in (0, 1, 3, 4, 5):
        monkeypatch.setattr(search_newest, "NEWEST", newest)
        for most in (1, 2, 3, 4):
            with database.reading() as conn:
                of_all = by_words(conn, parse("text"), most)
                of_two = by_words(conn, parse("text -harbour -boats"), most)
                of_three = by_words(conn, parse("text -boats"), most)
            assert of_all == Found(every[:most], None, more=most < 4), (newest, most)
            assert of_two == Found(every[::2][:most], None, more=most < 2), (newest, most)
            three = every[:1] + every[2:]
            assert of_three == Found(three[:most], None, more=most < 3), (newest, most)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("harbour", [0]),
        ("FROZEN harb", [0]),
        ("ökonomie", [1]),
        ("HÄFEN", [1]),
        ("ÖKONOMIE häfen", [1]),
        ("100%", [2]),
        ("of_boats", [2]),
        ("o_b", []),
        ("story-3", [3]),
        ("harbour häfen", []),
        ("news", [3, 2, 1, 0]),
    ],
)
def test_each_word_is_in_the_title_or_the_address(
    database: Database, numbers: list[int], text: str, places: list[int]
) -> None:
    with database.reading() as conn:
        found = by_titles(conn, text, 10)
    assert found.article_ids == tuple(numbers[place] for place in places)
    assert (found.looked_at, found.more) == (None, False)


def test_the_newest_are_looked_at_and_it_is_said(
    database: Database, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", 2)
    with database.reading() as conn:
        assert by_titles(conn, "harbour", 10).article_ids == ()
        found = by_titles(conn, "news", 1)
    assert (found.article_ids, found.looked_at, found.more) == ((numbers[3],), 2, True)


def test_an_address_is_found_by_its_beginning(database: Database, numbers: list[int]) -> None:
    with database.reading() as conn:
        assert by_address(conn, "https://example.test/news/story-2", 5).article_ids == (numbers[2],)
        all_of_them = by_address(conn, "https://example.test/news/", 5)
        assert set(all_of_them.article_ids) == set(numbers)
        assert by_address(conn, "https://example.test/news/", 3).more
        assert by_address(conn, "https://example.test/olds", 5).article_ids == ()
