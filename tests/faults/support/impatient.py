"""Settings of a process that waits two seconds for its database, and not an hour."""

from crawler.settings import *  # noqa: F403 - the same settings
from models.db import database

if not hasattr(database, "LONGEST_WAIT"):
    raise ImportError("models.db.database has no LONGEST_WAIT: what is the patience called now?")
database.LONGEST_WAIT = 2.0  # type: ignore[misc]
