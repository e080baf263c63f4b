"""Samples of the articles of each day."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from crawler.reports import day_samples as module
from crawler.reports.day_samples import OTHERS, day_samples, median_words, removed_blocks
from models.articles.classifications import BLOCK_CLASSIFICATIONS
from models.db.database import Database
from tests.factories import NOW, known_site, known_url, make_article, store_article


def stored(conn: Connection, site_id: int, n: int, days: int, words: int) -> int:
    url = f"https://example.test/{n}"
    article = make_article(" ".join(f"word{n}x{k}" for k in range(words)), title=f"Title {n}")
    article = make_article(article.text or "", url_id=known_url(conn, site_id, url))
    return store_article(conn, site_id, article, NOW - timedelta(days=days)).article_id


def test_each_day_has_its_first_articles(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    with database.transaction() as conn:
        site_id = known_site(conn)
        today = [stored(conn, site_id, n, 0, 5 + n) for n in range(3)]
        before = stored(conn, site_id, 9, 2, 40)
    with database.reading() as conn:
        samples = day_samples(conn, site_id, 3, NOW)
        assert [sample.article_ids for sample in samples] == [(before,), (), tuple(today[:2])]
        assert [sample.day for sample in samples][-1] == NOW.date()
        assert median_words(conn, samples) == [40.0, None, 5.5]


def test_removed_blocks_are_counted_by_reason_the_rare_ones_as_others(database: Database) -> None:
    reasons = ("advert", "related", "comment", "promo", "cookie", "caption")
    with database.transaction() as conn:
        site_id = known_site(conn)
        one, other = (stored(conn, site_id, n, 0, 30) for n in (1, 2))
        rows = [
            {"article_id": article, "position": 10 * place, "action": "removed", "excerpt": "x",
             "reason": reason, "evidence": {"blocks": 8 - place}}
            for place, reason in enumerate(reasons)
            for article in (one, other)[: 1 if place else 2]
        ]  # fmt: skip
        conn.execute(BLOCK_CLASSIFICATIONS.insert(), rows)
    with database.reading() as conn:
        samples = day_samples(conn, site_id, 2, NOW)
        found = removed_blocks(conn, samples)
    assert list(found) == ["advert", "related", "comment", "promo", OTHERS]
    assert found["advert"] == [None, 8.0]
    assert found[OTHERS] == [None, (4 + 3) / 2]
