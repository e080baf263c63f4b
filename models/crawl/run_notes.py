"""What runs noted of pages and sites, with the numbers by which pages are shown."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from models.crawl.run_rows import OUTCOMES, SITE_EVENTS
from models.crawl.url_rows import URLS

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
