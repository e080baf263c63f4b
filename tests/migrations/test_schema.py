"""The schema: every table and column says what it holds, and a closed set refuses other words."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError

from migrations.schema import metadata
from migrations.upgrade import downgrade, upgrade
from models.db.database import Database
from models.db.types import UTC, Bytes, CleanText, Hash, JsonText
from models.outcomes import Outcome
from tests.databases import KINDS, empty_database
from tests.factories import NOW

CHECKS = [
    (table, check)
    for table in metadata.sorted_tables
    for check in table.constraints
    if isinstance(check, CheckConstraint)
]
SAMPLES: dict[type, object] = {
    Boolean: False, Float: 0.5, Integer: 1, JsonText: {}, Bytes: b"0", Hash: b"0" * 32, UTC: NOW,
    CleanText: "x", String: "x",
}  # fmt: skip
FREE = {  # foreign keys have no say here
    "sqlite": "select 1",
    "postgresql": "set local session_replication_role = replica",
    "mysql": "set foreign_key_checks = 0",
}


def test_every_table_and_column_has_a_comment() -> None:
    silent = [table.name for table in metadata.tables.values() if not table.comment]
    silent += [
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if not column.comment
    ]
    assert silent == []


def test_a_comment_names_the_words_of_its_closed_set() -> None:
    for table, check in CHECKS:
        column, words = table.columns[_column_of(table, check)], _words(check)
        if words != list(Outcome):  # too many for a comment
            assert [str(w) for w in words if str(w) not in str(column.comment)] == [], column


def test_a_closed_set_takes_each_of_its_words_and_refuses_another(database: Database) -> None:
    with database.engine.connect() as conn:
        if database.dialect == "sqlite":
            conn.exec_driver_sql("commit")
            conn.exec_driver_sql("PRAGMA foreign_keys=OFF")
            conn.exec_driver_sql("begin immediate")
        conn.execute(text(FREE[database.dialect]))
        for table, check in CHECKS:
            column = table.columns[_column_of(table, check)]
            for word in _words(check):
                assert _takes(conn, table, column, word), f"{column} refuses {word}"
            wrong = 7 if isinstance(_words(check)[0], int) else "x"
            assert not _takes(conn, table, column, wrong), f"{column} takes {wrong}"
        conn.rollback()
        if database.dialect == "sqlite":
            conn.detach()  # without foreign keys it serves nobody else


def _takes(conn: Connection, table: Table, column: Column[Any], word: object) -> bool:
    """Whether a row with that word can be inserted; it is gone again afterwards."""
    savepoint = conn.begin_nested()
    try:
        conn.execute(insert(table), [{**_row(table), column.name: word}])
    except DBAPIError as refused:
        assert f"ck_{table.name}_{column.name}" in str(refused.orig)
        return False
    finally:
        savepoint.rollback()
    return True


def _row(table: Table) -> dict[str, Any]:
    """The smallest row that all CHECKs of the table let in."""
    row = {column.name: _sample(column) for column in table.columns if not column.nullable}
    for owner, check in CHECKS:
        if owner is table and _column_of(table, check) in row:
            row[_column_of(table, check)] = _words(check)[0]
    return row


def _sample(column: Column[Any]) -> Any:
    return next(sample for kind, sample in SAMPLES.items() if isinstance(column.type, kind))


def _column_of(table: Table, check: CheckConstraint) -> str:
    return str(check.name).removeprefix(f"ck_{table.name}_")


def _words(check: CheckConstraint) -> list[str | int]:
    listed = (
        str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
        .partition("(")[2]
        .removesuffix(")")
        .split(", ")
    )
    return [word.strip("'") if word.startswith("'") else int(word) for word in listed]


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with empty_database(request.param, tmp_path) as url:
        opened = Database.open(url)
        yield opened
        opened.close()


def test_the_details_of_health_come_and_go_and_the_rest_stays(empty: Database) -> None:
    upgrade(empty, "0103")
    statements = (
        "insert into sites (site_id, name, start_url, added_at, failures)"
        " values (1, 'kept', 'https://kept.test/', '2026-01-01 00:00:00', 0)",
        "insert into site_health (site_id, checked_at, state, reason, details)"
        " values (1, '2026-01-01 00:00:00', 'red', 'why', '{}')",
    )
    with empty.transaction() as conn:
        for statement in statements:
            conn.execute(text(statement))
        seen = text("select state, reason, details from v1_site_health")
        assert conn.execute(seen).one() == ("red", "why", "{}")
    downgrade(empty, "0100")
    for details in (False, True):
        with empty.reading() as conn:
            row = conn.execute(text("select * from v1_site_health")).mappings().one()
        assert (row["reason"], "details" in row) == ("why", details)
        upgrade(empty, "0103")


def test_erasures_come_and_go_and_what_is_older_stays(empty: Database) -> None:
    upgrade(empty)
    at = "'2026-01-01 00:00:00'"
    statements = (
        "insert into sites (site_id, name, start_url, added_at, failures)"
        f" values (1, 'kept', 'https://kept.test/', {at}, 0)",
        "insert into urls (url_id, site_id, url_key, url, state, found_at, found_by, newest_at,"
        " attempts, article, gone_times, outcome) values"
        f" (1, 1, 'k', 'https://kept.test/1', 'done', {at}, 'feed', {at}, 0, {{false}}, 0,"
        " 'erased')",
        "insert into articles (article_id, site_id, url_id, revision, version, first_seen_at,"
        f" fetched_at, updated_at) values (1, 1, 1, 1, 1, {at}, {at}, {at})",
        "insert into runs (run_id, kind, site_id, owner, started_at, alive_at, status)"
        f" values (1, 'discover', 1, 'x', {at}, {at}, 'done'),"
        f" (2, 'visit', 1, 'x', {at}, {at}, 'done')",
        "insert into run_counts (run_id, outcome, urls) values (1, 'erased', 2), (1, 'rights', 3),"
        " (1, 'out_of_scope', 4), (2, 'rights', 5)",
        "insert into outcomes (run_id, url_id, outcome, at) values (1, 1, 'erased', {at})",
        f"insert into changes values (1, 1, 1, 'new', {at}), (2, 9, 1, 'erased', {at})",
    )
    false = "0" if empty.dialect != "postgresql" else "false"
    for statement in statements:
        _type(empty, statement.replace("{false}", false).replace("{at}", at))
    downgrade(empty, "0110")
    with empty.reading() as conn:
        counted = "select run_id, urls from run_counts order by run_id"
        assert [tuple(row) for row in conn.execute(text(counted))] == [(1, 9), (2, 5)]
        for table in ("urls", "outcomes"):
            assert conn.scalar(text(f"select outcome from {table}")) == "out_of_scope"
        assert conn.scalars(text("select article_id from changes")).all() == [1]
        assert conn.scalar(text("select refused from v1_runs where run_id = 1")) == 9
    orphan = f"insert into changes values (3, 9, 1, 'new', {at})"
    with pytest.raises(DBAPIError):
        _type(empty, orphan)
    upgrade(empty)
    _type(empty, orphan)


def test_who_may_read_a_view_still_may_after_the_upgrade(tmp_path: Path) -> None:
    rights = "grant select on v1_site_health, v1_captures to"
    reads = ("select details from v1_site_health", "select truncated from v1_captures")
    with empty_database("postgresql", tmp_path) as url:
        database, role = Database.open(url), f"winnow_reader_{secrets.token_hex(4)}"
        upgrade(database, "0100")
        try:
            _type(database, f"create role {role}", f"{rights} {role}")
            upgrade(database)
            _type(database, f"set local role {role}", *reads)
        finally:
            _type(database, f"drop owned by {role}", f"drop role {role}")
            database.close()


def _type(database: Database, *statements: str) -> None:
    with database.transaction() as conn:
        for statement in statements:
            conn.execute(text(statement))
