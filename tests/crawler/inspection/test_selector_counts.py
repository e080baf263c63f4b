"""On how many archived pages a selector finds something."""

from pathlib import Path

import pytest

from crawler.inspection.selector_counts import matching_captures, selector_counts
from models.db.database import Database
from models.errors import ExtractionFailed
from tests.factories import known_site
from tests.support.archived_pages import STORY, archive_page


def test_each_selector_is_counted_on_the_newest_articles(
    database: Database, tmp_path: Path
) -> None:
    for number in range(1, 5):
        html = STORY.format(title=f"Port {number}")
        if number == 4:
            html = html.replace("partner-box", "other-box")
        archive_page(database, tmp_path, html, number=number)
    archive_page(database, tmp_path, number=9, site="other")
    with database.reading() as conn:
        site_id = known_site(conn)
        wanted = (".partner-box", ".lead", ".nowhere")
        found = selector_counts(conn, site_id, tmp_path, wanted)
        assert found.pages == 4
        assert found.matches == {".partner-box": 3, ".lead": 4, ".nowhere": 0}
        newest = selector_counts(conn, site_id, tmp_path, wanted, most=2)
        assert (newest.pages, newest.matches[".partner-box"]) == (2, 1)


def test_the_copies_that_match_are_named(sqlite: Database, tmp_path: Path) -> None:
    pages = [archive_page(sqlite, tmp_path, number=number) for number in (1, 2)]
    other = STORY.format(title="Port 3").replace("partner-box", "other-box")
    pages.append(archive_page(sqlite, tmp_path, other, number=3))
    with sqlite.reading() as conn:
        site_id = known_site(conn)
        found = matching_captures(conn, site_id, tmp_path, ".partner-box")
        assert found == ([pages[1].capture_id, pages[0].capture_id], 3)
        assert matching_captures(conn, site_id, tmp_path, ".lead", most=1)[1] == 1


def test_copies_that_cannot_be_read_are_left_out(sqlite: Database, tmp_path: Path) -> None:
    for number in (1, 2):
        archive_page(sqlite, tmp_path, number=number)
    next(iter(sorted(tmp_path.rglob("*.warc.gz")))).write_bytes(b"")
    with sqlite.reading() as conn:
        assert selector_counts(conn, known_site(conn), tmp_path, [".lead"]).pages == 1


def test_what_is_no_selector_is_refused(sqlite: Database, tmp_path: Path) -> None:
    archive_page(sqlite, tmp_path)
    with sqlite.reading() as conn, pytest.raises(ExtractionFailed, match="not a CSS selector"):
        selector_counts(conn, known_site(conn), tmp_path, ["p["])
