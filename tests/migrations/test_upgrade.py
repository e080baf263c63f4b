"""Migrations: every database is made by the same revisions, up, down and up again."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, text

from migrations.revision import current_revision, head_revision, require_current
from migrations.schema import metadata
from migrations.upgrade import downgrade, upgrade
from models.db.database import Database
from models.errors import DatabaseNotReady, UsageError
from models.views.catalog import VIEWS
from tests.databases import KINDS, empty_database, raise_to_head

MIGRATIONS = Path(__file__).parents[2] / "migrations"
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


@pytest.mark.parametrize("start", REVISIONS[:-1])
def test_a_database_that_an_older_revision_made_goes_to_head(empty: Database, start: str) -> None:
    upgrade(empty, start)
    assert current_revision(empty) == start
    with pytest.raises(DatabaseNotReady, match="scrapy db upgrade"):
        require_current(empty)
    with empty.transaction() as conn:
        conn.execute(
            text("insert into sites (name, start_url, added_at, failures)"
                 " values ('kept', 'https://kept.test/', '2026-01-01 00:00:00', 0)")
        )  # fmt: skip
    upgrade(empty)
    require_current(empty)
    with empty.reading() as conn:
        assert conn.execute(text("select name from sites")).scalars().all() == ["kept"]


def test_upgrading_what_is_at_head_changes_nothing(database: Database) -> None:
    before = database.tables()
    upgrade(database)
    assert database.tables() == before
    require_current(database)


def test_an_empty_database_is_not_ready(empty: Database) -> None:
    with pytest.raises(DatabaseNotReady, match="is empty; type: scrapy db upgrade"):
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
    for file in files:
        assert "from models" not in file.read_text()
        assert "import models" not in file.read_text()


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


def test_every_table_says_how_mariadb_holds_it() -> None:
    for table in metadata.tables.values():
        assert isinstance(table, Table)
        assert table.dialect_options["mysql"]["collate"] == "utf8mb4_nopad_bin", table.name
