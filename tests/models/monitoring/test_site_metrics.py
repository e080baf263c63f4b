"""The figures of all sites: right for each, and a fixed number of statements for any number."""

from datetime import timedelta

from sqlalchemy import event

from models.crawl import runs
from models.db.database import Database
from models.monitoring import health, site_metrics
from models.monitoring.health import Health
from models.monitoring.site_metrics import LastRun
from models.outcomes import Outcome
from models.sites import registry
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article

HOUR = timedelta(hours=1)
RED = Health("red", "x", 12.5, None, None, None, None)


def test_each_site_has_its_figures_and_its_last_run_that_read_sources(database: Database) -> None:
    with database.transaction() as conn:
        site_id, quiet = known_site(conn), known_site(conn, "quiet")
        urls = [known_url(conn, site_id, f"https://example.test/{n}") for n in range(3)]
        for url_id, age in zip(urls[:2], (30 * HOUR, HOUR), strict=True):
            store_article(conn, site_id, make_article(url_id=url_id), NOW - age)
        older, last, reread, running = (
            open_run(conn, site_id, kind) for kind in ("visit", "visit", "recrawl", "visit")
        )
        for run_id, status in ((older, "done"), (last, "failed"), (reread, "done")):
            for url_id, outcome in zip(urls, (Outcome.STORED, Outcome.GONE, Outcome.GONE),
                                       strict=True):  # fmt: skip
                runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
            runs.close_run(conn, run_id, status, None, NOW + HOUR)
        runs.record(conn, running, urls[0], Outcome.STORED, None, 200, NOW)
        health.keep(conn, site_id, last, RED, NOW)
        registry.schedule(conn, site_id, NOW + HOUR)
        first, second = site_metrics.of_sites(conn, NOW)
    assert (first.site, first.state, first.usual_per_day) == ("example", "red", 12.5)
    assert (first.articles, first.recent, first.waiting) == (2, 1, 3)
    assert first.next_due_at == NOW + HOUR
    assert first.last_run == LastRun(last, NOW, NOW + HOUR, False, {"stored": 1, "gone": 2})
    assert (second.site, second.state, second.last_run) == ("quiet", "ok", None)
    assert (second.articles, second.waiting, second.next_due_at) == (0, 0, None)
    assert quiet


def test_many_sites_cost_no_more_statements_than_one(sqlite: Database) -> None:
    counts = []
    asked: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    for names in (["a"], [f"s{n}" for n in range(50)]):
        with sqlite.transaction() as conn:
            for name in names:
                site_id = known_site(conn, name)
                runs.close_run(conn, open_run(conn, site_id), "done", None, NOW)
            asked.clear()
            site_metrics.of_sites(conn, NOW)
            counts.append(len(asked))
    assert counts == [3, 3]
