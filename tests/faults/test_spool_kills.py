"""A crawl with an archive on object storage, killed at random moments of writing and uploading."""

from pathlib import Path
from signal import SIGKILL

from sqlalchemy import select

from models.archive import captures
from models.archive.captures import CAPTURES
from models.archive.places import ArchivePlaces
from models.db.database import Database
from tests.faults.conftest import Checked
from tests.faults.support.length import dice, pick
from tests.faults.support.newspaper import Newspaper
from tests.support.desk import kill, wait_for
from tests.support.object_storage import S3Server
from tests.support.port import Port
from tests.support.site_server import SiteServer

PAGES, KILLS = pick((16, 1), (80, 8))


def test_a_killed_crawl_loses_no_capture_and_its_spool_is_uploaded(
    tmp_path: Path, sqlite_url: str, s3: S3Server, checked: Checked
) -> None:
    random = dice(11)
    with SiteServer() as site:
        port, paper = Port(tmp_path, sqlite_url, s3), Newspaper(site, PAGES)
        paper.add_to(port, delay=0.05)
        for _ in range(KILLS):
            asked = paper.asked() + random.randrange(1, PAGES // (KILLS + 1))
            with port.running("crawl", "discover", "-a", "site=paper") as crawl:
                wait_for(lambda asked=asked: paper.asked() > asked)
                kill(crawl, SIGKILL)
        paper.until_quiet(port)
        assert {url for url, _ in port.texts()} == set(paper.texts)
        assert port.spooled() == []
        assert port.tuples("select 1 from warc_files where moved_at is null") == []
        files = port.tuples("select distinct warc_file from captures order by 1")
        assert [name for (name,) in files] == port.objects()
        places = ArchivePlaces.of(
            {
                "WINNOW_ARCHIVE_DIR": port.environment["WINNOW_ARCHIVE_DIR"],
                "WINNOW_ARCHIVE_SPOOL": str(port.spool),
            }
        )
        database = Database.open(port.url)
        with database.reading() as conn:
            for one in conn.scalars(select(CAPTURES.c.capture_id)).all():
                assert captures.read(conn, places, one).body
        database.close()
        checked(KILLS)
