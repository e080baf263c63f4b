"""The database: text and times come back as they were, and keys keep what differs apart."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from models.crawl import runs
from models.db.database import Database
from models.sites.registry import SITES
from models.text import clean
from tests.factories import NOW, known_site, known_url

ONE = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def put_and_got(database: Database, start_url: str, added_at: datetime) -> tuple[object, ...]:
    row = {"name": "x", "start_url": start_url, "added_at": added_at, "failures": 0}
    with database.transaction() as conn:
        conn.execute(SITES.delete())
        conn.execute(insert(SITES), [row])
    with database.reading() as conn:
        return tuple(conn.execute(select(SITES.c.start_url, SITES.c.added_at)).one())


@ONE
@given(words=st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_comes_back_clean_and_whole(database: Database, words: str) -> None:
    assert put_and_got(database, words, NOW)[0] == clean(words)


@ONE
@given(
    at=st.datetimes(
        datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=st.sampled_from(
            [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-11))]
        )
    )
)  # fmt: skip
def test_any_time_comes_back_as_utc_to_the_microsecond(database: Database, at: datetime) -> None:
    got = put_and_got(database, "x", at)[1]
    assert got == at
    assert isinstance(got, datetime)
    assert got.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(Exception, match="naive datetime"):
        put_and_got(database, "x", datetime(2026, 1, 1))


def test_names_that_differ_in_case_accent_or_space_are_apart(database: Database) -> None:
    names = ("a", "A", "á", "a ", "🧊", "🔥")
    with database.transaction() as conn:
        rows = [{"name": n, "start_url": n, "added_at": NOW, "failures": 0} for n in names]
        conn.execute(insert(SITES), rows)
    with database.reading() as conn:
        found = conn.execute(select(SITES.c.name).where(SITES.c.name == "a")).scalars().all()
        assert found == ["a"]
        assert conn.execute(text("select count(*) from sites")).scalar() == len(names)


def test_urls_of_8000_characters_are_apart(database: Database) -> None:
    long = "https://example.test/" + "a" * 7_978
    with database.transaction() as conn:
        site_id = known_site(conn)
        assert known_url(conn, site_id, long + "1") != known_url(conn, site_id, long + "2")


def test_a_group_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as conn:
        runs.open_run(conn, "discover", known_site(conn), "h", NOW)
        raise ZeroDivisionError
    with database.reading() as conn:
        assert conn.execute(text("select count(*) from runs")).scalar() == 0
