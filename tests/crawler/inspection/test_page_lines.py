"""The texts of a page in order, for a terminal and for programs."""

from itertools import pairwise
from pathlib import Path

import pytest

from crawler.inspection.opening import OpenedPage, opened_page
from crawler.inspection.page_lines import metadata_lines, page_document, text_lines
from crawler.reports import why
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.outcomes import Outcome
from tests.support.archived_pages import ArchivedPage, archive_page


def open_page(database: Database, page: ArchivedPage, archive: Path) -> OpenedPage:
    with database.reading() as conn:
        history = why.of_page(conn, page.url_id)
        assert history is not None
        return opened_page(conn, history, ArchivePlaces(archive), archive)


@pytest.fixture
def opened(sqlite: Database, tmp_path: Path) -> OpenedPage:
    page = archive_page(sqlite, tmp_path)
    return open_page(sqlite, page, tmp_path)


def test_texts_come_in_order_with_sign_reason_and_selector(opened: OpenedPage) -> None:
    lines = list(text_lines(opened.inspection, opened.finder))
    assert lines[1].startswith("Texts, in order: ") and " kept (" in lines[1]
    text = "\n".join(lines)
    cookie, lead = text.index("We store cookies"), text.index("The harbour of Port 1")
    assert cookie < lead < text.index("The Post, 3 Rope Street")
    assert "  -    0  We store cookies" in text and "  +    3  The harbour of" in text
    assert "\n          a cookie or consent notice\n" in text
    assert "\n          .cookie-bar\n" in text and "\n          .lead\n" in text
    assert "\n          .story > p   (and 3 other texts here)\n" in text


def test_a_selector_is_not_said_again_for_the_next_text(opened: OpenedPage) -> None:
    lines = list(text_lines(opened.inspection, opened.finder))
    selectors = [line for line in lines if line.startswith("          .")]
    assert all(one != other for one, other in pairwise(selectors))


def test_values_that_lost_stand_below_the_one_that_won(opened: OpenedPage) -> None:
    lines = list(metadata_lines(opened.inspection))
    assert lines[0] == "  title      Port 1  (meta)"
    assert "             not: Port 1 | The Post  (title)" in lines
    assert "  authors    Imogen Vance  (meta)" in lines
    assert lines[-1] == "  published  (none)"


def test_programs_get_each_text_by_itself(opened: OpenedPage) -> None:
    told = page_document(opened.inspection, opened.finder)
    assert told["as_stored"] and told["fault"] is None
    assert [one["number"] for one in told["blocks"]] == list(range(len(told["blocks"])))
    lead = next(one for one in told["blocks"] if one["text"].startswith("The harbour of"))
    assert (lead["fate"], lead["reason"], lead["selector"]) == ("kept", "", ".lead")
    assert lead["selector_covers"] == [lead["number"]]
    assert lead["why"] == "reads like article text" and lead["evidence"]
    assert told["metadata"]["title"]["value"] == "Port 1"


def test_what_is_not_stored_says_that_it_is_read_today(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path, outcome=Outcome.NOT_ARTICLE)
    assert list(text_lines(*open_page(sqlite, page, tmp_path)))[1].endswith(
        ", as the page reads today"
    )


def test_without_the_copy_the_fault_is_said(sqlite: Database, tmp_path: Path) -> None:
    page = archive_page(sqlite, tmp_path)
    found = open_page(sqlite, page, tmp_path / "nowhere")
    lines = list(text_lines(*found))
    assert found.inspection.fault and lines[2] == f"  {found.inspection.fault}"
    assert page_document(*found)["blocks"][0]["selector"] is None
