"""What was last read of a long source is kept, and forgotten where it no longer counts."""

from models.db.database import Database
from models.sites import readings, sources
from models.sites.readings import SeenSource
from tests.factories import NOW, known_site

SEEN = SeenSource(b"b" * 32, b"h" * 32, b"e" * 32)


def test_a_reading_takes_the_place_of_the_one_before(database: Database) -> None:
    with database.transaction() as conn:
        source = sources.register(conn, known_site(conn), "https://a.test/s.xml", "sitemap", "site")
        assert readings.find(conn, source) is None
        readings.keep(conn, source, SEEN, NOW)
        longer = SeenSource(b"c" * 32, b"i" * 32, bytes(range(256)) * 4000)
        readings.keep(conn, source, longer, NOW)
        assert readings.find(conn, source) == longer


def test_a_source_and_a_whole_site_are_read_in_full_again(database: Database) -> None:
    with database.transaction() as conn:
        site, other = known_site(conn), known_site(conn, "other")
        first, second, third = (
            sources.register(conn, of, f"https://a.test/{n}.xml", "sitemap", "site")
            for n, of in enumerate((site, site, other))
        )
        for source in (first, second, third):
            readings.keep(conn, source, SEEN, NOW)
        readings.forget(conn, first)
        assert readings.find(conn, first) is None and readings.find(conn, second) == SEEN
        readings.forget_site(conn, site)
        assert readings.find(conn, second) is None and readings.find(conn, third) == SEEN
