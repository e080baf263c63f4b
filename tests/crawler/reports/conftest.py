"""A small database with something in every report."""

import pytest

from models.db.database import Database
from tests.support.look_data import fill_small


@pytest.fixture
def filled(sqlite_url: str, sqlite: Database) -> Database:
    """A SQLite database of the test's own, filled."""
    fill_small(sqlite_url)
    return sqlite
