"""A database as `scrapy look` meets it in a large installation: made, not crawled.

Half of the articles are of the first site, the rest is shared out among the others. Every site has
a run a day for a month, the first one some thousand; every tenth is not well.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

from benchmarks.look_size import WORDS, Size
from models.articles import search_index
from models.articles.classifications import BLOCK_CLASSIFICATIONS
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES
from models.batches import batched
from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS, SITE_EVENTS
from models.crawl.url_rows import URLS
from models.db.database import Database
from models.duplicates.tables import CLUSTER_MEMBERS, CLUSTERS
from models.memory.entries import ENTRIES
from models.memory.samples import OCCURRENCES
from models.monitoring.health import SITE_HEALTH
from models.sites.registry import SITES
from models.sites.sources import SOURCES
from models.urls import url_key

Row = dict[str, Any]
RUN_DAYS: Final = 30  # a run a day of every site
_REASONS: Final = ("advert", "navigation", "related", "repeated")
_STATES: Final = ("red", "warn", *("ok",) * 18)
_REFUSED: Final = ("not_article", "gone", "timeout", "no_content")


def fill(database: Database, size: Size) -> None:
    """Makes all rows; the database is at head and empty."""
    makers: tuple[tuple[Table, Callable[[Size], Iterable[Row]]], ...] = (
        (SITES, _sites), (URLS, _urls), (RUNS, _runs), (RUN_COUNTS, _run_counts),
        (ARTICLES, _articles), (REVISIONS, _revisions), (OUTCOMES, _outcomes),
        (BLOCK_CLASSIFICATIONS, _blocks), (CLUSTER_MEMBERS, _members), (CLUSTERS, _clusters),
        (ENTRIES, _entries), (OCCURRENCES, _occurrences), (SITE_HEALTH, _health),
        (SOURCES, _sources), (SITE_EVENTS, _events),
    )  # fmt: skip
    for table, rows in makers:
        database.write_when_there(_adding(table, rows(size)))
    search_index.fill(database)
    if database.dialect == "postgresql":  # as its autovacuum does; nobody does it for SQLite
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("vacuum analyze")
            for table, _ in makers:  # the next row's number follows those that were given
                (first, *_) = table.primary_key.columns
                if table.autoincrement_column is first:
                    last = f"(select max({first.name}) from {table.name})"
                    place = f"pg_get_serial_sequence('{table.name}', '{first.name}')"
                    conn.exec_driver_sql(f"select setval({place}, {last})")


def _adding(table: Table, rows: Iterable[Row]) -> Callable[[Connection], None]:
    def add(conn: Connection) -> None:
        for some in batched(rows, 5_000):
            conn.execute(insert(table), some)

    return add


def _sites(size: Size) -> Iterator[Row]:
    for n in range(1, size.sites + 1):
        yield {
            "site_id": n, "name": f"site-{n}", "start_url": f"https://site-{n}.test/",
            "added_at": size.now - timedelta(days=400), "failures": 0,
            "next_due_at": size.now + timedelta(minutes=n),
        }  # fmt: skip


def _urls(size: Size) -> Iterator[Row]:
    for n in range(1, size.articles + 1):
        at = size.seen_at(n)
        yield {
            "url_id": n, "site_id": size.site_of(n), "url_key": url_key(size.url_of(n)),
            "url": size.url_of(n), "state": "done", "found_at": at, "found_by": "feed",
            "newest_at": at, "attempts": 0, "article": True, "gone_times": 0, "outcome": "stored",
        }  # fmt: skip


def _all_runs(size: Size) -> Iterator[tuple[int, int, datetime]]:
    """The number, the site and the start of each run, in their order."""
    starts = [
        (size.now - timedelta(days=day, seconds=20 * site), site)
        for site in range(1, size.sites + 1)
        for day in range(RUN_DAYS)
    ]
    gap = timedelta(days=90) / size.busy_runs
    starts += [(size.now - gap * n - timedelta(seconds=7), 1) for n in range(size.busy_runs)]
    for number, (at, site) in enumerate(sorted(starts), start=1):
        yield number, site, at


def _runs(size: Size) -> Iterator[Row]:
    for number, site, at in _all_runs(size):
        end = at + timedelta(seconds=90)
        yield {
            "run_id": number, "kind": "visit", "site_id": site, "owner": "host:1:ab",
            "started_at": at, "alive_at": end, "finished_at": end, "status": "done",
        }  # fmt: skip


def _run_counts(size: Size) -> Iterator[Row]:
    for number, _, _ in _all_runs(size):
        for outcome, urls in (("stored", 3), ("unchanged", 20), ("not_article", 2), ("timeout", 1)):
            yield {"run_id": number, "outcome": outcome, "urls": urls + number % 5}


def _articles(size: Size) -> Iterator[Row]:
    for n in range(1, size.articles + 1):
        at = size.seen_at(n)
        yield {
            "article_id": n, "site_id": size.site_of(n), "url_id": n, "revision": 1, "version": 1,
            "first_seen_at": at, "fetched_at": at, "updated_at": at, "published_at": at,
        }  # fmt: skip


def _revisions(size: Size) -> Iterator[Row]:
    for n in range(1, size.articles + 1):
        at = size.seen_at(n)
        yield {
            "article_id": n, "revision": 1, "url": size.url_of(n), "authors": ["Ada Lind"],
            "title": f"{WORDS[n % 8]} {WORDS[n // 8 % 8]} {n}".capitalize(), "tags": [],
            "published_at": at, "published_precision": "time", "language": "en",
            "field_sources": {}, "text": size.text_of(n), "word_count": 250 + n % 100,
            "content_hash": f"{n:064x}", "extractor": "winnow/3 template", "change": "first",
            "fetched_at": at, "extracted_at": at,
        }  # fmt: skip


def _outcomes(size: Size) -> Iterator[Row]:
    """Of the last runs: forty pages each, a quarter of them refused or failed."""
    for number, site, at in list(_all_runs(size))[-size.noted_runs :]:
        for k in range(40):
            n = 1 + (number * 40 + k) % size.articles
            outcome = "unchanged" if k % 4 else _REFUSED[k // 4 % 4]
            yield {
                "run_id": number, "url_id": n, "outcome": outcome, "at": at,
                "reason": None if k % 4 else f"it has {site % 9} words", "http_status": 200,
            }  # fmt: skip


def _blocks(size: Size) -> Iterator[Row]:
    for n in range(1, size.articles + 1):
        for place, reason in enumerate(_REASONS[: 2 + n % 3]):
            yield {
                "article_id": n, "position": 3 * place, "action": "removed", "reason": reason,
                "excerpt": f"Read more about the {WORDS[n % 8]} here.", "evidence": {"blocks": 2},
            }  # fmt: skip


def _cluster_of(size: Size, n: int) -> int | None:
    """The first articles are one cluster; of the others each tenth is one with the next."""
    if n <= size.cluster:
        return 1
    return n - n % 10 if n % 10 < 2 and n - n % 10 > size.cluster else None


def _members(size: Size) -> Iterator[Row]:
    for n in range(1, size.articles + 1):
        cluster = _cluster_of(size, n)
        copy = cluster is not None and cluster != n
        yield {
            "article_id": n, "cluster_id": cluster, "state": 1, "revision": 1, "tokens": 300,
            "similarity": 0.8 if copy else None, "reason": "near-duplicate" if copy else None,
        }  # fmt: skip


def _clusters(size: Size) -> Iterator[Row]:
    pairs = (n for n in range(size.cluster + 1, size.articles) if _cluster_of(size, n) == n)
    for n in (1, *pairs):
        yield {
            "cluster_id": n, "original_id": n, "size": size.cluster if n == 1 else 2, "due": 0,
            "reason": "published first", "updated_at": size.seen_at(n),
        }  # fmt: skip


def _entry_keys(size: Size) -> Iterator[tuple[int, int, str]]:
    for site in range(1, size.sites + 1):
        for k in range(size.texts if site == 1 else 12):
            yield site, site * 10_000 + k, "dom_path" if k % 4 == 0 else "block"


def _entries(size: Size) -> Iterator[Row]:
    for site, key, kind in _entry_keys(size):
        text = f"main>article>div.box-{key}>p" if kind == "dom_path" else f"Our paper, part {key}."
        yield {
            "site_id": site, "entry_key": key, "kind": kind, "text": text,
            "first_seen_at": size.now - timedelta(days=80), "last_seen_at": size.now,
        }  # fmt: skip


def _occurrences(size: Size) -> Iterator[Row]:
    for site, key, kind in _entry_keys(size):
        for k in range(16 if site == 1 else 3):
            path = {"kept_words": 80, "words": 100} if kind == "dom_path" else {}
            yield {
                "site_id": site, "entry_key": key, "page_hash": 977 * k + key, "page": 1 + 2 * k,
                "fingerprint": k + 1, "kept_words": None, "words": None, **path,
            }  # fmt: skip


def _health(size: Size) -> Iterator[Row]:
    for n in range(1, size.sites + 1):
        state = _STATES[n % len(_STATES)]
        reason = None if state == "ok" else f"no new article for {n % 9 + 2} days (usual: 3 a day)"
        alarm = {"monitor": "silence", "state": state, "reason": reason, "since_run": 1}
        yield {
            "site_id": n, "checked_at": size.now, "usual_per_day": 3.0, "empty_share": 0.02,
            "usual_empty_share": 0.01, "median_words": 290.0, "usual_median_words": 300.0,
            "state": state, "reason": reason,
            "details": None if state == "ok" else {"alarms": [{**alarm, "examples": []}]},
        }  # fmt: skip


def _sources(size: Size) -> Iterator[Row]:
    for n in range(1, size.sites + 1):
        for kind in ("feed", "sitemap"):
            url = f"https://site-{n}.test/{kind}.xml"
            yield {
                "site_id": n, "url_key": url_key(url), "url": url, "kind": kind,
                "named_by": "site", "read_at": size.now, "failures": 0, "links": 20,
            }  # fmt: skip


def _events(size: Size) -> Iterator[Row]:
    for n in range(1, size.sites + 1, 7):
        detail = {"template_key": n, "first_page": n, "first_run": 1, "pages": 14}
        at = size.now - timedelta(days=20)
        yield {"site_id": n, "at": at, "kind": "template changed", "detail": detail}
