"""A site's health while what was read off a wrong template waits to be read again."""

from sqlalchemy import Connection, select

from crawler.operations.health_check import CHANGED, accept, check_site
from models.crawl import runs
from models.crawl.run_rows import SITE_EVENTS
from models.db.database import Database
from models.monitoring import wrong_templates
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article

WELL, SOME_EMPTY = ((Outcome.STORED,) * 10, (*(Outcome.NO_CONTENT,) * 3, *(Outcome.STORED,) * 7))
WRONG = (
    "a learned template was wrong: 12 articles were read off it;"
    " type: scrapy crawl reextract -a site=example"
)


def run(conn: Connection, site_id: int, came: tuple[Outcome, ...]) -> int:
    """A run that is over, of pages that no other run asks for; its number."""
    run_id = open_run(conn, site_id)
    for n, outcome in enumerate(came):
        url_id = known_url(conn, site_id, f"https://example.test/{run_id}/{n}")
        runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
    runs.close_run(conn, run_id, "done", None, NOW)
    return run_id


def well(conn: Connection) -> int:
    """The number of a site that has an article, whose runs do well, and one wrong template."""
    site_id = known_site(conn)
    store_article(conn, site_id, make_article(url_id=known_url(conn, site_id)))
    run_id = run(conn, site_id, WELL)
    said = wrong_templates.detail(7, "https://example.test/1", 12)
    runs.event(conn, site_id, run_id, wrong_templates.KIND, said, NOW)
    run(conn, site_id, WELL)
    return site_id


def reason(conn: Connection, site_id: int) -> str | None:
    found = check_site(conn, site_id, NOW)
    assert found.state != "red"
    return found.reason


def test_it_warns_until_the_articles_are_read_again(database: Database) -> None:
    with database.transaction() as conn:
        site_id = well(conn)
        for _ in range(3):
            assert reason(conn, site_id) == WRONG
            run(conn, site_id, WELL)
        runs.close_run(conn, open_run(conn, site_id, "reextract"), "done", None, NOW)
        assert check_site(conn, site_id, NOW).state == "ok"


def test_it_is_over_once_a_person_accepts_it(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = well(conn)
        assert reason(conn, site_id) == WRONG
        assert accept(conn, site_id, NOW).state == "ok"


def test_it_does_not_hide_when_another_alarm_began(sqlite: Database) -> None:
    """That alarm is on until the site does as it did before, however many runs it lasts."""
    with sqlite.transaction() as conn:
        site_id = well(conn)
        assert reason(conn, site_id) == WRONG
        first = run(conn, site_id, SOME_EMPTY)
        empty = f"30% of 10 pages without content; usual: 0%, mostly no_content, since run {first}"
        for _ in range(4):
            assert reason(conn, site_id) == f"{empty}; 1 more alarm"
            run(conn, site_id, SOME_EMPTY)
        run(conn, site_id, WELL)
        assert reason(conn, site_id) == WRONG
        noted = conn.execute(select(SITE_EVENTS.c.detail).where(SITE_EVENTS.c.kind == CHANGED))
        assert [one["since_run"] for one in noted.scalars()] == [None, first, None]
