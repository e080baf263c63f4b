"""A crawled site in PostgreSQL of which each test has a copy, and workers that read it again."""

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, select

from migrations.schema import metadata
from models.db.database import Database
from tests.databases import empty_database, outside_transactions, raise_to_head, server
from tests.support.desk import Desk
from tests.support.site_server import SiteServer
from tests.support.town import found

PAGES = 45  # more than two chunks
SHORTER = '[extraction]\nremove = ["article p:last-of-type"]\n'
# who did it and when differs between two runs of the same work
APART = {"fleet_workers", "leases", "runs", "site_health", "change_counter"}
_OWN = {"owner", "run_id", "reason"}


@contextmanager
def crawled(folder: Path) -> Iterator[Desk]:
    """A desk with a site of PAGES stories, whose server is off, and a rule that changes each."""
    with empty_database("postgresql", folder) as url:
        raise_to_head(url)
        desk = Desk(folder, url)
        with SiteServer() as site:
            found(desk, site, PAGES)
        path = desk.sites / "town.toml"
        path.write_text(f"{path.read_text()}\n{SHORTER}")
        yield desk


@contextmanager
def copied(desk: Desk, folder: Path, broker: str = "") -> Iterator[Desk]:
    """The same database, sites and archive once more; `broker`: of its fleet."""
    for name in ("sites", "archive"):
        shutil.copytree(desk.folder / name, folder / name)
    name = f"winnow_test_{secrets.token_hex(6)}"
    with server("postgresql") as admin:
        template = make_url(desk.url).database
        outside_transactions(admin, f"create database {name} template {template}")
        try:
            url = make_url(desk.url).set(database=name).render_as_string(hide_password=False)
            made = Desk(folder, url)
            made.environment["WINNOW_BROKER_URL"] = broker
            yield made
        finally:
            outside_transactions(admin, f"drop database {name} with (force)")


@contextmanager
def worker(desk: Desk) -> "Iterator[subprocess.Popen[str]]":
    """A worker that takes chunks, gone afterwards."""
    process = desk.start("worker", "--jobs", "1", WINNOW_WORKERS=1)
    try:
        wait_for_line(process, "takes ")
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> str:
    """The next line on stderr with these words; fails if the process ends before."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it ended without a line {words!r}")


def rows(desk: Desk) -> dict[str, list[str]]:
    """All that a database holds, without times, owners and numbers of runs."""
    database = Database.open(desk.url)
    try:
        with database.reading() as conn:
            return {
                table.name: sorted(
                    repr(_lasting(row._asdict())) for row in conn.execute(select(table))
                )
                for table in metadata.sorted_tables
                if table.name not in APART
            }
    finally:
        database.close()


def _lasting(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if name not in _OWN and not isinstance(value, datetime)
    }
