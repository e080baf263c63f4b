"""On which archived pages a selector finds something."""

from pathlib import Path

import pytest

from crawler.inspection import selector_matches
from crawler.inspection.selector_matches import SelectorMatcher
from models.archive.places import ArchivePlaces
from models.archive.reader import Capture
from models.db.database import Database
from models.errors import ExtractionFailed, StoreAway
from tests.factories import known_site
from tests.support.archived_pages import STORY, archive_page


def test_each_selector_is_tried_on_the_newest_articles(database: Database, tmp_path: Path) -> None:
    pages = []
    for number in range(1, 5):
        html = STORY.format(title=f"Port {number}")
        if number == 4:
            html = html.replace("partner-box", "other-box")
        pages.append(archive_page(database, tmp_path, html, number=number).capture_id)
    archive_page(database, tmp_path, number=9, site="other")
    with database.reading() as conn:
        site_id = known_site(conn)
        wanted = (".partner-box", ".lead", ".nowhere")
        found = SelectorMatcher(ArchivePlaces(tmp_path)).matches(conn, site_id, wanted)
        assert found.pages == 4
        assert found.copies == {
            ".partner-box": pages[2::-1], ".lead": pages[::-1], ".nowhere": [],
        }  # fmt: skip
        newest = SelectorMatcher(ArchivePlaces(tmp_path), 2).matches(conn, site_id, wanted)
        assert (newest.pages, newest.copies[".partner-box"]) == (2, [pages[2]])


def test_what_was_found_is_found_again_until_an_article_comes(
    sqlite: Database, tmp_path: Path
) -> None:
    first = archive_page(sqlite, tmp_path)
    matcher = SelectorMatcher(ArchivePlaces(tmp_path))
    with sqlite.reading() as conn:
        site_id = known_site(conn)
        assert matcher.matches(conn, site_id, [".lead"]).copies == {".lead": [first.capture_id]}
    for warc in tmp_path.rglob("*.warc.gz"):
        warc.unlink()
    with sqlite.reading() as conn:  # nothing is read for a selector that is known
        assert matcher.matches(conn, site_id, [".lead"]).pages == 1
        assert matcher.matches(conn, site_id, ["p"]) == (0, {"p": []})
    second = archive_page(sqlite, tmp_path, number=2)
    with sqlite.reading() as conn:
        assert matcher.matches(conn, site_id, [".lead"]).copies == {".lead": [second.capture_id]}


def test_a_store_that_gives_no_copies_is_said(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_page(sqlite, tmp_path)

    def away(*_words: object) -> Capture:
        raise StoreAway("no answer")

    monkeypatch.setattr(selector_matches, "load", away)
    with sqlite.reading() as conn, pytest.raises(StoreAway):
        SelectorMatcher(ArchivePlaces(tmp_path)).matches(conn, known_site(conn), [".lead"])


def test_copies_that_cannot_be_read_are_left_out(sqlite: Database, tmp_path: Path) -> None:
    for number in (1, 2):
        archive_page(sqlite, tmp_path, number=number)
    next(iter(sorted(tmp_path.rglob("*.warc.gz")))).write_bytes(b"")
    with sqlite.reading() as conn:
        assert (
            SelectorMatcher(ArchivePlaces(tmp_path))
            .matches(conn, known_site(conn), [".lead"])
            .pages
            == 1
        )


def test_what_is_no_selector_is_refused(sqlite: Database, tmp_path: Path) -> None:
    archive_page(sqlite, tmp_path)
    with sqlite.reading() as conn, pytest.raises(ExtractionFailed, match="not a CSS selector"):
        SelectorMatcher(ArchivePlaces(tmp_path)).matches(conn, known_site(conn), ["p["])
