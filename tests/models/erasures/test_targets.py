"""What a request to take a page out is about: all that is the same page, and nothing else."""

from sqlalchemy import Connection

from models.articles import former_urls
from models.crawl import runs
from models.db.database import Database
from models.erasures import targets
from models.outcomes import Outcome
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_metadata,
    make_page,
    open_run,
    store_article,
)  # fmt: skip

PAGE = "https://example.test/news/1"


def stored(conn: Connection, url: str, claims: str | None = None, text: str = "") -> int:
    """An article with a text of its own; its number."""
    site_id = known_site(conn)
    url_id = known_url(conn, site_id, url)
    page = make_page(url=url, final_url=url, url_id=url_id)
    said = make_metadata(canonical_url=claims)
    article = make_article(text or f"Of {url}.", url_id=url_id, page=page, metadata=said)
    return store_article(conn, site_id, article, NOW).article_id


def test_an_address_in_any_spelling_and_a_number_name_one_page(database: Database) -> None:
    with database.transaction() as conn:
        number = stored(conn, PAGE)
        stored(conn, f"{PAGE}0")
        by_url = targets.find(conn, "http://www.example.test/news/1/?utm_source=x")
        assert by_url == targets.find(conn, str(number))
        assert by_url is not None and by_url.articles == {number: 1}
        assert list(by_url.urls.values()) == [PAGE] and by_url.site == "example"
        for unknown in ("https://example.test/else", "4711", "9" * 30):
            assert targets.find(conn, unknown) is None


def test_former_addresses_and_other_names_of_the_page_go_with_it(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        number = stored(conn, PAGE)
        amp = stored(conn, "https://example.test/print/1", claims=PAGE)
        old = known_url(conn, site_id, "https://example.test/old/1")
        here = known_url(conn, site_id, PAGE)
        former_urls.add(conn, number, old, here, PAGE, NOW)
        same = known_url(conn, site_id, "https://example.test/also/1")
        part = known_url(conn, site_id, f"{PAGE}?page=2")
        other = known_url(conn, site_id, "https://example.test/other")
        run_id = open_run(conn, site_id)
        for url_id, reason in (
            (same, f"the same page as {PAGE} (article {number})"),
            (part, f"part of {PAGE}"),
            (other, f"part of {PAGE}0"),
        ):
            runs.record(conn, run_id, url_id, Outcome.DUPLICATE_URL, reason, 200, NOW)
        found = targets.find(conn, "https://example.test/old/1")
        assert found is not None and set(found.articles) == {number, amp}
        assert found.url_ids == {here, old, same, part} | found.url_ids - {other}
        assert other not in found.url_ids and len(found.url_ids) == 5


def test_a_canonical_link_that_all_pages_share_names_no_page(database: Database) -> None:
    with database.transaction() as conn:
        front = "https://example.test/"
        known_url(conn, known_site(conn), front)
        for number in range(11):
            stored(conn, f"https://example.test/n/{number}", claims=front)
        found = targets.find(conn, front)
        assert found is not None and found.articles == {}


def test_an_address_that_one_article_alone_claims_names_it(database: Database) -> None:
    own, shared = "https://agency.test/1", "https://agency.test/"
    with database.transaction() as conn:
        number = stored(conn, PAGE, claims=own)
        for other in ("2", "3"):
            stored(conn, f"https://example.test/n/{other}", claims=shared)
        found = targets.find(conn, own)
        assert found is not None and found.articles == {number: 1}
        assert targets.find(conn, shared) is None
