"""What the database knows of its files."""

from pathlib import Path

from models.archive import files
from models.archive.files import Whereabouts
from models.archive.known_files import KnownFile, all_files, without_copies
from models.db.database import Database
from tests.factories import NOW, known_site, open_run
from tests.support.archived_pages import archive_page


def test_files_with_captures_and_those_that_a_run_opened(
    database: Database, tmp_path: Path
) -> None:
    archive_page(database, tmp_path, number=1)
    archive_page(database, tmp_path, number=2, site="other")
    with database.transaction() as conn:
        run_id = open_run(conn, known_site(conn))
        files.opened(conn, "example/2026/live.warc.gz", run_id, "beech", NOW)
        files.opened(conn, "gone/2026/old.warc.gz", 1 << 40, "beech", NOW)
        files.stored(conn, "gone/2026/old.warc.gz", "s3://bucket", 7, NOW)
    with database.reading() as conn:
        found = all_files(conn)
        mine = all_files(conn, "example")
        empty = without_copies(conn)
    live, one, old, other = found
    where = Whereabouts(run_id, "beech", None, None, None, None, None)
    assert live == KnownFile("example/2026/live.warc.gz", run_id, "running", 0, where)
    assert not live.is_over
    assert (one.name.split("/")[0], one.status, one.row) == ("example", "done", None)
    assert one.size == one.end == (tmp_path / one.name).stat().st_size
    assert (old.status, old.is_over, old.size) == (None, True, 7)
    assert other.name.startswith("other/")
    assert mine == [live, one]
    assert empty == [live, old]
