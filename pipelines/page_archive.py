"""A run's pages on their way into the archive: a record on the disk first, then its row."""

import asyncio
from functools import partial
from pathlib import Path

from models.archive import captures, spool
from models.archive.captures import ROTATE_AT, ROTATE_SPOOLED_AT, CaptureArchive
from models.archive.local_folder import writing_in
from models.archive.spool_host import named
from models.crawl.run import Run
from models.db.writer import Writer
from models.items import Page, WarcLocation
from pipelines.spool_uploads import SpoolUploads


class PageArchive:
    """The WARC files of one run, opened when needed; uploaded once they are closed."""

    def __init__(self, folder: Path, writer: Writer, uploads: SpoolUploads | None = None) -> None:
        """`folder`: of the archive; with `uploads`, its spool."""
        self.folder = folder
        self._writer = writer
        self._uploads = uploads if uploads is not None and uploads.is_on else None
        self._archive: CaptureArchive | None = None
        self._closed: list[str] = []  # files that are to be uploaded
        self._one_at_a_time = asyncio.Lock()  # a WARC file is written at its end

    async def keep(self, page: Page, run: Run) -> int:
        """Appends a page to the run's WARC file, then its place to SQL; the capture's number.

        Raises ArchiveUnwritable.
        """
        async with self._one_at_a_time:
            place = await asyncio.to_thread(self._append, page, run)
        return await self._writer.write(partial(captures.keep, page=page, place=place))

    async def close(self) -> None:
        """Closes the WARC file, whose records are on the disk already; waits for the uploads."""
        if self._archive is not None:
            with writing_in(self.folder):
                self._archive.close()
            self._upload_closed(self._archive)
        if self._uploads is not None:
            await self._uploads.finish(self._closed)

    def _append(self, page: Page, run: Run) -> WarcLocation:
        with writing_in(self.folder):
            if self._archive is None:
                self._archive = self._opened(run.run_id)
            place = self._archive.append(page)
            self._archive.sync()
        self._upload_closed(self._archive)
        return place

    def _opened(self, run_id: int) -> CaptureArchive:
        if self._uploads is None:
            return CaptureArchive(self.folder, run_id, rotate_at=ROTATE_AT)

        def spooled(name: str) -> None:
            noted = partial(spool.note_opened, name=name, run_id=run_id, host=named(self.folder))
            self._writer.write_now(noted)

        return CaptureArchive(self.folder, run_id, rotate_at=ROTATE_SPOOLED_AT, spooled=spooled)

    def _upload_closed(self, archive: CaptureArchive) -> None:
        names = archive.take_closed()
        if self._uploads is not None:
            self._closed += names
            self._uploads.add(names)
