"""A page put together from the database and the archive, whatever of it is missing."""

from pathlib import Path

import pytest

from crawler.inspection.inspection import Inspection, PageReader
from crawler.reports import why
from models.archive.captures import CAPTURES
from models.archive.places import ArchivePlaces
from models.articles.extractions import EXTRACTIONS
from models.articles.revisions import REVISIONS
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.outcomes import Outcome
from models.sites.config import ExtractionRules
from tests.factories import make_site
from tests.support.archived_pages import ArchivedPage, archive_page

_NO_RULES = ExtractionRules()


def inspect(
    database: Database, folder: Path, page: ArchivedPage, capture_id: int | None = None,
    rules: ExtractionRules = _NO_RULES,
) -> Inspection:  # fmt: skip
    with database.reading() as conn:
        history = why.of_page(conn, page.url_id)
        assert history is not None
        site = make_site(extraction=rules)
        return PageReader(ArchivePlaces(folder), {site.name: site}).inspect(
            conn, history, capture_id
        )


def test_the_stored_article_s_texts_have_their_fates(database: Database, tmp_path: Path) -> None:
    page = archive_page(database, tmp_path)
    found = inspect(database, tmp_path, page)
    assert (found.site, found.capture_id, found.fault) == ("example", page.capture_id, None)
    assert found.is_stored
    by_text = {one.text.split()[0]: one for one in found.fates}
    assert by_text["Home"].fate == "removed" and by_text["Home"].reason == "navigation"
    assert by_text["We"].reason == "cookie"
    assert by_text["Until"].fate == "kept"
    assert all(one.element is not None and one.fate != "unread" for one in found.fates)
    title = found.metadata[0]
    assert (title.name, title.value, title.source) == ("title", "Port 1", "meta")
    assert title.others == (("title", "title", "Port 1 | The Post"),), "not the same from <h1>"
    kept = "\n\n".join(one.text for one in found.fates if one.is_kept)
    assert kept == found.history["article"]["text"]


def test_a_page_that_was_refused_is_read_as_it_reads_now(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path, outcome=Outcome.NOT_ARTICLE)
    found = inspect(sqlite, tmp_path, page)
    assert not found.is_stored and found.history["article"] is None
    assert any(one.is_kept for one in found.fates) and found.fault is None
    assert found.metadata[0].value == "Port 1"
    rules = ExtractionRules(remove=(".lead",))
    ruled = inspect(sqlite, tmp_path, page, rules=rules)
    assert [one.text[:11] for one in ruled.fates if one.ruled] == ["The harbour"]


def test_a_page_that_leads_on_says_where(sqlite: Database, tmp_path: Path) -> None:
    html = (
        '<html><head><meta http-equiv="refresh" content="0; url=https://other.test/x"></head>'
        "<body><p>You are being taken to the new address of this page.</p></body></html>"
    )
    page = archive_page(sqlite, tmp_path, html, outcome=Outcome.DUPLICATE_URL)
    found = inspect(sqlite, tmp_path, page)
    assert found.fault == "the page leads its readers on at once, to https://other.test/x"
    assert [(one.fate, one.element is None) for one in found.fates] == [("unread", False)]


@pytest.mark.parametrize("outcome", [Outcome.EXTRACT_TIMEOUT, Outcome.EXTRACT_CRASH])
def test_a_page_that_ended_its_worker_is_not_read_here(
    sqlite: Database, tmp_path: Path, outcome: Outcome
) -> None:
    page = archive_page(sqlite, tmp_path, outcome=outcome)
    with sqlite.transaction() as conn:
        conn.execute(URLS.update().values(outcome=outcome))
    found = inspect(sqlite, tmp_path, page)
    assert not found.fates and found.fault == (
        f"the extractor was ended on this page ({outcome}): it is not read"
    )


def test_another_copy_than_the_article_s_is_read_as_it_reads_now(
    sqlite: Database, tmp_path: Path
) -> None:
    page = archive_page(sqlite, tmp_path)
    with sqlite.transaction() as conn:
        values = conn.execute(CAPTURES.select()).one()._asdict() | {"capture_id": 99}
        conn.execute(CAPTURES.insert().values(**values))
    found = inspect(sqlite, tmp_path, page, capture_id=99)
    assert (found.capture_id, found.is_stored) == (99, False)
    assert inspect(sqlite, tmp_path, page).is_stored


@pytest.mark.parametrize("gone", ["archive", "row", "cut"])
def test_a_copy_that_is_gone_leaves_what_is_stored(
    sqlite: Database, tmp_path: Path, gone: str
) -> None:
    page = archive_page(sqlite, tmp_path)
    whole = inspect(sqlite, tmp_path, page)
    folder = tmp_path
    if gone == "archive":
        folder = tmp_path / "nowhere"
    elif gone == "cut":
        (warc,) = tmp_path.rglob("*.warc.gz")
        warc.write_bytes(warc.read_bytes()[:-40])
    else:
        with sqlite.transaction() as conn:
            conn.execute(REVISIONS.update().values(capture_id=None))
            conn.execute(CAPTURES.delete())
    found = inspect(sqlite, folder, page)
    assert found.fault
    assert [one.text for one in found.fates if one.is_kept] == [
        one.text for one in whole.fates if one.is_kept
    ]
    assert {one.element for one in found.fates} == {None}


def test_blocks_that_cannot_be_read_are_a_fault(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path)
    with sqlite.transaction() as conn:
        conn.execute(EXTRACTIONS.update().values(blocks=b"rubbish"))
    found = inspect(sqlite, tmp_path, page)
    assert found.fault and "scrapy crawl reextract" in found.fault and not found.fates
