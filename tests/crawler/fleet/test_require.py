"""A fleet needs a database on a server, and says why."""

import pytest
from scrapy.settings import Settings

from crawler.fleet.require import require_server
from models.errors import UsageError


def test_sqlite_is_a_file_of_one_machine() -> None:
    with pytest.raises(UsageError, match="is SQLite, a file of one machine; write postgresql"):
        require_server(Settings({"WINNOW_DATABASE_URL": "sqlite:////x/winnow.db"}))


@pytest.mark.parametrize("url", ["postgresql+psycopg://u@h/n", "mysql+pymysql://u@h/n"])
def test_servers_are_fine(url: str) -> None:
    require_server(Settings({"WINNOW_DATABASE_URL": url}))
