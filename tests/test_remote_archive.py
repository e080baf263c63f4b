"""An archive on object storage, crawled, killed, crawled again and read again as on disk."""

from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL

import pytest

from tests.support.desk import Desk, kill, wait_for
from tests.support.object_storage import S3Server
from tests.support.port import Port
from tests.support.site_server import SiteServer
from tests.support.town import put_up_reports

PAGES = 6


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        put_up_reports(server, PAGES)
        yield server


@pytest.fixture
def port(tmp_path: Path, sqlite_url: str, s3: S3Server, site: SiteServer) -> Port:
    port = Port(tmp_path, sqlite_url, s3)
    port.write_site("ferry", f"{site.url}/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]')
    return port


def test_a_crawl_leaves_its_files_in_the_bucket_and_all_reads_them_there(
    port: Port, tmp_path: Path
) -> None:
    assert port.crawl("ferry").err == ""
    [(file, store)] = port.tuples("select warc_file, store from warc_files")
    assert store == f"s3://{port.bucket}/winnow"
    assert (port.objects(), port.spooled()) == ([file], [])
    before = port.texts()
    disk = Desk(tmp_path / "disk")  # the same crawl, with a local archive
    disk.folder.mkdir()
    disk.sites = port.sites
    disk.environment["WINNOW_SITES_DIR"] = str(port.sites)
    disk.upgrade()
    disk.crawl("ferry")
    assert disk.tuples("select url, text from v1_articles order by url") == before
    assert len(before) == PAGES
    port.execute("delete from extractions")
    with port.s3.failing("^GET .*warc.gz", "cut", times=2):
        port.crawl("ferry", "reextract")
    assert port.texts() == before
    assert port.tuples("select count(*) from extractions") == [(PAGES,)]


def test_a_kill_during_the_upload_loses_nothing_and_the_next_run_uploads_it(port: Port) -> None:
    with (
        port.s3.failing("^PUT .*warc.gz", "hang") as fault,
        port.running("crawl", "discover", "-a", "site=ferry") as crawl,
    ):
        wait_for(lambda: fault.met)
        kill(crawl, SIGKILL)
        assert port.objects() == []  # later the server may go on with what it has heard
    [file] = port.spooled()
    held = port.tuples("select capture_id, warc_file from captures")
    assert len(held) == PAGES and {name for _, name in held} == {file}
    port.crawl("ferry")  # any run of this host takes the spool over
    assert port.objects()[0] == file and port.spooled() == []
    assert len(port.texts()) == PAGES
    assert port.tuples("select count(*) from captures") == [(PAGES,)]  # nothing was asked twice


def test_a_store_that_is_away_fails_no_run_and_costs_no_page(port: Port) -> None:
    with port.s3.failing("warc.gz", "503"):
        ended = port.crawl("ferry")
    [line] = ended.err.splitlines()
    assert "1 WARC file waits in the spool" in line and "s3://" in line
    assert len(port.texts()) == PAGES
    [file] = port.spooled()
    port.execute("delete from extractions")
    port.crawl("ferry", "reextract")  # reads the spool, and uploads it
    assert port.tuples("select count(*) from extractions") == [(PAGES,)]
    assert (port.objects(), port.spooled()) == ([file], [])
    port.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    port.execute("delete from extractions")
    failed = port.crawl("ferry", "reextract", code=1)
    [line] = failed.err.splitlines()
    assert "all pages keep waiting" in line and "does not answer as it should" in line
    assert port.tuples("select count(*) from extractions") == [(0,)]
    found = port.crawl("ferry", "recrawl")
    assert "pages are kept in the spool" in found.err


def test_a_visit_says_what_the_store_does_not_take_under_quiet_too(port: Port) -> None:
    with port.s3.failing("^PUT .*warc.gz", "403"):
        said = port.type("visit", "ferry", "--now", "--quiet")
    [line] = said.err.splitlines()
    assert "1 file waits for the upload since" in line and "refuses us" in line
    assert "type there: scrapy archive move" in line and said.out == ""
    assert port.type("visit", "ferry", "--now", "--quiet").printed == "", "it was uploaded"
    assert port.spooled() == []


def test_copies_in_the_spool_of_another_host_are_left_out_and_read_once_they_are_there(
    port: Port, tmp_path: Path
) -> None:
    with port.s3.failing("^PUT .*warc.gz", "403"):
        assert "waits in the spool" in port.crawl("ferry").err
    port.execute("update warc_files set host = 'beech'")
    port.spool.rename(tmp_path / "spool of beech")
    port.execute("delete from extractions")
    failed = port.crawl("ferry", "reextract", code=1)
    assert f"{PAGES} pages left out, whose copies are still in the spool of beech" in failed.err
    assert port.tuples("select count(*) from v1_outcomes where run_id = 2") == [(0,)]
    url = port.texts()[0][0]
    address = f"s3://{port.bucket}/winnow"
    known = port.here("why", url, WINNOW_ARCHIVE_DIR=address, WINNOW_ARCHIVE_SPOOL=str(port.spool))
    assert "is still in the spool of beech; run any crawl there" in known.out
    assert ", in the spool of beech\n" in known.out
    places = "select distinct warc_store, warc_host from v1_captures"
    assert port.tuples(places) == [(None, "beech")]
    dry = port.crawl("ferry", "reextract", "-a", "dry_run=1", code=1)
    assert "is still in the spool of beech" in dry.err
    (tmp_path / "spool of beech").rename(port.spool)  # as if beech had run
    port.crawl("ferry", "reextract")
    assert port.tuples("select count(*) from extractions") == [(PAGES,)]
    assert port.tuples(places) == [(f"s3://{port.bucket}/winnow", None)]


def test_what_a_person_must_mend_is_one_line_before_the_site_is_asked(
    port: Port, site: SiteServer
) -> None:
    for address, said in (
        ("s3://nobody-has-this/x", "there is no bucket nobody-has-this"),
        ("gs://bucket/x", "winnow[gcs]"),
    ):
        failed = port.crawl("ferry", WINNOW_ARCHIVE_DIR=address, code=1)
        [line] = failed.err.splitlines()
        assert said in line, line
    with port.s3.failing(".", "403"):
        [line] = port.crawl("ferry", code=1).err.splitlines()
    assert "refuses us" in line and "WINNOW_ARCHIVE_DIR" in line
    assert site.log == []


def test_visits_upload_what_they_wrote(port: Port) -> None:
    port.type("visit", "--now")
    assert len(port.texts()) == PAGES
    [(file, moved)] = port.tuples("select warc_file, moved_at from warc_files")
    assert moved and (port.objects(), port.spooled()) == ([file], [])
