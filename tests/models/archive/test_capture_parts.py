"""The copies of a story's further pages are known by the copy of its first."""

from pathlib import Path

from models.archive import capture_parts, captures
from models.archive.captures import CaptureArchive
from models.db.database import Database
from models.items import StoryPart
from tests.factories import known_site, known_url, make_page, open_run

PAGES = [f"https://example.test/1?page={n}" for n in (1, 2, 3)]


def test_the_pages_of_a_story_come_in_their_order(database: Database, tmp_path: Path) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        run = open_run(conn, site)
        archive = CaptureArchive(tmp_path, run)
        copies = []
        for url in PAGES:
            page = make_page(run_id=run, url_id=known_url(conn, site, url), url=url)
            copies.append(captures.keep(conn, page, archive.append(page)))
        archive.close()
        first, second, third = copies
        assert capture_parts.of(conn, first) == ()
        capture_parts.keep(conn, first, [(3, None), (2, second)])
        ref = captures.refs(conn, copies)
        assert capture_parts.of(conn, first) == (StoryPart(2, ref[second]), StoryPart(3, None))
        capture_parts.keep(conn, first, [(3, third)])
        assert capture_parts.of(conn, first)[1] == StoryPart(3, ref[third])
        assert capture_parts.first_of(conn, third) == PAGES[0]
        assert capture_parts.first_of(conn, first) is None
