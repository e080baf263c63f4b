"""The page inspector over HTTP: the copy is harmless, bad input has one clear page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.operations.erase import Wanted, erase
from models.archive.places import ArchivePlaces
from models.articles.extractions import EXTRACTIONS
from models.db.database import Database
from models.outcomes import Outcome
from tests.support.archived_pages import STORY, ArchivedPage, archive_page
from tests.support.look_server import LookServer, look_server


@dataclass(frozen=True)
class Inspected:
    """A server over a stored page and a refused one."""

    server: LookServer
    stored: ArchivedPage
    refused: ArchivedPage
    database: Database
    folder: Path


@pytest.fixture
def inspected(sqlite: Database, sqlite_url: str, tmp_path: Path) -> Iterator[Inspected]:
    folder = tmp_path / "archive"
    stored = archive_page(sqlite, folder)
    refused = archive_page(sqlite, folder, number=2, outcome=Outcome.NOT_ARTICLE)
    with look_server(sqlite_url, tmp_path) as server:
        yield Inspected(server, stored, refused, sqlite, folder)


def test_the_page_shows_the_clean_text_and_where_the_title_came_from(inspected: Inspected) -> None:
    answer = inspected.server.get(f"/page/{inspected.stored.url_id}")
    assert answer.status == 200
    for part in (
        "<h1>Port 1</h1>", ">Until then the mail comes by sledge", "<s>Port 1 | The Post</s>",
        "5 kept", f'src="/page/{inspected.stored.url_id}/copy/{inspected.stored.capture_id}"',
    ):  # fmt: skip
        assert part in answer.text


def test_a_refused_page_says_its_outcome_and_shows_how_it_reads_now(inspected: Inspected) -> None:
    answer = inspected.server.get(f"/page/{inspected.refused.url_id}")
    assert answer.status == 200
    assert "Not stored" in answer.text and "as the page reads today" in answer.text
    assert "not_article" in answer.text


def test_an_erased_page_says_when_and_why(inspected: Inspected) -> None:
    page = inspected.stored
    erase(inspected.database, ArchivePlaces(inspected.folder), Wanted(page.url, "a <letter>"))
    answer = inspected.server.get(f"/page/{page.url_id}")
    assert answer.status == 200 and "Port 1" not in answer.text
    assert "Erased on request" in answer.text and "a &lt;letter&gt;" in answer.text


def test_the_copy_may_do_nothing(inspected: Inspected) -> None:
    page = inspected.stored
    answer = inspected.server.get(f"/page/{page.url_id}/copy/{page.capture_id}")
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-same-origin;" in policy and "script-src 'none'" in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert 'data-winnow-fate="kept"' in answer.text and "<script" not in answer.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/page/777", 404, "no URL has the number 777"),
        ("/page/99999999999999999999", 404, "no number"),
        ("/page/1?capture=x", 400, "capture=x: write the number of an archived copy"),
        ("/page/1?capture=777", 404, "the archived copy 777 is not one of this page"),
        ("/page/1/copy/777", 404, "not one of this page"),
        ("/page/2/copy/1", 404, "not one of this page"),
    ],
)
def test_what_is_not_there_has_a_page_that_says_so(
    inspected: Inspected, path: str, status: int, said: str
) -> None:
    answer = inspected.server.get(path)
    assert answer.status == status and said in answer.text


def test_a_copy_that_is_gone_is_said_on_the_page_and_in_the_frame(inspected: Inspected) -> None:
    page = inspected.stored
    for warc in inspected.folder.rglob("*.warc.gz"):
        warc.unlink()
    answer = inspected.server.get(f"/page/{page.url_id}")
    assert answer.status == 200 and "warc.gz" in answer.text and "Until then" in answer.text
    frame = inspected.server.get(f"/page/{page.url_id}/copy/{page.capture_id}")
    assert frame.status == 200 and "This copy cannot be shown" in frame.text


def test_damaged_blocks_are_said_on_the_page(inspected: Inspected) -> None:
    with inspected.database.transaction() as conn:
        conn.execute(EXTRACTIONS.update().values(blocks=b"rubbish"))
    answer = inspected.server.get(f"/page/{inspected.stored.url_id}")
    assert answer.status == 200 and "scrapy crawl reextract" in answer.text


def test_what_a_page_says_cannot_become_markup_of_ours(inspected: Inspected) -> None:
    evil = "<img src=x onerror=alert(1)>&quot;"
    html = STORY.format(title="A &lt;script&gt;alert(2)&lt;/script&gt;").replace(
        "The ice", "The &lt;img src=x onerror=alert(1)&gt; ice"
    )
    page = archive_page(inspected.database, inspected.folder, html, number=3)
    answer = inspected.server.get(f"/page/{page.url_id}")
    assert "<script>alert" not in answer.text and evil[:12] not in answer.text
    assert "&lt;img src=x" in answer.text
