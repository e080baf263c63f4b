"""A site held by a command that is no run: nothing fetches or reads its copies meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from models.clock import utc_now
from models.db.database import Database
from models.db.owners import new_owner
from models.errors import SiteBusy
from models.scheduling.run_lifecycle import LEASE
from models.sites import leases
from models.sites.leases import LEASE_KINDS


@dataclass(frozen=True, slots=True)
class SiteHold:
    """Both leases of a site, held by this process; a kill frees them."""

    database: Database
    site_id: int
    site: str
    owner: str

    def renew(self) -> None:
        """To be called at least every some minutes; raises SiteBusy if another took the site."""
        now = utc_now()
        if not self.database.patiently(lambda conn: self._renew(conn, now)):
            raise SiteBusy(f"{self.site} was taken over by another run; type the command again")

    def _renew(self, conn: Connection, now: datetime) -> bool:
        until = now + LEASE
        return all(
            leases.renew(conn, self.site_id, kind, self.owner, until) for kind in LEASE_KINDS
        )

    def _take(self, conn: Connection) -> None:
        now = utc_now()
        for kind in LEASE_KINDS:
            leases.acquire(conn, self.site_id, kind, self.owner, None, now + LEASE, now)

    def _give_back(self, conn: Connection) -> None:
        for kind in LEASE_KINDS:
            leases.release(conn, self.site_id, kind, self.owner)


@contextmanager
def held(database: Database, site_id: int, site: str) -> Iterator[SiteHold]:
    """Holds a site; raises SiteBusy where a run holds it."""
    hold: Final = SiteHold(database, site_id, site, new_owner())
    database.patiently(hold._take)
    try:
        yield hold
    finally:
        database.patiently(hold._give_back)
