"""Sites for tests of the memory: a database of each kind, and pages that teach."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from models.database import Database
from models.items import Contribution, PlaceUse
from models.schema import metadata

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SERVERS = {
    "postgresql": (
        "WINNOW_TEST_POSTGRESQL_URL",
        "postgresql+psycopg://postgres@127.0.0.1/postgres",
    ),
    "mariadb": ("WINNOW_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1/test"),
}
KINDS = ("sqlite", *SERVERS)


@contextmanager
def site_database(kind: str, folder: Path) -> Iterator[Database]:
    """An empty database with all tables, site 1 and runs 1 to 3."""
    with _address(kind, folder) as url:
        database = Database.open(url)
        metadata.create_all(database.engine)
        with database.transaction() as c:
            c.execute(metadata.tables["sites"].insert(), [_site(1), _site(2)])
            c.execute(metadata.tables["runs"].insert(), [_run(number) for number in (1, 2, 3)])
            c.execute(metadata.tables["change_counter"].insert(), [{"one": 1, "value": 0}])
        try:
            yield database
        finally:
            database.close()


def teaches(
    url_id: int,
    blocks: Mapping[int, str],
    places: Mapping[int, tuple[int, int]] | None = None,
    *,
    witness: int | None = None,
    layout: int = 7,
    fetched_at: datetime = NOW,
) -> Contribution:
    """What a page teaches; its witness is its own unless said otherwise."""
    uses = {key: PlaceUse(f"div.p{key}", *use) for key, use in (places or {}).items()}
    return Contribution(
        url_id,
        int.from_bytes(sha256(b"%d" % url_id).digest()[:8]) >> 1,
        url_id if witness is None else witness,
        layout,
        fetched_at,
        blocks,
        uses,
    )


def _site(number: int) -> dict[str, object]:
    return {
        "site_id": number,
        "name": f"site{number}",
        "start_url": "x",
        "added_at": NOW,
        "failures": 0,
    }


def _run(number: int) -> dict[str, object]:
    times = {"started_at": NOW, "alive_at": NOW, "status": "done"}
    return {"run_id": number, "kind": "discover", "site_id": 1, "holder": "h", **times}


@contextmanager
def _address(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'site.db'}"
        return
    variable, default = SERVERS[kind]
    server = Database.open(os.environ.get(variable, default))
    name = f"winnow_test_{secrets.token_hex(6)}"
    engine = server.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as c:
            c.execute(text(f"CREATE DATABASE {name}"))
    except Exception as gone:  # noqa: BLE001 - whatever the driver raises, the server is not there
        pytest.skip(f"no {kind} answers ({str(gone).splitlines()[0]}); set {variable}")
    try:
        yield make_url(server.engine.url).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as c:
            c.execute(text(f"DROP DATABASE {name}"))
        server.close()
