"""A page opened for the terminal, with selectors for its texts."""

from pathlib import Path

from crawler.inspection.opening import OpenedPage, opened_page
from crawler.reports import why
from models.archive.places import ArchivePlaces
from models.db.database import Database
from tests.support.archived_pages import ArchivedPage, archive_page


def opened(database: Database, page: ArchivedPage, archive: Path, sites: Path) -> OpenedPage:
    with database.reading() as conn:
        history = why.named(conn, page.url)
        assert history is not None
        return opened_page(conn, history, ArchivePlaces(archive), sites)


def test_each_text_has_a_selector(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path)
    inspection, finder = opened(sqlite, page, tmp_path, tmp_path)
    assert inspection.url_id == page.url_id and finder is not None
    lead = next(f for f in inspection.fates if f.text.startswith("The harbour"))
    place = finder.place([lead.number])
    assert place is not None and place.selector == ".lead"


def test_without_its_copy_a_page_has_none(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path)
    inspection, finder = opened(sqlite, page, tmp_path / "nowhere", tmp_path)
    assert finder is None and inspection.fates
