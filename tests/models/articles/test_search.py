"""Articles by words and by addresses, on each database."""

import pytest
from sqlalchemy import Connection

from models.articles import search
from models.articles.search import by_address, by_words
from models.db.database import Database
from tests.factories import known_site, known_url, make_article, make_page, store_article

TITLES = ("Harbour frozen", "Ökonomie der Häfen", "100% of_boats", None)


def stored(conn: Connection, n: int, title: str | None) -> int:
    site_id, url = known_site(conn), f"https://example.test/news/story-{n}"
    article = make_article(
        f"Text of {n}.", title=title, page=make_page(url=url), url_id=known_url(conn, site_id, url)
    )
    return store_article(conn, site_id, article).article_id


@pytest.fixture
def numbers(database: Database) -> list[int]:
    with database.transaction() as conn:
        return [stored(conn, n, title) for n, title in enumerate(TITLES)]


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
        found = by_words(conn, text, 10)
    assert found.article_ids == tuple(numbers[place] for place in places)
    assert (found.looked_at, found.more) == (None, False)


def test_the_newest_are_looked_at_and_it_is_said(
    database: Database, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LOOKED_AT", 2)
    with database.reading() as conn:
        assert by_words(conn, "harbour", 10).article_ids == ()
        found = by_words(conn, "news", 1)
    assert (found.article_ids, found.looked_at, found.more) == ((numbers[3],), 2, True)


def test_an_address_is_found_by_its_beginning(database: Database, numbers: list[int]) -> None:
    with database.reading() as conn:
        assert by_address(conn, "https://example.test/news/story-2", 5).article_ids == (numbers[2],)
        all_of_them = by_address(conn, "https://example.test/news/", 5)
        assert set(all_of_them.article_ids) == set(numbers)
        assert by_address(conn, "https://example.test/news/", 3).more
        assert by_address(conn, "https://example.test/olds", 5).article_ids == ()
