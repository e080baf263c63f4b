"""scrapy why: from the source that named a URL to the block that was left out."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from models.archive import captures
from models.crawl import frontier, runs
from models.db.database import Database
from models.items import Hint, Link, WarcLocation
from models.outcomes import Outcome
from tests.factories import (
    NOW,
    TEXT,
    known_site,
    known_url,
    make_article,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    make_page,
    open_run,
    store_article,
)
from tests.support.desk import scrapy

URL = "https://example.test/harbour"
FEED = "https://example.test/rss"


@pytest.fixture
def url(database: Database, database_url: str) -> str:
    """One page: named by a feed, fetched twice, revised once, with a block removed."""
    with database.transaction() as conn:
        site_id = known_site(conn)
        link = Link(URL, "feed", FEED, Hint(title="Frozen!", published_at=NOW, source="feed"))
        frontier.add_links(conn, site_id, [link], NOW)
        for day, text in enumerate((TEXT, TEXT + "\n\nMore of it.")):
            now = NOW + timedelta(days=day)
            run_id, url_id = open_run(conn, site_id), known_url(conn, site_id, URL)
            page = make_page(run_id=run_id, url_id=url_id, url=URL, fetched_at=now)
            captures.keep(conn, page, WarcLocation(f"example/2026/{day}.warc.gz", 0, 99))
            extraction = make_extraction(blocks=make_blocks(["Home", "Share this"]))
            classified = [make_block_classification(1, reason="promo", evidence={"pages": 12})]
            parts = {"extraction": extraction, "classification": make_classification(classified)}
            article = make_article(text, url_id=url_id, page=page, **parts)
            kept = store_article(conn, site_id, article, now)
            runs.record(conn, run_id, url_id, Outcome(kept.outcome), None, 200, now)
    return database_url


def test_the_whole_story_is_told(url: str) -> None:
    said = scrapy(url, "why", URL)
    assert (said.code, said.err) == (0, "")
    for line in (
        f"  found      2026-11-22 05:30:00 by a feed, {FEED}",
        "  hint       title: Frozen!",
        "What happened, in order; fetched and archived: 2",
        "outcome   revised, HTTP 200",
        "  title      Harbour frozen  (jsonld)",
        "Texts, in order: 1 kept (1 words), 1 removed",
        "  -    1  Share this\n          a call to subscribe, share or follow",
        "          on 12 other pages of this site",
        "revision  2 (current), update: Harbour frozen",
    ):
        assert line in said.out
    assert "+More of it." not in said.out


def test_a_diff_shows_what_each_revision_changed(url: str) -> None:
    assert "\n+More of it.\n" in scrapy(url, "why", URL, "--diff").out


def test_any_spelling_of_the_url_finds_it(url: str) -> None:
    assert "Article" in scrapy(url, "why", f"{URL}?utm_source=feed#top").out


def test_programs_get_json(url: str) -> None:
    told = json.loads(scrapy(url, "why", URL, "--json").out)
    assert (told["site"], told["found_in"]) == ("example", FEED)
    assert [outcome["outcome"] for outcome in told["outcomes"]] == ["stored", "revised"]
    assert told["article"]["removed"][0]["reason"] == "promo"
    assert [(one["fate"], one["reason"]) for one in told["blocks"]] == [
        ("kept", ""), ("removed", "promo"),
    ]  # fmt: skip
    assert told["fault"] == "the archived copy that the article was read from is gone: pruned"


def test_an_article_s_number_names_its_page_too(url: str) -> None:
    number = json.loads(scrapy(url, "why", URL, "--json").out)["article"]["article_id"]
    assert scrapy(url, "why", str(number)).out == scrapy(url, "why", URL).out
    for number in ("777", "9" * 30):
        said = scrapy(url, "why", number)
        assert (said.code, said.out) == (2, "")
        assert f"no article has the number {number}" in said.err


def test_a_page_that_was_refused_says_why(database: Database, database_url: str) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id, url_id = open_run(conn, site_id), known_url(conn, site_id, URL)
        reason = "a section page: 40 links, no text"
        runs.record(conn, run_id, url_id, Outcome.NOT_ARTICLE, reason, 200, NOW)
    said = scrapy(database_url, "why", URL).out
    assert f"outcome   not_article, HTTP 200, discover run {run_id}\n{'':23}{reason}" in said
    assert "No article of it is stored." in said


def test_an_unknown_url_names_the_site_that_would_take_it(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_text('start = "https://example.test/"\n')
    (tmp_path / "second.toml").write_text('start = "https://second.test/"\n')
    said = scrapy(sqlite_url, "why", URL, WINNOW_SITES_DIR=str(tmp_path))
    assert said.code == 0
    assert "example would take it" in said.out
    assert "second leaves it out: host example.test is not in [scope] hosts" in said.out
    told = scrapy(sqlite_url, "why", URL, "--json", WINNOW_SITES_DIR=str(tmp_path)).out
    assert json.loads(told)["known"] is False


def test_words_that_are_no_url_are_misuse(sqlite_url: str) -> None:
    for words in (("harbour",), (), ("ftp://example.test/x",), ("1", "2")):
        said = scrapy(sqlite_url, "why", *words)
        assert (said.code, said.out, said.err.count("\n")) == (2, "", 1), words
