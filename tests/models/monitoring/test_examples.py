"""What an alarm is about: pages that do no better, articles that lack something, refusals."""

from datetime import timedelta

from models.crawl import frontier, runs
from models.db.database import Database
from models.monitoring import examples
from models.monitoring.examples import Refusal
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url
from tests.models.monitoring.test_run_metrics import run_over

HOUR = timedelta(hours=1)


def test_pages_are_named_while_they_do_no_better(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        run_id = run_over(conn, site_id, [Outcome.BLOCKED, Outcome.BLOCKED, Outcome.UNCHANGED])
        for n, outcome in enumerate(("blocked", "stored", "unchanged")):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            frontier.claim_these(conn, [url_id], "x:1:a", NOW + HOUR, NOW)
            frontier.acknowledge(conn, url_id, "x:1:a", outcome, NOW)
        which = frozenset({Outcome.BLOCKED})
        assert examples.pages_with(conn, [run_id], which, 9) == ["https://example.test/0"]
        assert examples.pages_with(conn, [run_id], which, 0) == []


def test_articles_are_picked_by_what_their_revision_lacks(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id = run_over(conn, site_id)
        untitled = examples.articles_with(conn, [run_id], examples.UNTITLED, 9)
        titled = examples.articles_with(conn, [run_id], ~examples.UNTITLED, 9)
    assert (len(untitled), titled) == (1, [])


def test_the_commonest_refusals_come_first_with_an_example(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id = run_over(conn, site_id, ())
        came = [
            (Outcome.STORED, None), (Outcome.BLOCKED, "consent wall"), (Outcome.GONE, None),
            (Outcome.BLOCKED, "consent wall"), (Outcome.BLOCKED, "login"),
        ]  # fmt: skip
        for n, (outcome, reason) in enumerate(came):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            runs.record(conn, run_id, url_id, outcome, reason, 200, NOW)
        found = examples.refusals(conn, [run_id], 9)
        assert examples.refusals(conn, [run_id], 1) == found[:1]
        assert examples.refusals(conn, [], 9) == []
    assert found[0] == Refusal("blocked", "consent wall", 2, "https://example.test/3")
    assert {(r.outcome, r.reason, r.urls) for r in found[1:]} == {
        ("blocked", "login", 1), ("gone", None, 1)
    }  # fmt: skip
