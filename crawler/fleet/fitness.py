"""Whether a worker is fit for work: its version, the database's revision, its clock."""

from importlib.metadata import version
from typing import Final

from crawler.fleet.batch import Batch
from migrations.revision import require_current
from models.db.database import Database
from models.db.server_clock import require_same_clock
from models.errors import ClockDiffers, DatabaseNotReady

VERSION: Final = version("winnow")


def why_not_fit(database: Database, batch: Batch | None = None) -> str | None:
    """One line on why a worker refuses this batch, or all work; None if it is fit.

    Raises DatabaseAway.
    """
    if batch is not None and batch.version != VERSION:
        return (
            f"this worker is Winnow {VERSION}, and the batch was handed out by Winnow"
            f" {batch.version}: install one version on all machines, then start again"
        )
    try:
        database.when_there(lambda: require_current(database))
        require_same_clock(database)
    except (DatabaseNotReady, ClockDiffers) as wrong:
        return str(wrong)
    return None
