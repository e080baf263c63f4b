"""The upgrade to the search index: stored articles are found after it, and kept by its way back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from migrations.upgrade import downgrade, upgrade
from models.articles import search_index
from models.articles.search import by_words
from models.articles.search_query import parse
from models.db.database import Database
from tests.databases import KINDS, empty_database
from tests.factories import known_site, known_url, make_article, make_page, store_article

BEFORE = "0110"


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with empty_database(request.param, tmp_path) as url:
        yield url


def test_what_was_stored_before_is_indexed(url: str) -> None:
    on, off = Database.open(url), Database.open(url, search=False)
    upgrade(off)
    with off.transaction() as conn:
        site_id = known_site(conn)
        for n in range(3):
            page = f"https://example.test/{n}"
            article = make_article(
                f"東京都 {n}", page=make_page(url=page), url_id=known_url(conn, site_id, page)
            )
            store_article(conn, site_id, article)
    downgrade(off, BEFORE)
    upgrade(off)
    assert _gaps(on) == (3, 0)  # as WINNOW_SEARCH is off
    for _ in range(2):
        downgrade(on, BEFORE)
        assert not {name for name in on.tables() if name.startswith("v1_search")}
        seen: list[int] = []
        upgrade(on, progress=seen.append)
        assert seen
        assert _gaps(on) == (0, 0)
        with on.reading() as conn:
            assert len(by_words(conn, parse("京都 frozen"), 9).article_ids) == 3
            assert conn.execute(text("select count(*) from v1_articles")).scalar() == 3
    on.close()
    off.close()


def _gaps(database: Database) -> search_index.Gaps:
    with database.reading() as conn:
        return search_index.gaps(conn)
