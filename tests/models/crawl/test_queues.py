"""The queues of a site: one for each source and shape, and a bounded number of them."""

from datetime import timedelta

from sqlalchemy import Connection, select

from models.crawl import frontier, queues
from models.crawl.fair_share import Queue
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.items import Hint, Link
from tests.factories import NOW, known_site

DAY = timedelta(days=1)
DATED = Hint(published_at=NOW - DAY)


def add(conn: Connection, site: int, path: str, source: str = "s", hint: Hint | None = None) -> int:
    """Names a page; the key of the queue that it is in."""
    url = f"https://example.test{path}"
    frontier.add_links(conn, site, [Link(url, "sitemap", source, hint or Hint())], NOW)
    row = frontier.find(conn, url)
    assert row is not None
    return int(row.queue_key)


def test_a_queue_is_of_a_source_a_shape_and_of_dates(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        keys = [
            add(conn, site, "/dead/1"), add(conn, site, "/news/1"), add(conn, site, "/dead/2", "t"),
            add(conn, site, "/dead/3", "s", DATED),
        ]  # fmt: skip
        assert len(set(keys)) == 4
        assert add(conn, site, "/dead/4") == keys[0]
        found = {queue.queue_key: queue for queue in queues.of_site(conn, site)}
        assert found[keys[2]] == Queue(keys[2], "t", "/dead/{n}", dated=False)
        assert set(found) == set(keys)
        other = known_site(conn, "other")
        assert queues.of_site(conn, other) == []


def test_a_page_that_a_source_dates_goes_to_the_dated_queue(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        undated = add(conn, site, "/news/1", "front page")
        assert add(conn, site, "/news/1", "feed") == undated, "a word more changes nothing"
        dated = add(conn, site, "/news/1", "feed", DATED)
        assert dated == add(conn, site, "/news/2", "feed", DATED) != undated
        assert add(conn, site, "/news/1", "sitemap", DATED) == dated


def test_a_site_has_a_bounded_number_of_queues(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site = known_site(conn)
        for source in range(30):
            links = [
                Link(f"https://example.test/x{'y' * n}/{source}", "sitemap", f"s{source}", hint)
                for n in range(19) for hint in [DATED if n % 2 else Hint()]
            ]  # fmt: skip
            frontier.add_links(conn, site, links, NOW)
        strange = [
            Link(f"https://example.test/{'z' * n}/1", "sitemap", "new") for n in range(1, 60)
        ]
        frontier.add_links(
            conn, site, [*strange, Link("https://example.test/qq/?a=1", "feed")], NOW
        )
        found = queues.of_site(conn, site)
        assert len(found) <= queues.MOST + 2
        assert any(queue.shape == queues.OTHER for queue in found)
        assert any(queue.source is None and queue.shape != queues.OTHER for queue in found)
        keys = set(conn.scalars(select(URLS.c.queue_key).distinct()))
        assert keys <= {queue.queue_key for queue in found}


def test_of_one_source_no_more_than_a_few_shapes_are_told_apart(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site = known_site(conn)
        links = [Link(f"https://example.test/{'z' * n}/1", "sitemap", "s") for n in range(1, 19)]
        frontier.add_links(conn, site, links, NOW)
        found = queues.of_site(conn, site)
    assert sum(queue.source == "s" for queue in found) == queues.SHAPES
    assert len({queue.shape for queue in found}) == 18


def test_tries_are_counted_and_taken_back(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        one, other = add(conn, site, "/dead/1"), add(conn, site, "/news/1")
        queues.count_tries(conn, site, [one, one, other, None], NOW)
        tries = {queue.queue_key: queue for queue in queues.of_site(conn, site)}
        assert (tries[one].tries, tries[other].tries) == (2, 1)
        assert tries[one].claimed_at == NOW
        queues.note_kept(conn, site, [one])
        assert {q.queue_key for q in queues.of_site(conn, site, lock=True) if q.kept} == {one}
        frontier.claim(conn, site, "ours", 9, NOW + DAY, NOW)
        queues.take_back_tries(conn, "ours")
        tries = {queue.queue_key: queue for queue in queues.of_site(conn, site)}
        assert (tries[one].tries, tries[other].tries) == (2, 1)
