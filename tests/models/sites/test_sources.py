"""A source remembers how its readings went, and what vouches for the last good one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.db.database import Database
from models.sites import registry, sources
from models.sites.config import Scope, Site, Sources

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FEED = "https://example.com/rss"


def add_site(database: Database) -> int:
    site = Site("example", Path("e.toml"), "https://example.com/", Sources(), Scope(frozenset()))
    with database.transaction() as conn:
        return registry.ensure_site(conn, site, NOW)


def test_a_source_is_noted_once(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        first = sources.register(conn, site, FEED, "feed", "alternate")
        assert sources.register(conn, site, f"{FEED}#x", "feed", "site") == first
        sources.register(conn, site, "https://example.com/sitemap.xml", "sitemap", "robots")
        feed, sitemap = sources.list_sources(conn, site)
        assert (feed.url, feed.kind, feed.named_by) == (FEED, "feed", "alternate")
        assert (feed.read_at, feed.failures, feed.links) == (None, 0, 0)
        sources.forget(conn, sitemap.source_id)
        assert sources.list_sources(conn, site) == [feed]


def test_a_failure_is_counted_and_a_good_reading_ends_it(database: Database) -> None:
    site = add_site(database)
    with database.transaction() as conn:
        number = sources.register(conn, site, FEED, "sitemap", "site")
        sources.record_success(conn, number, NOW, links=7, kind="feed", etag='"1"', ttl=3600)
        sources.record_failure(conn, number, "HTTP 500", LATER)
        sources.record_failure(conn, number, "no feed: an HTML page", LATER)
        (ill,) = sources.list_sources(conn, site)
        sources.record_not_modified(conn, number, LATER)
        (well,) = sources.list_sources(conn, site)
    assert (ill.failures, ill.error) == (2, "no feed: an HTML page")
    assert (ill.read_at, ill.tried_at, ill.etag, ill.links) == (NOW, LATER, '"1"', 7)
    assert (well.failures, well.error, well.read_at) == (0, None, LATER)
    assert (well.kind, well.etag, well.ttl, well.links) == ("feed", '"1"', 3600, 7)
