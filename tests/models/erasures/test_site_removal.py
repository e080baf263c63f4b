"""What goes of a site: every table that is about sites, in batches that are whole."""

from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from migrations.schema import metadata
from models.articles.rows import ARTICLES
from models.crawl.run_rows import RUNS
from models.crawl.url_rows import URLS
from models.db import changes
from models.db.changes import CHANGES
from models.db.database import Database
from models.erasures import site_removal
from models.erasures.site_removal import SiteRows
from models.fleet import handouts
from models.sites.registry import SITES
from tests.factories import NOW, known_site, known_url, open_run, store_text
from tests.structure.test_tables import written_in

# written by `leave_clusters`, before the rest
CLUSTERS = {"clusters", "duplicate_pairs"}


def about_sites() -> set[str]:
    """Tables that refer to a site, or to what does."""
    found = {"sites"}
    while True:
        more = {
            table.name
            for table in metadata.sorted_tables
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


def test_a_new_table_about_sites_has_its_place_in_the_list() -> None:
    removed = {
        table.name
        for name in ("site_removal", "removal")
        for table in written_in(Path(f"models/erasures/{name}.py"))
        if table is not None
    }
    assert about_sites() - CLUSTERS <= removed


def count(database: Database, table: Table) -> int:
    with database.reading() as conn:
        return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def test_batch_after_batch_until_nothing_is_left(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site_removal, "BATCH", 2)
    with database.transaction() as conn:
        site_id = known_site(conn)
        for number in range(3):
            store_text(conn, number, "Of the harbour")
        runs = [open_run(conn, site_id) for _ in range(3)]
        other = known_site(conn, "other")
        known_url(conn, other, "https://other.test/1")
        open_run(conn, other)
        handouts.hand_out(conn, "batch", "", ["example", "other"], NOW)
        assert site_removal.count(conn, site_id) == SiteRows(3, 3, 0, len(runs))
    for left in (3, 1):
        with database.transaction() as conn:
            some = site_removal.some_articles(conn, site_id)
            assert len(some) == min(left, 2)
            site_removal.remove_some(conn, some, NOW)
        assert count(database, ARTICLES) == left - len(some)
    assert count(database, changes.CHANGES) == 6  # each was new, then erased
    for step in (site_removal.remove_urls, site_removal.remove_runs):
        for expected in (2, 1, 0):
            with database.transaction() as conn:
                assert step(conn, site_id) == expected
    with database.transaction() as conn:
        site_removal.remove_site(conn, site_id)
        assert conn.scalars(select(SITES.c.name)).all() == ["other"]
        assert handouts.outstanding(conn, NOW) == {"other"}
        erased = select(CHANGES.c.article_id).where(CHANGES.c.kind == "erased")
        assert len(set(conn.scalars(erased))) == 3
    assert (count(database, URLS), count(database, RUNS)) == (1, 1)
