"""`prepare_threshold` in the database's URL."""

import pytest
from sqlalchemy import make_url, text

from models.db.database import Database
from models.db.prepared import threshold_in
from models.errors import UsageError
from tests.databases import empty_database

URL = "postgresql+psycopg://u@h/db"


@pytest.mark.parametrize(("word", "given"), [("none", None), ("0", 0), ("12", 12)])
def test_the_driver_gets_a_number_or_none(word: str, given: int | None) -> None:
    url = make_url(f"{URL}?prepare_threshold={word}&sslmode=require")
    assert threshold_in(url) == {"prepare_threshold": given}


@pytest.mark.parametrize("url", [URL, "sqlite:///x.db?prepare_threshold=none"])
def test_other_urls_are_no_business_of_it(url: str) -> None:
    assert threshold_in(make_url(url)) == {}


@pytest.mark.parametrize("word", ["never", "-1", "5&prepare_threshold=6"])
def test_what_is_neither_is_said_in_one_line(word: str) -> None:
    with pytest.raises(UsageError, match=r"prepare_threshold=.*write none, or a number such as 5"):
        Database.open(f"{URL}?prepare_threshold={word}")


@pytest.mark.parametrize(("option", "prepared"), [("", True), ("?prepare_threshold=none", False)])
def test_with_none_no_statement_is_prepared(
    option: str, prepared: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with empty_database("postgresql", tmp_path_factory.mktemp("none")) as url:
        given = make_url(url).difference_update_query(["prepare_threshold"])
        database = Database.open(given.render_as_string(hide_password=False) + option)
        with database.transaction() as conn:
            for _ in range(8):
                conn.execute(text("select 1 + 1"))
            found = conn.execute(text("select count(*) from pg_prepared_statements")).scalar_one()
        database.close()
    assert bool(found) is prepared
