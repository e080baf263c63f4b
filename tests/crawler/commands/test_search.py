"""scrapy search, as it is typed."""

import json
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from sqlalchemy import insert, text

from models.db.database import Database
from models.duplicates.tables import CLUSTER_MEMBERS as MEMBERS
from models.duplicates.tables import CLUSTERS
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_metadata,
    make_page,
    store_article,
)
from tests.support.desk import Result, scrapy

TEXTS = (
    ("Harbour frozen", "The ferry stays in the harbour.\n\nNobody knows how long.", "example"),
    ("Häfen voll", "Die Fähre „Ærø“ liegt im Hafen 東京都.", "example"),
    (None, "A storm drove the ferry back.", "second"),
)


@pytest.fixture
def url(database: Database, database_url: str) -> str:
    """Three articles, a day apart; the last, of the second site, says no date."""
    with database.transaction() as conn:
        for n, (title, words, site) in enumerate(TEXTS):
            site_id, page = known_site(conn, site), f"https://{site}.test/{n}"
            day = None if n == 2 else NOW - timedelta(days=9 - n)
            metadata = make_metadata(
                published_at=day, published_precision="day" if day else None, language=None
            )
            article = make_article(
                words, title=title, metadata=metadata, page=make_page(url=page),
                url_id=known_url(conn, site_id, page),
            )  # fmt: skip
            store_article(conn, site_id, article)
    return database_url


def test_date_site_title_snippet_and_address_the_newest_first(url: str) -> None:
    said = scrapy(url, "search", "the", "FERRY")
    assert (said.code, said.err) == (0, "articles shown: 2\n")
    assert said.out.splitlines() == [
        "2026-11-22 05:30 (first seen)  second  (no title)",
        "    A storm drove the ferry back.",
        "    https://second.test/2",
        "2026-11-13  example  Harbour frozen",
        "    The ferry stays in the harbour. Nobody knows how long.",
        "    https://example.test/0",
    ]


def test_words_are_bold_on_a_terminal_unless_nobody_wants_colours(url: str) -> None:
    for wanted, bold in ((True, "\x1b[1mferry\x1b[0m"), (False, "the ferry")):
        with patch("crawler.reports.colors.wants_color", lambda is_so=wanted: is_so):
            out = scrapy(url, "search", "ferry storm").out
        assert bold in out
        assert ("\x1b" in out) is wanted


def test_json_lines(url: str) -> None:
    said = scrapy(url, "search", "aero 京", "--json")
    [found] = [json.loads(line) for line in said.out.splitlines()]
    assert said.err == "articles shown: 1\n"
    assert datetime.fromisoformat(found.pop("first_seen_at")) == NOW
    assert datetime.fromisoformat(found.pop("published_at")) == NOW - timedelta(days=8)
    assert found.pop("article_id") > 0
    assert found == {
        "site": "example",
        "url": "https://example.test/1",
        "title": "Häfen voll",
        "published_precision": "day",
        "language": None,
        "duplicate_of": None,
        "withdrawn_at": None,
        "snippet": "Die Fähre „Ærø“ liegt im Hafen 東京都.",
        "marks": [[11, 14], [32, 33]],
    }


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["ferry", "--site", "second"], [2]),
        (["ferry", "--limit", "1"], [2]),
        (["hafen"], [1]),
        (["harbour -storm"], [0]),
        (['"the harbour"'], [0]),
        (["f*", "--since", "2026-11-14"], [2, 1]),
        (["f*", "--since", "2026-11-14", "--site", "example"], [1]),
    ],
)
def test_which_are_shown(url: str, words: list[str], shown: list[int]) -> None:
    lines = scrapy(url, "search", *words).out.splitlines()
    assert [int(line[-1]) for line in lines if "https://" in line] == shown


def test_more_than_are_shown_is_said(url: str) -> None:
    said = scrapy(url, "search", "ferry", "--limit", "1")
    assert said.err == "articles shown: 1; there are more: say --limit N\n"


def test_each_story_once(url: str, database: Database) -> None:
    with database.transaction() as conn:
        first, _, last = conn.execute(text("select article_id from articles order by 1")).scalars()
        cluster = {"cluster_id": first, "original_id": first, "size": 2, "due": 0}
        conn.execute(insert(CLUSTERS), {**cluster, "reason": "first", "updated_at": NOW})
        conn.execute(text("delete from cluster_members"))
        row = {"cluster_id": first, "state": 1, "revision": 1, "tokens": 9}
        conn.execute(insert(MEMBERS), [{**row, "article_id": one} for one in (first, last)])
    assert scrapy(url, "search", "ferry").out.count("https://") == 2
    said = scrapy(url, "search", "ferry", "--unique")
    assert "https://example.test/0" in said.out
    assert said.err == "articles shown: 1\n"


@pytest.mark.parametrize("words", [(), ("",), ("'",), ('"',), ("*",), ("👍",)])
def test_a_search_for_nothing_is_one_line(sqlite_url: str, words: tuple[str, ...]) -> None:
    said = scrapy(sqlite_url, "search", *words)
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "scrapy search: nothing to search for: it has no letter and no digit; type words, e.g.:"
        " scrapy search harbour ferry --since 2026-01-01\n"
    )


def test_nothing_found_is_no_fault(sqlite_url: str) -> None:
    said = scrapy(sqlite_url, "search", "o'clock", "\0", "日")
    assert (said.code, said.out) == (0, "")
    assert said.err == "nothing found: no article says these words\n"
    assert scrapy(sqlite_url, "search", "x", "--json").out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--limit", "0"], "write a number from 1 to 1,000"),
        (["x", "--limit", "many"], "write a number from 1 to 1,000"),
        (["x", "--site", "exampel"], "did you mean 'example'?"),
        (["x", "--since", "soon"], "write 2026-01-31"),
        (["x", "--json", "--sql"], "not allowed with"),
        (["x", "--jsn"], "unknown option '--jsn'"),
        (["x" * 1_001], "more than 1000 characters"),
    ],
)
def test_wrong_usage_is_one_line(
    sqlite: Database, sqlite_url: str, words: list[str], said: str
) -> None:
    with sqlite.transaction() as conn:
        known_site(conn)
    result = scrapy(sqlite_url, "search", *words)
    assert result.code == 2
    assert said in result.err.splitlines()[-1]


def test_switched_off_it_says_so(sqlite_url: str) -> None:
    said = scrapy(sqlite_url, "search", "x", WINNOW_SEARCH="off")
    assert said.code == 2
    assert said.err == (
        "scrapy search: WINNOW_SEARCH is off, so no words are indexed; set it to on, then type:"
        " scrapy db reindex\n"
    )
    said = scrapy(sqlite_url, "search", "x", WINNOW_SEARCH="no")
    assert (said.code, said.err) == (2, "scrapy search: WINNOW_SEARCH: 'no': write on or off\n")


@pytest.mark.parametrize("words", ["ferry -harbour", "fähre 東京", '"storm drove"', "f* 東"])
def test_the_query_that_it_prints_finds_the_same(url: str, database: Database, words: str) -> None:
    shown: Result = scrapy(url, "search", words)
    printed = scrapy(url, "search", words, "--sql").out
    assert printed.startswith(("select ", "with "))
    with database.reading() as conn:
        rows = conn.exec_driver_sql(printed.rstrip(";\n")).all()
    assert rows
    assert sorted(row.url for row in rows) == sorted(
        line.strip() for line in shown.out.splitlines() if "https://" in line
    )
