"""Revisions: written once; which facts a later reading may mend in place."""

from datetime import timedelta
from typing import Any

import pytest

from models.articles import revisions
from models.articles.corrections import corrections
from models.articles.revisions import REPORTED, Facts, Source, facts, wording
from models.db.database import Database
from models.items import Metadata
from tests.factories import NOW, known_site, known_url, make_article, make_metadata, store_article

HOUR = timedelta(hours=1)


def said(**parts: Any) -> dict[str, Any]:
    return facts(make_metadata(**parts))


def test_columns_follow_from_what_a_page_says() -> None:
    told = facts(Metadata(language="x" * 21, paywalled=True, authors=("Ada",), tags=("a",)))
    assert (told["language"], told["paywalled"]) == ("x" * 20, 1)
    assert (told["authors"], told["tags"], told["field_sources"]) == (["Ada"], ["a"], {})
    assert facts(Metadata())["paywalled"] is None
    assert facts(Metadata(paywalled=False))["paywalled"] == 0
    assert wording("T", "Two words")["word_count"] == 2
    assert wording("T", "x")["content_hash"] != wording("U", "x")["content_hash"]
    assert revisions._LONGEST_EXTRACTOR == 100  # as the column has it
    assert Facts.of(said()).authors == ("Ada Lind",)


def test_a_better_reader_s_word_counts_whole() -> None:
    stored, fresh = said(description="old"), said(description=None, authors=())
    found = corrections(stored, fresh, NOW, wholly=True)
    assert found == {"description": None, "authors": []}
    assert corrections(stored, stored, NOW, wholly=True) == {}


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        ({"description": None}, {"description": "new"}, {"description": "new"}),
        ({"description": "old"}, {"description": "new"}, {}),
        ({"description": "old"}, {"description": None}, {}),
        ({"tags": ()}, {"tags": ("a",)}, {"tags": ["a"]}),
        ({"tags": ("a",)}, {"tags": ("b",)}, {}),
        ({"authors": ("A",)}, {"authors": ("B",)}, {"authors": ["B"]}),
        ({"authors": ("A", "B")}, {"authors": ("B", "A")}, {}),
        ({"authors": ("A",)}, {"authors": ()}, {}),
        ({"paywalled": None}, {"paywalled": False}, {"paywalled": 0}),
    ],
)
def test_another_fetch_fills_gaps_and_loses_nothing(
    old: dict[str, Any], new: dict[str, Any], taken: dict[str, Any]
) -> None:
    found = corrections(said(**old), said(**new), NOW, wholly=False)
    found.pop("field_sources", None)
    assert found == taken


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        ((NOW - 2 * HOUR, "time"), (NOW - HOUR, "time"), True),
        ((NOW - 2 * HOUR, "time"), (NOW, "time"), True),
        ((NOW - 2 * HOUR, "time"), (NOW + HOUR, "time"), False),  # dates itself anew
        ((None, None), (NOW + HOUR, "time"), True),
        ((NOW - 2 * HOUR, "time"), (NOW - HOUR, "day"), False),
        ((NOW - 2 * HOUR, "day"), (NOW - HOUR, "day"), True),
        ((NOW - 2 * HOUR, "day"), (NOW - HOUR, "time"), True),
        ((NOW - 2 * HOUR, "time"), (None, None), False),
    ],
)
def test_a_date_is_taken_over_if_as_exact_and_no_later_than_first_seen(
    old: tuple[Any, Any], new: tuple[Any, Any], taken: bool
) -> None:
    names = ("published_at", "published_precision")
    stored, fresh = (said(**dict(zip(names, pair, strict=True))) for pair in (old, new))
    found = corrections(stored, fresh, NOW, wholly=False)
    assert ("published_at" in found) is taken
    assert taken or "published_precision" not in found


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        ((NOW, "time", None), (NOW, "time", 120), {"published_offset": 120}),
        ((NOW, "time", 120), (NOW, "time", None), {}),
        ((NOW - 2 * HOUR, "time", 120), (NOW - HOUR, "time", None),
         {"published_at": NOW - HOUR, "published_offset": None}),
        ((NOW - 2 * HOUR, "time", 120), (NOW + HOUR, "time", 0), {}),
    ],
)  # fmt: skip
def test_the_offset_is_that_of_the_date_and_no_news_by_itself(
    old: tuple[Any, ...], new: tuple[Any, ...], taken: dict[str, Any]
) -> None:
    names = ("published_at", "published_precision", "published_offset")
    stored, fresh = (said(**dict(zip(names, three, strict=True))) for three in (old, new))
    found = corrections(stored, fresh, NOW, wholly=False)
    assert {name: value for name, value in found.items() if name != "field_sources"} == taken
    assert "published_offset" not in REPORTED
    if stored != fresh:
        assert "published_offset" in corrections(stored, fresh, NOW, wholly=True)


def test_what_is_taken_over_brings_its_source_along() -> None:
    stored = said(authors=("A",), sources={"authors": "meta", "title": "meta"})
    fresh = said(authors=("B",), sources={"authors": "jsonld", "title": "jsonld"})
    found = corrections(stored, fresh, NOW, wholly=False)
    assert found["field_sources"] == {"authors": "jsonld", "title": "meta"}


def test_a_revision_is_found_by_its_wording_and_amended_alone(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        article = make_article("One", url_id=known_url(conn, site_id))
        article_id = store_article(conn, site_id, article).article_id
        source = Source("https://example.test/2", None, NOW, "winnow/2" * 20, article.metadata)
        for number, words in ((2, "Two"), (3, "One")):
            values = {**wording("T", words), "certainty": 0.5, "change": "update"}
            revisions.add(conn, article_id, number, source, values, NOW + HOUR)
        one = revisions.get(conn, article_id, 1)
        assert revisions.first_saying(conn, article_id, one["content_hash"]) == 1
        assert revisions.first_saying(conn, article_id, wording("T", "One")["content_hash"]) == 3
        assert revisions.first_saying(conn, article_id, "0" * 64) is None
        revisions.amend(conn, article_id, 2, {"language": "de"})
        two = revisions.get(conn, article_id, 2)
    assert (two["language"], two["change"], two["extracted_at"]) == ("de", "update", NOW + HOUR)
    assert (two["fetched_at"], two["url"]) == (NOW, "https://example.test/2")
    assert two["extractor"] == ("winnow/2" * 20)[:100]
    assert (one["language"], one["certainty"]) == ("en", 0.9)
    assert (one["fetched_at"], one["url"]) == (article.page.fetched_at, article.page.final_url)
