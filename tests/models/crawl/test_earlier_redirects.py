"""Where the URLs of the runs before led, as their outcomes say."""

import pytest
from sqlalchemy import Connection

from models.crawl import runs
from models.crawl.earlier_redirects import RUNS, earlier_redirects
from models.crawl.shared_targets import Redirect, SharedTargets
from models.crawl.url_rows import UrlLease
from models.db.database import Database
from models.items import Hint
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, open_run

HOME = "https://example.test"
# addresses of consent pages, in several languages
WALLS = ("tervetuloa", "willkommen", "добро-пожаловать", "ようこそ", "مرحبا")


def led(conn: Connection, run_id: int, site_id: int, slug: str, reason: str, *, to: Outcome) -> int:
    url_id = known_url(conn, site_id, f"{HOME}/{slug}")
    runs.record(conn, run_id, url_id, to, reason, 200, NOW)
    return url_id


@pytest.mark.parametrize("wall", WALLS)
def test_the_last_word_on_each_url_counts(database: Database, wall: str) -> None:
    target = f"{HOME}/{wall}"
    with database.transaction() as conn:
        site_id = known_site(conn)
        first, second, now = (open_run(conn, site_id) for _ in range(3))
        moved = f"redirects to {target}"
        one = led(conn, first, site_id, "ferry-late", moved, to=Outcome.DUPLICATE_URL)
        for run_id, reason, to in (
            (first, moved, Outcome.DUPLICATE_URL),
            (second, f"{moved}, as 3 other pages do", Outcome.BLOCKED),
        ):
            led(conn, run_id, site_id, "oak-felled", reason, to=to)
        led(conn, second, site_id, "away", f"{moved}: not ours", to=Outcome.OUT_OF_SCOPE)
        led(conn, second, site_id, "twin", "the same page as another", to=Outcome.DUPLICATE_URL)
        led(conn, now, site_id, "rain-ahead", moved, to=Outcome.DUPLICATE_URL)
        assert sorted(earlier_redirects(conn, site_id, now)) == [
            Redirect(f"{HOME}/ferry-late", target, one),
            Redirect(f"{HOME}/oak-felled", target, None),
        ]


def test_runs_long_ago_say_nothing(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        old = open_run(conn, site_id)
        led(conn, old, site_id, "a-b", f"redirects to {HOME}/x", to=Outcome.DUPLICATE_URL)
        for _ in range(RUNS):
            now = open_run(conn, site_id)
        assert len(earlier_redirects(conn, site_id, now)) == 1
        assert earlier_redirects(conn, site_id, open_run(conn, site_id)) == []


def test_the_third_page_to_lead_to_a_target_is_known_though_two_were_of_other_runs() -> None:
    targets = SharedTargets()
    before = [Redirect(f"{HOME}/{slug}", f"{HOME}/x", n) for n, slug in enumerate(("a-b", "c-d"))]
    targets.know_before(before)
    asked = UrlLease(9, f"{HOME}/e-f", Hint(), 0, None, None, False)
    assert targets.add(asked, f"{HOME}/x") == f"redirects to {HOME}/x, as 2 other pages do"
    [shared] = targets.found()
    assert sorted(shared.early) == [0, 1]
