"""A run's articles as a feed: the columns of v1_articles in each of Scrapy's formats."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy.exporters import BaseItemExporter

from crawler.reports.feed import Csv, Json, JsonLines, Xml, columns
from models.articles import articles
from models.db.database import Database
from models.views.article_views import ARTICLES
from tests.factories import NOW, decided, known_site, known_url, make_article, make_metadata

METADATA = make_metadata(authors=("Ada Lind", "Bo Ek"), tags=(), paywalled=False)
ARTICLE = replace(
    make_article(title="=1+1", metadata=METADATA), article_id=7, revision=2, outcome="revised"
)


def written(exporter: Callable[..., BaseItemExporter], *items: Any) -> str:
    """What the exporter writes of these items."""
    buffer = io.BytesIO()
    open_exporter = exporter(buffer, encoding="utf-8")
    open_exporter.start_exporting()
    for item in items:
        open_exporter.export_item(item)
    open_exporter.finish_exporting()
    buffer.flush()
    return buffer.getvalue().decode()


def test_columns_are_those_of_the_view_and_the_outcome() -> None:
    names = list(columns(ARTICLE))
    assert names[-1] == "outcome"
    in_view = [column.name for column in ARTICLES.table().columns]
    assert [name for name in in_view if name in names] == names[:-1]
    assert columns(make_article(metadata=make_metadata(paywalled=None)))["paywalled"] is None


def test_a_feed_and_the_view_say_the_same_of_an_article(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        item = make_article(url_id=known_url(conn, site_id), metadata=METADATA)
        stored = articles.store(conn, site_id, decided(conn, item), [], NOW)
        assert stored is not None
        row = conn.execute(ARTICLES.table().select()).mappings().one()
    item = replace(item, article_id=stored.article_id, revision=stored.revision)
    said = columns(item)
    assert {name: row[name] for name in said if name != "outcome"} == {
        name: value for name, value in said.items() if name != "outcome"
    }


def test_json_keeps_types_and_says_times_in_iso_8601() -> None:
    (line,) = written(JsonLines, ARTICLE).splitlines()
    found = json.loads(line)
    assert found == json.loads(written(Json, ARTICLE))[0]
    assert (found["authors"], found["tags"], found["paywalled"]) == (["Ada Lind", "Bo Ek"], [], 0)
    assert datetime.fromisoformat(found["published_at"]) == datetime(
        2026, 11, 20, 8, 15, tzinfo=UTC
    )
    assert (found["title"], found["word_count"]) == ("=1+1", 13)


def test_a_cell_is_no_formula_and_a_list_is_json() -> None:
    heading, row = csv.reader(io.StringIO(written(Csv, ARTICLE)))
    cells = dict(zip(heading, row, strict=True))
    assert (cells["title"], cells["authors"]) == ("'=1+1", '["Ada Lind", "Bo Ek"]')
    assert cells["canonical_url"] == ""


def test_an_article_is_an_element() -> None:
    said = written(Xml, ARTICLE)
    assert "<title>=1+1</title>" in said
    assert "<authors><value>Ada Lind</value><value>Bo Ek</value></authors>" in said


@pytest.mark.parametrize("exporter", [JsonLines, Csv])
def test_an_item_that_is_no_article_goes_on_as_it_is(
    exporter: Callable[..., BaseItemExporter],
) -> None:
    assert written(exporter, {"a": "=x"}).splitlines()[-1] in ('{"a": "=x"}', "=x")
