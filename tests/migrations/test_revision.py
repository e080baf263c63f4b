"""Which revision a database is at, and what to type if it is another."""

from pathlib import Path

import pytest
from sqlalchemy import text

from migrations import revision
from migrations.revision import MIGRATIONS, current_revision, head_revision, require_current
from models.db.database import Database
from models.errors import DatabaseNotReady


def test_head_is_the_last_file() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert names[-1].startswith(f"{head_revision()}_")


def test_a_database_at_head_is_current(sqlite: Database) -> None:
    assert current_revision(sqlite) == head_revision()
    require_current(sqlite)


def test_an_older_one_names_both_revisions_and_the_command(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = [*revision.known_revisions(), "9999"]
    monkeypatch.setattr(revision, "known_revisions", lambda: later)
    said = f"is at revision {later[-2]}, not 9999; type: scrapy db upgrade"
    with pytest.raises(DatabaseNotReady, match=said):
        require_current(sqlite)


def test_one_from_before_the_base_revision_says_what_can_be_done(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        conn.execute(text("update alembic_version set version_num = '0000'"))
    said = "is at revision 0000, older than 0100, the first that can be upgraded"
    with pytest.raises(DatabaseNotReady, match=said):
        require_current(sqlite)


def test_one_that_is_missing_says_so(tmp_path: Path) -> None:
    empty = Database.open(f"sqlite:///{tmp_path}/new.db")
    try:
        assert current_revision(empty) is None
        with pytest.raises(DatabaseNotReady, match="does not exist; type: scrapy db upgrade"):
            require_current(empty)
    finally:
        empty.close()
