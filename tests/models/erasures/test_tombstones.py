"""Tombstones: found by any spelling of an address, finished, lifted."""

from models.db.database import Database
from models.erasures import tombstones
from models.erasures.tombstones import NewErasure
from models.items import WarcLocation
from models.urls import url_key
from tests.factories import NOW

URL = "https://example.test/news/1"
PLACE = WarcLocation("example/2026/run-000001-00001.warc.gz", 300, 900)


def keys_of(*urls: str) -> dict[bytes, str]:
    return {url_key(url): url for url in urls}


def test_a_tombstone_is_found_until_it_is_lifted(database: Database) -> None:
    other = "https://example.test/old/1"
    with database.transaction() as conn:
        new = NewErasure("example", URL, 7, "a letter")
        number = tombstones.add(conn, new, keys_of(URL, other), [PLACE], NOW)
    with database.transaction() as conn:
        found = tombstones.named(conn, "http://www.example.test/news/1/?utm_source=x#top")
        assert found is not None and found.records == (PLACE,) and found.done_at is None
        assert (found.erasure_id, found.why, found.erased_at) == (number, "a letter", NOW)
        assert tombstones.named(conn, other) == tombstones.named(conn, "7") == found
        assert tombstones.named(conn, "8") is None
        assert tombstones.named(conn, "9" * 40) is None
        assert tombstones.keys(conn) == keys_of(URL, other).keys()
        tombstones.finish(conn, number, NOW)
        [done] = tombstones.listed(conn)
        assert done.done_at == NOW and done.records == ()
        tombstones.lift(conn, number)
        assert tombstones.listed(conn) == [] and tombstones.keys(conn) == frozenset()


def test_a_page_that_is_erased_again_has_one_tombstone(database: Database) -> None:
    with database.transaction() as conn:
        for why in ("a letter", "another"):
            tombstones.add(conn, NewErasure("example", URL, 7, why), keys_of(URL), [], NOW)
        assert [one.why for one in tombstones.listed(conn)] == ["another"]
