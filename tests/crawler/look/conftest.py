"""A small database that is served, for the tests of pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import AtHead
from tests.support.look_data import small_server
from tests.support.look_server import LookServer, look_server


@pytest.fixture(scope="package")
def filled(at_head: AtHead, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LookServer]:
    """The server of a filled database that no test changes."""
    with small_server(at_head, tmp_path_factory.mktemp("look_pages")) as served:
        yield served


@pytest.fixture
def empty(sqlite_url: str, tmp_path: Path) -> Iterator[LookServer]:
    """The server of a database at head without rows, of the test's own."""
    with look_server(sqlite_url, tmp_path) as served:
        yield served
