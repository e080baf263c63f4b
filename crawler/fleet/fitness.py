"""Whether a worker is fit for work: version, the database's revision, clock and archive."""

from importlib.metadata import version
from time import monotonic
from typing import Final

from crawler.fleet.batch import Batch
from migrations.revision import require_current
from models.archive import store_check
from models.db.database import Database
from models.db.server_clock import require_same_clock
from models.errors import ArchiveUnwritable, ClockDiffers, DatabaseNotReady

VERSION: Final = version("winnow")
LOOKS: Final = 30.0  # seconds between two looks at the database


class Fitness:
    """That of one worker; revision, clock and archive are looked at now and then."""

    def __init__(self, database: Database, store: str | None = None) -> None:
        """`store`: the address of the archive on object storage."""
        self._database, self._store = database, store
        self._looked_at = -LOOKS

    def why_not(self, batch: Batch | None = None) -> str | None:
        """One line on why the worker refuses this batch, or all work; None if it is fit.

        Raises DatabaseAway.
        """
        if batch is not None and batch.version != VERSION:
            return (
                f"this worker is Winnow {VERSION}, and the batch was handed out by Winnow"
                f" {batch.version}: install one version on all machines, then start again"
            )
        if monotonic() - self._looked_at < LOOKS:
            return None
        try:
            self._database.when_there(lambda: require_current(self._database))
            require_same_clock(self._database)
            if self._store is not None:
                store_check.fault_of(self._store)  # one that is away is told by the visits
        except (ArchiveUnwritable, ClockDiffers, DatabaseNotReady) as wrong:
            return str(wrong)
        self._looked_at = monotonic()
        return None
