"""Column types mean the same on every database."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select

from models.db.database import Database
from models.db.types import UTC as TIME
from models.db.types import CleanText, JsonText, Key

TABLE = Table(
    "typed", MetaData(), Column("id", Key, primary_key=True, autoincrement=True),
    Column("at", TIME), Column("text", CleanText), Column("json", JsonText),
)  # fmt: skip
AT = datetime(2026, 5, 24, 10, 15, 30, 123456, tzinfo=timezone(timedelta(hours=2)))


def round_trip(database: Database, **values: Any) -> Any:
    with database.transaction() as conn:
        TABLE.create(conn, checkfirst=True)
        try:
            conn.execute(insert(TABLE).values(values))
            return conn.execute(select(TABLE)).one()
        finally:
            TABLE.drop(conn)


def test_values_come_back_as_they_were(database: Database) -> None:
    row = round_trip(database, at=AT, text="a\x00e\u0301\ud800🦉 ", json={"b": [1, None], "a": "ä"})
    assert (row.id, row.at, row.at.tzinfo) == (1, AT, UTC)
    assert (row.text, row.json) == ("aé🦉 ", {"a": "ä", "b": [1, None]})


def test_none_stays_none(sqlite: Database) -> None:
    assert tuple(round_trip(sqlite, at=None, text=None, json=None)) == (1, None, None, None)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive datetime"):
        TIME().process_bind_param(datetime(2026, 5, 24), _dialect("sqlite"))


@pytest.mark.parametrize(("name", "aware"), [("sqlite", False), ("mysql", False),
                                             ("postgresql", True)])  # fmt: skip
def test_a_time_is_sent_in_utc(name: str, aware: bool) -> None:
    sent = TIME().process_bind_param(AT, _dialect(name))
    assert sent is not None
    assert sent.replace(tzinfo=UTC) == AT and (sent.tzinfo is not None) is aware


def test_json_is_written_as_readers_see_it() -> None:
    bind: Any = JsonText().process_bind_param
    assert bind({"b": 1, "a": "ä"}, None) == '{"a": "ä", "b": 1}'
    for wrong in (float("nan"), b"bytes"):
        with pytest.raises((ValueError, TypeError)):
            bind(wrong, None)


def _dialect(name: str) -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(name=name)
