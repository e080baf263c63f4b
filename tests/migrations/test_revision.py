"""Which revision a database is at, and what to type if it is another."""

from pathlib import Path

import pytest
from sqlalchemy import text

from migrations.revision import (
    MIGRATIONS,
    current_revision,
    head_revision,
    known_revisions,
    require_current,
)
from models.db.database import Database
from models.errors import DatabaseNotReady


def test_head_is_the_last_file() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert names[-1].startswith(f"{head_revision()}_")


def test_a_database_at_head_is_current(sqlite: Database) -> None:
    assert current_revision(sqlite) == head_revision()
    require_current(sqlite)


def test_one_before_the_base_revision_names_both_and_the_way_out(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        conn.execute(text("update alembic_version set version_num = '0000'"))
    said = f"is at revision 0000, older than {known_revisions()[0]}, .*; export from it"
    with pytest.raises(DatabaseNotReady, match=said):
        require_current(sqlite)


def test_an_empty_one_says_so(tmp_path: Path) -> None:
    empty = Database.open(f"sqlite:///{tmp_path}/new.db")
    try:
        assert current_revision(empty) is None
        with pytest.raises(DatabaseNotReady, match="is empty; type: scrapy db upgrade"):
            require_current(empty)
    finally:
        empty.close()
