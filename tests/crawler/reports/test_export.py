"""Articles as JSONL, CSV and Parquet."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from crawler.reports import export
from crawler.reports.export import COLUMNS, Choice, articles, to_csv, to_jsonl, to_parquet
from models.db.database import Database
from tests.factories import NOW
from tests.support.stories import tell, tell_and_place, wire_copy


def row(**parts: Any) -> dict[str, Any]:
    values = dict.fromkeys(COLUMNS) | {"article_id": 1, "authors": ["Ä"], "fetched_at": NOW}
    return values | parts


def cells(**parts: Any) -> dict[str, str]:
    out = io.BytesIO()
    assert to_csv([row(**parts)], out) == 1
    (found,) = csv.DictReader(io.StringIO(out.getvalue().decode(), newline=""))
    return found


def test_a_line_of_json_has_lists_and_times() -> None:
    out = io.BytesIO()
    assert to_jsonl([row(), row(article_id=2)], out) == 2
    first, second = map(json.loads, out.getvalue().splitlines())
    assert tuple(first) == COLUMNS
    assert (first["authors"], first["fetched_at"]) == (["Ä"], "2026-11-22T05:30:00+00:00")
    assert second["article_id"] == 2
    assert "Ä".encode() in out.getvalue()


def test_a_cell_of_csv_is_text_json_or_empty() -> None:
    found = cells(title='A, "b"\nc')
    assert (found["title"], found["authors"], found["language"]) == ('A, "b"\nc', '["Ä"]', "")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "＝", "＠"])
def test_no_cell_is_a_formula(sign: str) -> None:
    assert cells(title=f"{sign}1+1")["title"] == f"'{sign}1+1"


def test_a_formula_inside_a_text_is_text() -> None:
    assert cells(title="1=1")["title"] == "1=1"


def test_parquet_has_types_and_row_groups_of_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(export, "_CHUNK", 2)
    out = io.BytesIO()
    assert to_parquet([row(article_id=n, paywalled=1) for n in range(5)], out) == 5
    file = pq.ParquetFile(io.BytesIO(out.getvalue()))
    assert file.num_row_groups == 3
    assert file.read().to_pylist()[4]["article_id"] == 4
    types = {field.name: str(field.type) for field in file.schema_arrow}
    assert (types["authors"], types["paywalled"], types["article_id"], types["title"]) == (
        "list<element: string>", "int8", "int64", "string",
    )  # fmt: skip
    assert types["fetched_at"] == "timestamp[us, tz=UTC]"


def test_all_articles_are_read_whatever_the_chunk(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [tell(sqlite, f"Text {n}", path=str(n)) for n in range(4)]
    for chunk in (1, 2, 4, 9):
        monkeypatch.setattr(export, "_CHUNK", chunk)
        assert [one["article_id"] for one in articles(sqlite, Choice())] == ids


def test_a_choice_leaves_others_out(sqlite: Database) -> None:
    copy = wire_copy(1)
    first = tell_and_place(sqlite, copy, site="one")
    second = tell_and_place(sqlite, copy, site="two")

    def chosen(**parts: Any) -> list[int]:
        return [one["article_id"] for one in articles(sqlite, Choice(**parts))]

    assert chosen(site="two") == [second]
    assert chosen(since=NOW) == [first, second]
    assert chosen(since=NOW + timedelta(seconds=1)) == []
    assert chosen(unique=True) == [first]
