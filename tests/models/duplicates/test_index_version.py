"""Keys of two kinds are never mixed: a database knows how its keys were made."""

import pytest
from sqlalchemy import text

from models.db.database import Database
from models.duplicates import index_version
from models.duplicates.index_version import VERSION
from models.errors import DatabaseNotReady


def test_the_first_call_notes_the_version_and_later_ones_agree(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        index_version.require(conn)
        index_version.require(conn)
        assert conn.execute(text("select version from index_version")).scalars().all() == [VERSION]


def test_keys_made_otherwise_ask_for_a_rebuild(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        index_version.require(conn)
        conn.execute(text("update index_version set version = '0: other'"))
        with pytest.raises(DatabaseNotReady, match=r"keys '0: other'.*rebuild-duplicates"):
            index_version.require(conn)
        assert index_version.begin_rebuild(conn) is None


def test_a_rebuild_is_resumed_where_it_stopped_and_must_end(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        assert index_version.begin_rebuild(conn) is None
        index_version.set_progress(conn, 4711)
        with pytest.raises(DatabaseNotReady, match="not finished"):
            index_version.require(conn)
        assert index_version.begin_rebuild(conn) == 4711
        index_version.set_progress(conn, None)
        index_version.require(conn)
        assert index_version.begin_rebuild(conn) is None
