"""Where Alembic meets the database: on the connection it is handed, or `-x url=URL`."""

from alembic import context
from sqlalchemy import Connection

from migrations.schema import metadata
from models.db.database import Database
from models.errors import UsageError


def is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Leaves the views out: they are made by statements, not compared as tables."""
    return not (kind == "table" and name is not None and name.startswith("v1_"))


def run(conn: Connection) -> None:
    """Runs the revisions asked for."""
    sqlite = conn.dialect.name == "sqlite"
    context.configure(
        connection=conn,
        target_metadata=metadata,
        include_object=is_ours,
        compare_type=True,
        render_as_batch=sqlite,  # SQLite changes a column by copying the table
        transactional_ddl=True if sqlite else None,  # our BEGIN covers its DDL too
        # SQLite has no other lock: one transaction makes two upgrades at once take turns
        transaction_per_migration=not sqlite,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """The Connection in the configuration's attributes, else the URL of `-x url=`."""
    if context.is_offline_mode():
        raise UsageError("migrations read the database: `--sql` is not offered")
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        run(given)
        return
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not isinstance(url, str):
        raise UsageError("no database: type `scrapy db upgrade`, or give alembic `-x url=URL`")
    database = Database.open(url)
    try:
        with database.engine.connect() as conn:
            run(conn)
    finally:
        database.close()


main()
