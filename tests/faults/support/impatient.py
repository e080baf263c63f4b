"""Settings of a process that waits two seconds for its database, and not an hour."""

from crawler.settings import *  # noqa: F403 - the same settings
from models.db import database

for name in ("LONGEST_WAIT", "Database.patience"):
    if not hasattr(database, name.partition(".")[0]):
        raise ImportError(f"models.db.database has no {name}: what is the patience called now?")
database.LONGEST_WAIT = 2.0  # type: ignore[misc]
database.Database.patience = 2.0
