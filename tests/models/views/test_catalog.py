"""The views that readers may rely on: the same columns and the same answers on every database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, inspect, select, text

from models.crawl import runs
from models.db.database import Database
from models.duplicates.tables import CLUSTER_MEMBERS, CLUSTERS
from models.monitoring.health import SITE_HEALTH
from models.outcomes import Outcome
from models.views import catalog
from models.views.article_views import ARTICLES
from models.views.catalog import VIEWS
from models.views.run_views import CAPTURES, HEALTH, OUTCOMES, RUNS
from tests.factories import NOW, known_site, known_url, make_article, open_run, store_article

CONTRACT = {
    "v1_articles": "article_id, site, url, canonical_url, title, authors, published_at,"
    " published_precision, modified_at, language, description, image_url, tags, paywalled, text,"
    " word_count, content_hash, revision, first_seen_at, fetched_at, updated_at, duplicate_of,"
    " cluster_id, withdrawn_at",
    "v1_revisions": "article_id, revision, title, text, content_hash, fetched_at, extracted_at,"
    " extractor, change, capture_id",
    "v1_changes": "change_id, article_id, revision, kind, at",
    "v1_clusters": "cluster_id, article_id, is_original, similarity, reason",
    "v1_excerpts": "article_id, excerpt_of, similarity",
    "v1_removed_blocks": "article_id, position, excerpt, reason, evidence",
    "v1_runs": "run_id, kind, site, started_at, finished_at, status, urls, stored, revised,"
    " unchanged, refused, errors, pages_per_second",
    "v1_outcomes": "run_id, url, outcome, reason, http_status, at",
    "v1_site_health": "site, last_run_at, next_due_at, articles, articles_7d, usual_per_day,"
    " empty_share, usual_empty_share, median_words, usual_median_words, state, reason",
}


def one(database: Database, view: str) -> dict[str, object]:
    with database.reading() as conn:
        return dict(conn.execute(text(f"select * from {view}")).mappings().one())


def test_every_view_of_the_contract_has_its_columns(database: Database) -> None:
    found = inspect(database.engine)
    for name, listed in CONTRACT.items():
        columns = [column["name"] for column in found.get_columns(name)]
        promised = listed.split(", ")
        assert columns[: len(promised)] == promised, name


def test_every_view_answers_when_nothing_is_stored(database: Database) -> None:
    with database.reading() as conn:
        for view in VIEWS:
            assert conn.execute(select(view.table())).all() == []


def test_the_columns_of_views_carry_their_comments_on_postgresql(database: Database) -> None:
    if database.dialect != "postgresql":
        pytest.skip("only PostgreSQL keeps comments on the columns of views")
    for view in VIEWS:
        told = {c["name"]: c["comment"] for c in inspect(database.engine).get_columns(view.name)}
        assert told == {column.name: column.comment for column in view.columns}


def test_the_page_for_readers_says_what_the_views_are() -> None:
    page = (Path(__file__).parents[3] / "docs/reading.md").read_text("utf-8")
    assert page.endswith(catalog.reference()), (
        "docs/reading.md ends with what `scrapy db describe` prints"
    )


def test_a_run_adds_up_while_it_runs_and_when_it_is_over(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id = open_run(conn, site_id)
        for n, outcome in enumerate(Outcome):
            url_id = known_url(conn, site_id, f"https://example.test/{n}")
            runs.record(conn, run_id, url_id, outcome, None, 200, NOW)
        runs.heartbeat(conn, run_id, NOW + timedelta(seconds=4))
    running = one(database, RUNS.name)
    with database.transaction() as conn:
        runs.close_run(conn, run_id, "done", None, NOW + timedelta(seconds=8))
        conn.execute(text("delete from outcomes"))
    over = one(database, RUNS.name)
    for row in (running, over):
        kinds = ("stored", "revised", "unchanged", "refused", "errors")
        assert [row[kind] for kind in kinds] == [1, 1, 2, 14, 8]
        assert row["urls"] == len(Outcome) == sum(row[kind] for kind in kinds)
    assert (running["status"], running["finished_at"]) == ("running", None)
    assert float(running["pages_per_second"]) == pytest.approx(len(Outcome) / 4, rel=1e-3)
    assert float(over["pages_per_second"]) == pytest.approx(len(Outcome) / 8, rel=1e-3)


def test_a_run_without_urls_counts_none(database: Database) -> None:
    with database.transaction() as conn:
        open_run(conn, known_site(conn))
    row = one(database, RUNS.name)
    assert (row["urls"], row["errors"], row["pages_per_second"]) == (0, 0, None)


def test_outcomes_name_the_url(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        run_id, url_id = open_run(conn, site_id), known_url(conn, site_id)
        runs.record(conn, run_id, url_id, Outcome.HTTP_ERROR, "server error", 503, NOW)
        runs.record(conn, run_id, url_id, Outcome.TIMEOUT, "30 s", None, NOW)
    row = one(database, OUTCOMES.name)
    assert (row["url"], row["outcome"], row["reason"], row["http_status"]) == (
        "https://example.test/1", "timeout", "30 s", None,
    )  # fmt: skip


def test_an_article_of_a_cluster_names_its_original(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        first, copy, single = (
            store_article(
                conn, site_id, make_article(url_id=known_url(conn, site_id, f"https://example.test/{n}")),
                NOW,
            ).article_id
            for n in range(3)
        )  # fmt: skip
        member = {
            "cluster_id": first,
            "state": 1,
            "body_key": 1,
            "tokens": 13,
            "similarity": None,
            "revision": 1,
        }
        rows = (
            member | {"article_id": first, "reason": None},
            member | {"article_id": copy, "reason": "exact", "similarity": 1.0},
            member | {"article_id": single, "reason": None, "cluster_id": single},
        )
        conn.execute(delete(CLUSTER_MEMBERS))  # the articles are pending in it
        for row in rows:
            conn.execute(insert(CLUSTER_MEMBERS), [row])
        conn.execute(
            insert(CLUSTERS),
            [{"cluster_id": first, "original_id": first, "reason": "published first", "size": 2,
              "updated_at": NOW, "due": 0}],
        )  # fmt: skip
    with database.reading() as conn:
        found = conn.execute(
            text("select article_id, duplicate_of, cluster_id from v1_articles order by 1")
        ).all()
        assert [tuple(row) for row in found] == [
            (first, None, first),
            (copy, first, first),
            (single, None, single),
        ]
        found = conn.execute(
            text("select article_id, is_original, similarity, reason from v1_clusters order by 1")
        ).all()
    assert [tuple(row) for row in found] == [
        (first, 1, 1.0, "published first"),
        (copy, 0, 1.0, "exact"),
    ]


def test_every_site_has_a_row_of_health(database: Database) -> None:
    with database.transaction() as conn:
        fresh, checked = known_site(conn, "fresh"), known_site(conn, "checked")
        store_article(conn, checked, make_article(url_id=known_url(conn, checked)), NOW)
        run_id = open_run(conn, checked)
        conn.execute(
            insert(SITE_HEALTH),
            [{"site_id": checked, "checked_at": NOW, "run_id": run_id, "usual_per_day": 4.5,
              "state": "red", "reason": "no text on 9 of 10 pages"}],
        )  # fmt: skip
    with database.reading() as conn:
        rows = {row["site"]: row for row in conn.execute(select(HEALTH.table())).mappings()}
    assert fresh != checked
    assert (rows["fresh"]["state"], rows["fresh"]["reason"]) == ("ok", "not judged yet")
    assert (rows["fresh"]["articles"], rows["fresh"]["last_run_at"]) == (0, None)
    told = rows["checked"]
    assert (told["state"], told["reason"]) == ("red", "no text on 9 of 10 pages")
    assert (told["articles"], float(told["usual_per_day"])) == (1, 4.5)
    assert str(told["last_run_at"]).startswith("2026-11-22 05:30")


def test_articles_of_the_last_week_are_counted(database: Database) -> None:
    with database.transaction() as conn:
        site_id = known_site(conn)
        for n, age in enumerate((timedelta(days=6), timedelta(days=8))):
            kept = store_article(
                conn, site_id, make_article(url_id=known_url(conn, site_id, f"https://example.test/{n}")),
                datetime.now(UTC) - age,
            )  # fmt: skip
            assert kept.outcome == "stored"
    row = one(database, HEALTH.name)
    assert (row["articles"], row["articles_7d"]) == (2, 1)


def test_views_have_names_and_comments_of_their_own() -> None:
    assert len({view.name for view in VIEWS}) == len(VIEWS)
    for view in VIEWS:
        names = [column.name for column in view.columns]
        assert len(set(names)) == len(names)
        assert all(column.comment for column in view.columns), view.name
    assert {ARTICLES, RUNS, CAPTURES} <= set(VIEWS)
