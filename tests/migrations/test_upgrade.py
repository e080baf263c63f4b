"""Migrations: every database is made by the same revisions, up, down and up again."""

import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

import models
from migrations.column_types import set_words
from migrations.revision import current_revision, head_revision, require_current
from migrations.schema import metadata
from migrations.upgrade import downgrade, upgrade
from models.db.database import Database
from models.db.types import METADATA
from models.errors import DatabaseNotReady, UsageError
from models.sites.registry import SITES
from models.views.catalog import VIEWS
from tests.databases import KINDS, empty_database, raise_to_head
from tests.factories import NOW

MIGRATIONS = Path(__file__).parents[2] / "migrations"
WORDS = re.compile(r"'\w+'|\b\d+\b")
REVISIONS = [s.revision for s in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def test_the_head_is_what_alembic_takes_for_it() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == head_revision()


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    latin = "character set latin1" if request.param == "mariadb" else ""
    with empty_database(request.param, tmp_path, latin) as url:
        opened = Database.open(url)
        yield opened
        opened.close()


def test_an_empty_database_goes_up_down_and_up_again(empty: Database) -> None:
    assert current_revision(empty) is None
    upgrade(empty)
    assert current_revision(empty) == head_revision()
    assert set(metadata.tables) <= empty.tables()
    downgrade(empty, "base")
    assert current_revision(empty) is None
    assert empty.tables() == {"alembic_version"}
    assert inspect(empty.engine).get_view_names() == []
    upgrade(empty)
    assert set(metadata.tables) <= empty.tables()


def test_migrations_and_models_do_not_drift_apart(database: Database) -> None:
    with database.engine.connect() as conn:
        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "include_object": _is_table_of_ours}
        )
        assert compare_metadata(context, metadata) == []


def test_the_views_are_those_that_the_models_define(database: Database) -> None:
    """The database's own rendering of both: PostgreSQL and MariaDB rewrite what they are told."""
    with database.transaction() as conn:
        for view in VIEWS:
            twin = f"twin_{view.name}"
            create = view.create(database.dialect)
            conn.execute(text(create.replace(view.name, twin, 1)))
            ours, theirs = (_definition(conn, n) for n in (view.name, twin))
            assert ours == theirs, f"{view.name}: write a migration that makes it anew"


