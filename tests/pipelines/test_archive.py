"""The raw page is safe before anything reads it."""

import asyncio
import gzip
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.utils.test import get_crawler

from models.archive import captures
from models.archive.places import ArchivePlaces
from models.archive.reader import load
from models.db.database import Database
from models.items import Page, Truncation
from models.scheduling.run_lifecycle import begin
from pipelines.archive import ArchivePipeline
from pipelines.drops import CutShort
from tests.factories import NOW, known_url, make_page, make_site


def archived(folder: Path, database: Database, url: str, *pages: Page) -> list[Page]:
    crawler: Any = get_crawler(
        settings_dict={"WINNOW_DATABASE_URL": url, "WINNOW_ARCHIVE_DIR": str(folder)}
    )
    with database.transaction() as conn:
        run = begin(conn, make_site(), "discover", "ours:1:ab", NOW)
        url_id = known_url(conn, run.site_id)
    crawler.spider = SimpleNamespace(run=run, unarchived={url_id})

    async def work() -> list[Page]:
        stage = ArchivePipeline.from_crawler(crawler)
        items = [p if p.capture_id else replace(p, run_id=1, url_id=url_id) for p in pages]
        found = await asyncio.gather(*map(stage.process_item, items))
        await stage.close_spider()
        await asyncio.to_thread(stage.writer.close)
        return list(found)

    return asyncio.run(work())


def test_pages_are_kept_one_by_one_and_can_be_read_again(
    sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    pages = [make_page(body=b"page %d" % n) for n in range(5)]
    found = archived(tmp_path, sqlite, sqlite_url, *pages)
    assert len({page.capture_id for page in found}) == 5
    with sqlite.reading() as conn:
        rows = captures.of_url(conn, found[0].url_id)
    assert sorted(row.body_size for row in rows) == [6] * 5
    for page in found:
        with sqlite.reading() as conn:
            (ref,) = captures.refs(conn, [page.capture_id or 0]).values()
        assert load(ref, ArchivePlaces(tmp_path)).body == page.body
        assert ref.body_hash == sha256(page.body).digest()


def test_a_page_that_came_from_the_archive_passes(
    sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    page = make_page(capture_id=7)
    assert archived(tmp_path, sqlite, sqlite_url, page) == [page]
    assert list(tmp_path.rglob("*.warc.gz")) == []


def test_a_page_that_was_cut_is_archived_then_refused_and_never_the_latest_copy(
    sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    page = make_page(truncation=Truncation("the gzip stream ends before its end", "unspecified"))
    with pytest.raises(CutShort, match="the gzip stream ends before its end; archived"):
        archived(tmp_path, sqlite, sqlite_url, page)
    with sqlite.reading() as conn:
        (row,) = captures.of_url(conn, 1)
        assert row.truncated == "the gzip stream ends before its end"
        assert captures.latest(conn, [row.url_id]) == {}
    (file,) = tmp_path.rglob("*.warc.gz")
    assert b"WARC-Truncated: unspecified" in gzip.decompress(file.read_bytes())
