"""All that is known of one URL, in any of its names."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.reports.why import known, named, unknown
from models.articles import extractions
from models.crawl import runs
from models.crawl.fair_share import MOST_TRIES, TRIES
from models.crawl.queues import QUEUES
from models.crawl.url_rows import DONE, URLS
from models.db.database import Database
from models.memory.learned_templates import LEAST
from models.monitoring import wrong_templates
from models.outcomes import Outcome
from models.sites.config import Scope
from models.templates import Lesson, TemplatePage, pack_page
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_extraction,
    make_metadata,
    make_page,
    make_site,
    open_run,
    store_article,
)
from tests.support.observations import Taught, teaches

URL = "https://example.test/1"


@pytest.fixture
def stored(sqlite: Database) -> Database:
    """An article that was found at one URL, led to another and claims a third."""
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id, URL)
        page = make_page(url=URL, final_url="https://example.test/moved", url_id=url_id)
        metadata = make_metadata(canonical_url="https://example.test/claimed")
        store_article(conn, site_id, make_article(page=page, url_id=url_id, metadata=metadata))
        for n, outcome in enumerate((Outcome.TIMEOUT, Outcome.STORED)):
            run_id = open_run(conn, site_id)
            runs.record(conn, run_id, url_id, outcome, None, 200, NOW + timedelta(hours=n))
    return sqlite


@pytest.mark.parametrize(
    "name", [URL, f"{URL}/?utm_source=x#top", "https://example.test/moved",
             "https://example.test/claimed"]
)  # fmt: skip
def test_a_page_is_known_by_any_of_its_names(stored: Database, name: str) -> None:
    with stored.reading() as conn:
        told = known(conn, name)
    assert told is not None
    assert (told["site"], told["url"], told["captures"]) == ("example", URL, [])
    assert [one["outcome"] for one in told["outcomes"]] == ["timeout", "stored"]
    article = told["article"]
    assert (article["revision"], article["cluster"]) == (1, [])
    assert article["template"] is not None
    assert [one["change"] for one in article["revisions"]] == ["first"]
    assert [one["kind"] for one in article["changes"]] == ["new"]


def test_the_template_of_an_article_may_have_been_forgotten_since(stored: Database) -> None:
    with stored.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id, URL)
        read_at = NOW + timedelta(hours=1)
        extraction = make_extraction(extractor="winnow/3 template", template_key=7)
        parts = {"url_id": url_id, "extraction": extraction}
        made = store_article(conn, site_id, make_article("It thawed.", **parts), read_at)
        extractions.store(conn, made.article_id, extraction, None)

    def forgotten() -> bool:
        with stored.reading() as conn:
            return bool((known(conn, URL) or {})["article"]["template_forgotten"])

    assert forgotten(), "nothing is known of it"
    site = Taught(stored)
    page = pack_page(TemplatePage("div", 90, {}, {}, frozenset({"div"}), {}))
    lesson = Lesson(page, "winnow/3 -", None)
    site.remember(*(replace(teaches(n, {}, template=7), lesson=lesson) for n in range(LEAST)))
    assert not forgotten()
    for hours, so in ((-1, False), (1, True)):  # it was learned anew meanwhile
        with stored.transaction() as conn:
            said = wrong_templates.detail(7, URL, 1)
            at = read_at + timedelta(hours=hours)
            runs.event(conn, site_id, site.run_id, wrong_templates.KIND, said, at)
        assert forgotten() is so


def test_a_page_without_an_article_is_known_too(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        known_url(conn, known_site(conn), URL)
        told = known(conn, URL)
        assert told is not None and told["article"] is None
        assert known(conn, "https://example.test/other") is None
        with pytest.raises(ValueError, match="not an http or https URL"):
            known(conn, "rubbish")


@pytest.mark.parametrize(
    ("tries", "told_of"),
    [(TRIES - 1, None), (TRIES, False), (MOST_TRIES - 1, False), (MOST_TRIES, True)],
)
def test_a_page_that_waits_behind_others_says_why(
    sqlite: Database, tries: int, told_of: bool | None
) -> None:
    with sqlite.transaction() as conn:
        known_url(conn, known_site(conn), URL)
        conn.execute(QUEUES.update().values(tries=tries))
        queue = (known(conn, URL) or {})["queue"]
        conn.execute(URLS.update().values(state=DONE))
        assert (known(conn, URL) or {})["queue"] is None
    rarely = None if told_of is None else {"shape": "/{n}", "tries": tries, "rarely": told_of}
    assert queue == rarely


def test_sites_that_would_take_it_come_first() -> None:
    refuses = make_site("other", scope=Scope(hosts=frozenset({"other.test"})))
    told = unknown(URL, [refuses, make_site()], NOW)
    assert [entry["site"] for entry in told] == ["example", "other"]
    assert told[0]["refusal"] is None and told[1]["refusal"]


def test_a_page_is_named_by_its_article_too(stored: Database) -> None:
    with stored.reading() as conn:
        by_url = known(conn, URL)
        assert by_url is not None
        assert named(conn, str(by_url["article"]["article_id"])) == by_url == named(conn, URL)
        for name in ("777", str(1 << 70), "https://example.test/7"):
            assert named(conn, name) is None
        with pytest.raises(ValueError, match="not an http or https URL"):
            named(conn, "rubbish")