def test_the_checks_are_those_that_the_models_define(database: Database) -> None:
    ours = {
        (table.name, check.name): WORDS.findall(
            str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
        )
        for table in metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    inspector = inspect(database.engine)
    theirs = {
        (table, check["name"]): WORDS.findall(check["sqltext"])
        for table in metadata.tables
        for check in inspector.get_check_constraints(table)
    }
    assert theirs == ours


@pytest.mark.slow
def test_what_each_older_revision_held_goes_to_head(empty: Database) -> None:
    add = "insert into sites (name, start_url, added_at, failures) values (:name, 'x', :now, 0)"
    for revision in REVISIONS:
        upgrade(empty, revision)
        assert current_revision(empty) == revision
        with empty.transaction() as conn:
            conn.execute(text(add), {"name": f"kept from {revision}", "now": "2026-01-01 00:00"})
    require_current(empty)
    with empty.reading() as conn:
        kept = conn.execute(text("select name from sites order by name")).scalars().all()
    assert kept == [f"kept from {revision}" for revision in REVISIONS]


@pytest.mark.slow
@pytest.mark.parametrize("empty", ["sqlite"], indirect=True)
@pytest.mark.parametrize("start", REVISIONS)
def test_from_any_revision_it_is_one_step_to_head(empty: Database, start: str) -> None:
    upgrade(empty, start)
    upgrade(empty)
    require_current(empty)


@pytest.mark.parametrize("revision", ["0001", "0005", "0008"])
def test_a_database_from_before_the_base_revision_is_left_alone(
    empty: Database, revision: str
) -> None:
    _say_revision(empty, revision)
    for ask in (upgrade, require_current, lambda database: downgrade(database, "base")):
        with pytest.raises(DatabaseNotReady, match=f"at revision {revision}, older than 0100"):
            ask(empty)
    assert empty.tables() == {"alembic_version"}


def test_a_database_of_a_later_version_is_left_alone(empty: Database) -> None:
    _say_revision(empty, "9999")
    with pytest.raises(DatabaseNotReady, match="use the version that made it, or a later one"):
        upgrade(empty)


def test_a_later_revision_changes_the_words_of_a_check_and_nothing_else(empty: Database) -> None:
    upgrade(empty)
    add = text(
        "insert into runs (kind, owner, started_at, alive_at, status)"
        " values (:kind, 'x', '2026-01-01 00:00:00', '2026-01-01 00:00:00', :status)"
    )
    with empty.transaction() as conn:
        conn.execute(add, {"kind": "visit", "status": "done"})
    with empty.transaction() as conn, Operations.context(MigrationContext.configure(conn)):
        set_words("runs", "kind", "visit", "patrol")
    with empty.transaction() as conn:
        conn.execute(add, {"kind": "patrol", "status": "done"})
        assert conn.execute(text("select kind from v1_runs order by run_id")).scalars().all() == [
            "visit", "patrol"
        ]  # fmt: skip
    for kind, status in (("recrawl", "done"), ("patrol", "slept")):
        with pytest.raises(DBAPIError, match="ck_runs_"), empty.transaction() as conn:
            conn.execute(add, {"kind": kind, "status": status})
    downgrade(empty, "base")


def test_upgrading_what_is_at_head_changes_nothing(database: Database) -> None:
    before = database.tables()
    upgrade(database)
    assert database.tables() == before
    require_current(database)


def test_an_empty_database_is_not_ready(empty: Database) -> None:
    with pytest.raises(DatabaseNotReady, match=r"(is empty|does not exist); type: scrapy db up"):
        require_current(empty)


def test_an_unknown_revision_is_misuse(sqlite: Database) -> None:
    with pytest.raises(UsageError, match="9999"):
        downgrade(sqlite, "9999")


def test_two_upgrades_at_once_take_turns(empty: Database) -> None:
    url = empty.engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        list(processes.map(raise_to_head, [url] * 2))
    require_current(empty)
    with empty.reading() as conn:
        assert conn.execute(text("select count(*) from change_counter")).scalar() == 1


def test_revisions_are_numbered_in_order_and_import_no_model() -> None:
    files = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [file.name[:4] for file in files] == REVISIONS
    for file in [*files, *(MIGRATIONS / "base").glob("*.py"), MIGRATIONS / "column_types.py"]:
        assert "from models" not in file.read_text()
        assert "import models" not in file.read_text()


def test_the_schema_names_every_module_that_declares_a_table() -> None:
    """In a process of its own: here other tests have loaded them all."""
    listed = subprocess.run(
        [sys.executable, "-c", "from migrations.schema import metadata; print(*metadata.tables)"],
        capture_output=True, text=True, check=True, cwd=MIGRATIONS.parent,
    )  # fmt: skip
    for module in pkgutil.walk_packages(models.__path__, "models."):
        importlib.import_module(module.name)
    assert set(listed.stdout.split()) == set(METADATA.tables)


def _say_revision(database: Database, revision: str) -> None:
    with database.transaction() as conn:
        conn.execute(text("create table alembic_version (version_num varchar(32) not null)"))
        conn.execute(text("insert into alembic_version values (:r)"), {"r": revision})


def _is_table_of_ours(_object: object, name: str, kind: str, *_: object) -> bool:
    return not (kind == "table" and name.startswith("v1_"))


def _definition(conn: Connection, name: str) -> str:
    query = {
        "sqlite": "select sql from sqlite_master where name = :name",
        "postgresql": "select pg_get_viewdef(cast(:name as regclass))",
    }.get(
        conn.dialect.name,
        "select view_definition from information_schema.views"
        " where table_schema = database() and table_name = :name",
    )
    found = str(conn.execute(text(query), {"name": name}).scalar_one())
    return " ".join(found.replace("twin_", "").split())


def test_no_database_takes_one_text_for_another(empty: Database) -> None:
    """MariaDB's default collations fold case, accents and spaces at the end."""
    upgrade(empty)
    texts = ("Zu\u0308rich", "zu\u0308rich", "zurich", "zurich ")
    with empty.reading() as conn:
        if conn.dialect.name == "mysql":
            named = (
                "select distinct table_collation from information_schema.tables"
                " where table_schema = database() and table_type = 'BASE TABLE'"
                " and table_name <> 'alembic_version'"
            )
            assert conn.scalars(text(named)).all() == ["utf8mb4_nopad_bin"]
    with empty.transaction() as conn:
        shared = {"start_url": "https://example.test/", "added_at": NOW}
        conn.execute(insert(SITES), [{"name": name, **shared} for name in texts])
        for name in texts:
            found = conn.scalars(select(SITES.c.name).where(SITES.c.name == name)).all()
            assert found == [name]
