"""Settings of a process that waits two seconds for its database, and not thirty."""

from crawler.settings import *  # noqa: F403 - the same settings
from models.db.database import Database

Database.patience = 2.0
