"""What waits in spools, as `health` says it."""

from datetime import timedelta

from crawler.reports import spools
from models.archive import files
from models.db.database import Database
from tests.factories import NOW, known_site, open_run
from tests.support.desk import scrapy

LINE = "spool of beech: 1 file waits for the upload since "


def test_health_names_the_host_and_what_to_type(database: Database, database_url: str) -> None:
    with database.transaction() as conn:
        run_id = open_run(conn, known_site(conn))
        files.opened(conn, "example/2026/x.warc.gz", run_id, "beech", NOW)
    assert LINE not in scrapy(database_url, "health").printed, "its run is under way"
    with database.transaction() as conn:
        conn.exec_driver_sql("update runs set status = 'aborted', finished_at = alive_at")
        files.refused(conn, "example/2026/x.warc.gz", "there is no bucket news")
    said = scrapy(database_url, "health")
    assert said.code == 0
    [line] = [line for line in said.out.splitlines() if "beech" in line]
    assert line.startswith(f"warn: {LINE}")
    assert line.endswith("0.0 kB (there is no bucket news); type there: scrapy archive move")
    assert "beech" not in scrapy(database_url, "health", "--json").out
    assert f"warn: {LINE}" in scrapy(database_url, "health", "--json").err
    metrics = scrapy(database_url, "health", "--prometheus").out
    assert 'winnow_spool_files{host="beech"} 1.0' in metrics
    assert 'winnow_spool_bytes{host="beech"} 0.0' in metrics
    assert 'winnow_spool_oldest_timestamp_seconds{host="beech"}' in metrics


def test_what_waits_for_less_than_a_day_is_no_warning(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        files.opened(conn, "example/2026/x.warc.gz", 1, "beech", NOW)
        files.opened(conn, "example/2026/y.warc.gz", 1, "beech", NOW)
    found = spools.read(sqlite)
    assert spools.warnings(found, NOW + timedelta(hours=23)) == []
    [line] = spools.warnings(found, NOW + timedelta(hours=25))
    assert line.startswith("spool of beech: 2 files wait for the upload since 2026-11-22")


def test_sizes_are_in_the_unit_that_people_read() -> None:
    said = [spools.file_size(size) for size in (0, 1234, 56_700_000, 12 * 10**9)]
    assert said == ["0.0 kB", "1.2 kB", "56.7 MB", "12.0 GB"]
