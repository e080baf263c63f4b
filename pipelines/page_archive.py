"""A run's pages on their way into the archive: a record on the disk first, then its row."""

import asyncio
from functools import partial
from pathlib import Path

from models.archive import captures
from models.archive.captures import CaptureArchive
from models.crawl.run import Run
from models.db.writer import Writer
from models.items import Page, WarcLocation


class PageArchive:
    """The WARC files of one run, opened when needed."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        self.folder = folder
        self._writer = writer
        self._archive: CaptureArchive | None = None
        self._one_at_a_time = asyncio.Lock()  # a WARC file is written at its end

    async def keep(self, page: Page, run: Run) -> int:
        """Appends a page to the run's WARC file, then its place to SQL; the capture's number.

        Raises ArchiveUnwritable.
        """
        async with self._one_at_a_time:
            place = await asyncio.to_thread(self._append, page, run)
        return await self._writer.write(partial(captures.keep, page=page, place=place))

    def close(self) -> None:
        """Closes the WARC file; all its records are on the disk already."""
        if self._archive is not None:
            with captures.writing_in(self.folder):
                self._archive.close()

    def _append(self, page: Page, run: Run) -> WarcLocation:
        with captures.writing_in(self.folder):
            if self._archive is None:
                self._archive = CaptureArchive(self.folder, run.run_id)
            place = self._archive.append(page)
            self._archive.sync()
        return place
