"""How many copies are to be read, counted before they are."""

import re
from datetime import timedelta

from sqlalchemy import update

from models.archive import captures, copies_to_read
from models.crawl.run_rows import OUTCOMES
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.items import Truncation, WarcLocation
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, make_page, open_run

PLACE = WarcLocation("town/2026/run-000001-00001.warc.gz", 0, 10)


def test_pages_with_a_whole_copy_are_counted_once(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        run = open_run(conn, site)
        numbers = [known_url(conn, site, f"https://example.test/{n}") for n in range(5)]
        for number in (0, 0, 1, 2):  # of one there are two copies; 3 has none
            captures.keep(conn, make_page(url_id=numbers[number], run_id=run), PLACE)
        cut = make_page(url_id=numbers[4], run_id=run, truncation=Truncation("cut", "disconnect"))
        captures.keep(conn, cut, PLACE)
        assert copies_to_read.count(conn, site) == 3
        assert copies_to_read.counts(conn, [site, 99]) == {site: 3}
        assert copies_to_read.count(conn, 99) == 0
        assert copies_to_read.count(conn, site, match=re.compile("/[12]$")) == 2
        assert copies_to_read.count(conn, site, since=NOW, until=NOW + timedelta(1)) == 3
        assert copies_to_read.count(conn, site, until=NOW) == 0
        assert copies_to_read.counts(conn, [site], since=NOW + timedelta(1)) == {}


def test_what_a_stopped_run_has_done_is_left_out_but_for_errors(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        run = open_run(conn, site)
        for number, came in enumerate(
            (Outcome.REVISED, Outcome.EXTRACT_CRASH, Outcome.NOT_ARTICLE)
        ):
            url = known_url(conn, site, f"https://example.test/{number}")
            captures.keep(conn, make_page(url_id=url, run_id=run), PLACE)
            conn.execute(
                OUTCOMES.insert().values(run_id=run, url_id=url, outcome=str(came), at=NOW)
            )
        assert copies_to_read.count(conn, site) == 3
        assert copies_to_read.count(conn, site, [run]) == 1


def test_another_address_of_a_stored_page_is_no_page(database: Database) -> None:
    with database.transaction() as conn:
        site = known_site(conn)
        run = open_run(conn, site)
        url = known_url(conn, site)
        captures.keep(conn, make_page(url_id=url, run_id=run), PLACE)
        conn.execute(update(URLS).values(outcome=str(Outcome.DUPLICATE_URL), article=False))
        assert copies_to_read.count(conn, site) == 0
        conn.execute(update(URLS).values(article=True))
        assert copies_to_read.count(conn, site) == 1
