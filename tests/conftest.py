"""What tests share: a database at head, of each kind that answers."""

import gc
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from models.db.database import Database
from tests.databases import KINDS, AtHead
from tests.support.desk import Desk
from tests.support.many_sites import Servers, many_sites
from tests.support.press_town import PressTown, press_town
from tests.support.slow import is_slow

if TYPE_CHECKING:
    from tests.support.object_storage import S3Server

# a shared machine may hold any example up; how long a suite may take is CI's to say
# CI tries the same examples each time: what a search finds by chance belongs to whoever searches
settings.register_profile(
    "winnow",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile(
    "long", parent=settings.get_profile("winnow"), max_examples=5_000, derandomize=False
)
settings.register_profile("quick", parent=settings.get_profile("winnow"), max_examples=20)
settings.load_profile("winnow")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # as a job in a shell's background has it: all that tests start would ignore Ctrl-C too
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Has garbage looked for more rarely, and not in what is collected: a tenth of a run's CPU."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(5_000, 10, 20)
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what `make quick` leaves out."""
    for item in items:
        if isinstance(item, pytest.Function) and is_slow(item):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def at_head(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtHead]:
    """Databases at head, made when a test first asks for one of their kind."""
    databases = AtHead(tmp_path_factory.mktemp("at_head"))
    yield databases
    databases.close()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, at_head: AtHead) -> Iterator[str]:
    """The URL of a database at head of the test's own: SQLite, PostgreSQL, MariaDB in turn."""
    with at_head.database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database at head of the test's own: SQLite, PostgreSQL, MariaDB in turn."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_url(tmp_path: Path, at_head: AtHead) -> Iterator[str]:
    """The URL of a SQLite database at head of the test's own."""
    with at_head.database("sqlite", tmp_path) as url:
        yield url


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A SQLite database at head of the test's own."""
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str) -> Desk:
    """A place to type commands at, with a SQLite database at head."""
    return Desk(tmp_path, sqlite_url)


@pytest.fixture
def town() -> Iterator[PressTown]:
    """Papers of one town, put up as a test asks for them."""
    with press_town() as made:
        yield made


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Servers of small sites, started as a test asks for them."""
    with many_sites() as made:
        yield made


@pytest.fixture(scope="session")
def s3_server() -> "Iterator[S3Server]":
    """One S3 server for the tests of a process; it is loaded by the first that asks for it."""
    from tests.support.object_storage import S3Server

    server = S3Server()
    yield server
    server.close()


@pytest.fixture
def s3(s3_server: "S3Server", monkeypatch: pytest.MonkeyPatch) -> "Iterator[S3Server]":
    """The S3 server, as this process' environment names it."""
    from models.archive.places import store_at

    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    s3_server.requests.clear()
    yield s3_server
    store_at.cache_clear()
