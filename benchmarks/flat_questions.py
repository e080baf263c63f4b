"""What readers, commands and crawls ask a database, at the places where an archive is largest."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from benchmarks.flat_archive import Size, url_of
from crawler.operations import health_check
from crawler.reports import export, health, runs, why
from models.archive import captures
from models.articles import articles, documents, extractions, known_pages
from models.articles import rows as article_rows
from models.crawl import frontier, waiting
from models.crawl import runs as run_store
from models.crawl.run import Run
from models.duplicates import clusters, index
from models.duplicates.index import IndexEntry, TextKeys
from models.items import Hint, Link
from models.monitoring import (
    alerts,
    publication,
    run_endings,
    run_metrics,
    site_metrics,
    wrong_templates,
)
from models.outcomes import Outcome
from models.scheduling import revisit_policy, run_lifecycle, visit_policy
from models.sites import leases, registry
from models.views.catalog import VIEWS
from tests.factories import make_article, make_page, make_site

Ask = Callable[[Connection], Any]
LARGE: Final = 1  # the site that half of all is of
SMALL: Final = 2
_DOCS: Final = Path(__file__).parents[1] / "docs"
_SQL: Final = re.compile(r"```sql\n(.*?)```", re.DOTALL)
_ENDS: Final = re.compile(r";\s*$", re.MULTILINE)
_COMMENT: Final = re.compile(r"--.*")
_NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}
_DATABASES: Final = re.compile("|".join(_NAMES.values()))
# its order where the view has one of its own
_KEYS: Final = {
    "v1_articles": "order by article_id", "v1_revisions": "order by article_id, revision",
    "v1_changes": "order by change_id desc", "v1_clusters": "order by cluster_id, article_id",
    "v1_excerpts": "", "v1_removed_blocks": "order by article_id, position",
    "v1_restored_blocks": "order by article_id, position", "v1_runs": "order by run_id desc",
    "v1_outcomes": "order by run_id desc", "v1_captures": "order by capture_id desc",
    "v1_former_urls": "order by article_id", "v1_workers": "order by worker",
}  # fmt: skip
# v1_site_health counts each site's articles: an aggregate over all rows
OVER_ALL: Final = frozenset({"v1_site_health"})


def documented(size: Size, dialect: str) -> dict[str, Ask]:
    """Every query of the documentation for a database, about the large site and the newest rows."""
    last = datetime.fromtimestamp(1700000000 + size.articles * 60, UTC)
    told = {
        "'example'": "'site-1'", "2026-11-22": f"{last - timedelta(days=1):%Y-%m-%d}",
        "2026-11-23": f"{last:%Y-%m-%d}", "48211": str(size.articles - 2000),
        "= 17": f"= {size.articles // 2}",
    }  # fmt: skip
    found: dict[str, Ask] = {}
    for page, said in manual_queries(dialect):
        if "v1_search" in said:
            continue  # benchmarks/search.py asks it
        asked = reduce(lambda sql, example: sql.replace(*example), told.items(), said)
        found[f"docs/{page}: {' '.join(asked.split())[:60]}"] = partial(_read, asked)
    return found


def manual_queries(dialect: str) -> Iterator[tuple[str, str]]:
    """The page and the text of each query of the documentation that a database takes.

    A comment that names databases says for which of them the query below it is.
    """
    for page in sorted(_DOCS.glob("*.md")):
        for block in _SQL.findall(page.read_text("utf-8")):
            for statement in _ENDS.split(block):
                of = _DATABASES.findall(" ".join(_COMMENT.findall(statement)))
                said = _COMMENT.sub("", statement).strip()
                if said.startswith("select") and (not of or _NAMES[dialect] in of):
                    yield page.name, said


def of_views(size: Size) -> dict[str, Ask]:
    """The first hundred rows of each view, and what readers find its rows by."""
    asked = {
        f"{view.name}, first 100": f"select * from {view.name} {_KEYS[view.name]} limit 100"
        for view in VIEWS
        if view.name not in OVER_ALL
    }
    url, half = url_of(size.articles, size), size.articles // 2
    asked |= {
        "an article by its URL": f"select * from v1_articles where url = '{url}'",
        "an article by a URL unknown": "select * from v1_articles where url = 'https://no.test/'",
        "the newest of a small site": "select * from v1_articles where site = 'site-2'"
        " order by published_at desc limit 100",
        "the last changed": "select * from v1_articles order by updated_at desc limit 100",
        "an article's cluster": f"select * from v1_clusters where article_id = {half}",
        "an article's excerpts": f"select * from v1_excerpts where article_id = {half}",
        "the captures of a run": "select * from v1_captures where run_id = 50",
        "the runs that failed": "select * from v1_runs where status = 'failed' limit 100",
    }
    return {name: partial(_read, said) for name, said in asked.items()}


def of_commands(size: Size) -> dict[str, Ask]:
    """What commands and the stages of a crawl ask."""
    now = datetime.fromtimestamp(1700000000 + size.articles * 60 + 3600, UTC)
    until = now + timedelta(minutes=10)
    url = url_of(size.articles, size)
    day = now - timedelta(days=1)
    run = Run(size.runs, "visit", make_site("site-1"), LARGE, f"host:{size.runs}", now)
    some = [url_of(n, size) for n in range(2, 200, 2)]
    links = [Link(one, "sitemap", "https://site-1.test/sitemap.xml", Hint(source="sitemap"))
             for one in some]  # fmt: skip
    page = make_page(url_id=size.articles, url=url)
    article = make_article(page=page)
    entry = IndexEntry(size.articles, 1, 5, 300, [n * 7919 for n in range(1, 17)])
    asked: dict[str, Ask] = {
        "why URL": lambda c: why.known(c, url),
        "why unknown URL": lambda c: why.known(c, "https://nowhere.test/a"),
        "runs": lambda c: runs.newest(c, None, 20),
        "runs --site -n 100": lambda c: runs.newest(c, "site-1", 100),
        "runs ID": lambda c: runs.one_run(c, size.runs),
        "export": lambda c: c.execute(export.chunk(range(9, 109), unique=False)).all(),
        "export --unique": lambda c: c.execute(export.chunk(range(9, 109), unique=True)).all(),
        "export: numbers": lambda c: article_rows.ids_after(c, 50, 100),
        "export --site: numbers": lambda c: article_rows.ids_after(c, 50, 100, LARGE),
        "export --since: numbers": lambda c: article_rows.changed_since(c, day),
        "export --since --site": lambda c: article_rows.changed_since(c, day, LARGE),
        "health NAME": lambda c: health.sources_of(c, "site-2"),
        "health check": lambda c: health_check.check_site(c, LARGE, now),
        "visit: sites": registry.known_sites,
        "visit: who holds": lambda c: leases.owner_of(c, LARGE, "fetch", now),
        "visit: killed runs": run_endings.unchecked,
        "visit: dead runs": lambda c: run_lifecycle.reap_dead_runs(c, now),
        "visit: begin": lambda c: run_lifecycle.begin(c, make_site("site-1"), "visit", "h:2", now),
        "visit: yield": lambda c: revisit_policy.revisit_yield(c, LARGE, now),
        "visit: next revisits": lambda c: revisit_policy.next_revisits(c, LARGE),
        "visit: what waits": lambda c: waiting.has_waiting(c, LARGE, now),
        "visit: pace": lambda c: visit_policy.pace(c, SMALL, now - timedelta(days=900), now),
        "visit: end": lambda c: run_lifecycle.end(c, run, "done", None, now),
        "visit: heartbeat": lambda c: run_lifecycle.heartbeat(c, run, now),
        "health: runs": lambda c: run_metrics.with_articles(c, run_metrics.of_runs(c, LARGE)[:20]),
        "health: endings": lambda c: run_endings.endings(c, LARGE),
        "health --prometheus: last runs": site_metrics.last_runs,
        "alerts: note": lambda c: alerts.record(c, SMALL, None, "ok", "red", "x", now),
        "alerts: waiting": lambda c: alerts.waiting(c, 1),
        "health: wrong templates": lambda c: wrong_templates.unmended(c, LARGE),
        "health: publication": lambda c: publication.visits(c, SMALL, now - timedelta(days=900)),
        "frontier: claim": lambda c: frontier.claim(c, LARGE, "h:2", 50, until, now),
        "frontier: claim, a small site": lambda c: frontier.claim(c, SMALL, "h:2", 50, until, now),
        "frontier: revisits": lambda c: frontier.claim_revisits(c, LARGE, "h:2", 50, until, now),
        "frontier: claim these": lambda c: frontier.claim_these(c, [5, 7], "h:2", until, now),
        "frontier: add 99 known": lambda c: frontier.add_links(c, LARGE, links, now),
        "frontier: URLs of a site": lambda c: frontier.urls_of(c, LARGE, limit=100),
        "frontier: URLs of a small site": lambda c: frontier.urls_of(c, SMALL, limit=100),
        "frontier: done": lambda c: frontier.acknowledge(
            c, size.articles, "h:2", Outcome.STORED, now
        ),
        "a page: known": lambda c: known_pages.of_url(c, size.articles),
        "a page: withdrawn": lambda c: articles.withdraw(c, size.articles, now),
        "a page: twins": lambda c: articles.twins(c, LARGE, article),
        "a page: the same text": lambda c: documents.with_text(
            c, LARGE, TextKeys(50, 50), 7, ["x"], 20
        ),
        "a page: candidates": lambda c: index.candidates(c, entry),
        "a template: read off, a small site": lambda c: extractions.read_off(c, SMALL, 7),
        "a template: proved wrong": lambda c: wrong_templates.proved_wrong_since(c, LARGE, 7, day),
        "a page: outcome": lambda c: run_store.record(
            c, size.runs, size.articles, Outcome.STORED, None, 200, now
        ),
        "duplicates: pending": lambda c: index.pending(c, 0, 100),
        "duplicates: due": lambda c: clusters.due(c, 0, 100),
        "duplicates: a text": lambda c: documents.load(c, [size.articles]),
        "reextract: pages": lambda c: known_pages.of_site(c, LARGE, 100, 100),
        "reextract: captures": lambda c: article_rows.captures_of(c, range(1, 50)),
        "reextract: resume": lambda c: run_store.resume(c, size.runs, LARGE, "reextract", "x"),
        "sites forget": lambda c: run_store.forbid_resume(c, LARGE),
        "why: captures": lambda c: captures.of_url(c, size.articles),
    }
    return asked


def all_of(size: Size, dialect: str) -> Mapping[str, Ask]:
    """Every question by its name."""
    return {**documented(size, dialect), **of_views(size), **of_commands(size)}


def _read(said: str, conn: Connection) -> list[Any]:
    rows: list[Any] = list(conn.execute(text(said)).fetchmany(100))
    return rows
