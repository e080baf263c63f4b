"""Pages of a run are on the disk before SQL knows of them, whoever keeps them."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.archive import captures
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.db.writer import Writer
from models.errors import ArchiveUnwritable
from pipelines.page_archive import PageArchive
from tests.factories import known_site, known_url, make_page, open_run


def keep(folder: Path, database: Database, url: str, bodies: list[bytes]) -> list[int]:
    """Keeps pages of two archives of one run at once, as two stages do."""
    with database.transaction() as conn:
        site = known_site(conn)
        run, url_id = open_run(conn, site), known_url(conn, site)

    async def work() -> list[int]:
        writer = Writer(Database.open(url))
        named: Any = SimpleNamespace(run_id=run)
        two = [PageArchive(folder, writer) for _ in range(2)]
        pages = [make_page(run_id=run, url_id=url_id, body=body) for body in bodies]
        try:
            kept = [two[n % 2].keep(page, named) for n, page in enumerate(pages)]
            return await asyncio.gather(*kept)
        finally:
            for archive in two:
                await archive.close()
            await asyncio.to_thread(writer.close)

    return asyncio.run(work())


def test_two_archives_of_a_run_write_files_of_their_own(
    tmp_path: Path, sqlite: Database, sqlite_url: str
) -> None:
    bodies = [f"<p>{n}</p>".encode() for n in range(5)]
    numbers = keep(tmp_path / "archive", sqlite, sqlite_url, bodies)
    with sqlite.reading() as conn:
        found = [
            captures.read(conn, ArchivePlaces(tmp_path / "archive"), number).body
            for number in numbers
        ]
    assert found == bodies
    assert len(list((tmp_path / "archive").rglob("*.warc.gz"))) == 2


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, sqlite: Database, sqlite_url: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveUnwritable, match="cannot be written"):
        keep(tmp_path / "file", sqlite, sqlite_url, [b"<p>1</p>"])
