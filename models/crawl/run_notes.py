"""What runs noted of pages and sites, with the numbers by which pages are shown."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from models.crawl.run_rows import OUTCOMES, RUNS, SITE_EVENTS
from models.crawl.url_rows import URLS
from models.db.owners import is_dead

TEMPLATE_CHANGED: Final = "template changed"  # a kind of SITE_EVENTS


class NotedOutcome(NamedTuple):
    """What became of a page in a run."""

    run_id: int
    url_id: int
    url: str
    outcome: str
    reason: str | None
    http_status: int | None
    at: datetime


class TemplateChange(NamedTuple):
    """A run found most of a site's newest pages to be made with another template."""

    at: datetime
    pages: int  # of the newest
    first_page: int  # url_id


class SignOfLife(NamedTuple):
    """When a run that is not over was last heard of, and whether its process is surely gone."""

    at: datetime
    dead: bool


def running(conn: Connection) -> list[int]:
    """Numbers of the runs that nobody closed yet, the newest first."""
    query = select(RUNS.c.run_id).where(RUNS.c.status == "running")
    return list(conn.scalars(query.order_by(RUNS.c.run_id.desc())))


def signs_of_life(conn: Connection, run_ids: Sequence[int]) -> dict[int, SignOfLife]:
    """The last sign of life of each of these runs."""
    query = select(RUNS.c.run_id, RUNS.c.alive_at, RUNS.c.owner)
    rows = conn.execute(query.where(RUNS.c.run_id.in_(run_ids)))
    return {row.run_id: SignOfLife(row.alive_at, is_dead(row.owner)) for row in rows}


def outcomes_besides(
    conn: Connection, run_ids: Sequence[int], kept: Collection[str], limit: int
) -> list[NotedOutcome]:
    """Outcomes of these runs but those `kept`, of the newest run first."""
    if not run_ids:
        return []
    columns = OUTCOMES.c
    query = (
        select(
            columns.run_id, columns.url_id, URLS.c.url, columns.outcome, columns.reason,
            columns.http_status, columns.at,
        )
        .join_from(OUTCOMES, URLS, URLS.c.url_id == columns.url_id)
        .where(columns.run_id.in_(run_ids), columns.outcome.not_in(sorted(kept)))
        .order_by(columns.run_id.desc(), columns.url_id)
        .limit(limit)
    )  # fmt: skip
    return [NotedOutcome(*row) for row in conn.execute(query)]


def template_changes(conn: Connection, site_id: int, since: datetime) -> list[TemplateChange]:
    """The changes of template that runs noticed since a time, the newest first."""
    query = select(SITE_EVENTS.c.at, SITE_EVENTS.c.detail).where(
        SITE_EVENTS.c.site_id == site_id,
        SITE_EVENTS.c.at >= since,
        SITE_EVENTS.c.kind == TEMPLATE_CHANGED,
    )
    return [
        TemplateChange(at, int(detail["pages"]), int(detail["first_page"]))
        for at, detail in conn.execute(query.order_by(SITE_EVENTS.c.at.desc()))
    ]


def urls_by_number(conn: Connection, url_ids: Collection[int]) -> dict[int, str]:
    """The URLs of these numbers, as they are requested."""
    query = select(URLS.c.url_id, URLS.c.url).where(URLS.c.url_id.in_(sorted(url_ids)))
    return {row.url_id: row.url for row in conn.execute(query)}
