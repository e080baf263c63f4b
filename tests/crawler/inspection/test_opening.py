"""A page by the name that a person gives."""

from pathlib import Path

import pytest

from crawler.inspection.opening import history_of, opened_page
from models.db.database import Database
from tests.support.archived_pages import archive_page


def test_a_page_opens_by_any_of_its_names(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path)
    with sqlite.reading() as conn:
        for name in (page.url, f"{page.url}?utm_source=x", str(page.article_id)):
            found = opened_page(conn, name, tmp_path, tmp_path)
            assert found is not None and found.inspection.url_id == page.url_id
            assert found.finder is not None
            lead = next(f for f in found.inspection.fates if f.text.startswith("The harbour"))
            assert found.finder.place(lead.number) == ".lead"


def test_without_its_copy_a_page_has_no_selectors(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path)
    with sqlite.reading() as conn:
        found = opened_page(conn, page.url, tmp_path / "nowhere", tmp_path)
    assert found is not None and found.finder is None and found.inspection.fates


def test_an_unknown_name_opens_nothing(sqlite: Database, tmp_path: Path) -> None:
    with sqlite.reading() as conn:
        for name in ("7", "https://example.test/7", str(1 << 70)):
            assert history_of(conn, name) is None
            assert opened_page(conn, name, tmp_path, tmp_path) is None
        with pytest.raises(ValueError, match="not an http or https URL"):
            history_of(conn, "rubbish")
