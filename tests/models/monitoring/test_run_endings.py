"""How runs ended, whether a site ever had an article, and which sites nobody checked."""

from models.crawl import runs
from models.db.database import Database
from models.monitoring import health, run_endings
from models.monitoring.health import Health
from models.monitoring.run_endings import EndedRun
from models.outcomes import Outcome
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article

WELL = Health("ok", None, None, None, None, None, None)


def test_the_last_runs_come_first_with_what_they_touched(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        first, second, third, recrawl, _running = (
            open_run(conn, site_id, kind)
            for kind in ("discover", "visit", "visit", "recrawl", "visit")
        )
        for n in range(2):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            runs.record(conn, first, url_id, Outcome.BLOCKED, None, 200, NOW)
        for run_id, status, reason in (
            (first, "done", None), (second, "failed", "no source could be read"),
            (third, "aborted", "killed"), (recrawl, "failed", "x"),
        ):  # fmt: skip
            runs.close_run(conn, run_id, status, reason, NOW)
        found = run_endings.endings(conn, site_id)
    assert found == [
        EndedRun(third, "aborted", "killed", 0),
        EndedRun(second, "failed", "no source could be read", 0),
        EndedRun(first, "done", None, 2),
    ]
    assert [run.failed for run in found] == [True, True, False]


def test_an_article_once_stored_is_an_article_for_ever(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id, other = known_site(conn), known_site(conn, "other")
        open_run(conn, site_id)
        store_article(conn, site_id, make_article(url_id=known_url(conn, site_id)))
        assert run_endings.has_articles(conn, site_id)
        assert not run_endings.has_articles(conn, other)


def test_a_site_whose_last_run_was_killed_is_unchecked_until_somebody_does(
    database: Database,
) -> None:
    with database.transaction() as conn:
        killed, well, checked = (known_site(conn, name) for name in ("a", "b", "c"))
        for site_id in (killed, well, checked):
            runs.close_run(conn, open_run(conn, site_id), "done", None, NOW)
            last = open_run(conn, site_id)
            runs.close_run(conn, last, "done" if site_id == well else "aborted", "killed", NOW)
            if site_id == checked:
                health.keep(conn, site_id, last, WELL, NOW)
        assert run_endings.unchecked(conn) == [killed]
