"""A spool, a store and a database, with files on their way."""

from dataclasses import dataclass

from sqlalchemy import select

from models.archive import captures, spool
from models.archive.captures import CAPTURES, CaptureArchive
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import load
from models.archive.spool import Spool
from models.db.database import Database
from models.items import WarcLocation
from tests.factories import known_site, known_url, make_page, open_run

ALL = [b"body 0", b"body 1", b"body 2"]  # of the captures that `write` keeps


@dataclass
class World:
    """A spool, a store in memory, and the database."""

    places: ArchivePlaces
    database: Database

    @property
    def spool(self) -> Spool:
        return Spool(self.places, self.database)

    def archive(self, run_id: int) -> CaptureArchive:
        def note(name: str) -> None:
            with self.database.transaction() as conn:
                spool.note_opened(conn, name, run_id)

        return CaptureArchive(self.places.local, run_id, spooled=note)

    def write(self, bodies: int = 3, close: bool = True) -> tuple[CaptureArchive, WarcLocation]:
        """A file with so many captures."""
        with self.database.transaction() as conn:
            site = known_site(conn)
            run_id, url_id = open_run(conn, site), known_url(conn, site)
        archive = self.archive(run_id)
        for number in range(bodies):
            page = make_page(run_id=run_id, url_id=url_id, body=b"body %d" % number)
            place = archive.append(page)
            archive.sync()
            with self.database.transaction() as conn:
                captures.keep(conn, page, place)
        if close:
            archive.close()
        return archive, place

    def bodies(self) -> list[bytes]:
        with self.database.reading() as conn:
            ids = conn.scalars(select(CAPTURES.c.capture_id)).all()
            refs = captures.refs(conn, ids)
        return [load(refs[one], self.places).body for one in ids]

    def local(self) -> list[str]:
        found = self.places.local.rglob("*.warc.gz")
        return sorted(path.relative_to(self.places.local).as_posix() for path in found)

    def stored(self) -> list[str]:
        return list(store_at(self.places.address).names())
