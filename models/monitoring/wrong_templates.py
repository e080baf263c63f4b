"""Learned templates that proved wrong: what was read off them, until it has been read again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from models.crawl.run_rows import RUNS, SITE_EVENTS

KIND: Final = "template disagreed"  # of a site's event: a page read otherwise off its template


class WrongTemplates(NamedTuple):
    """A site's templates that proved wrong."""

    templates: int = 0
    articles: int = 0  # that were read off them, when that was seen


def detail(key: int, url: str, articles: int) -> Mapping[str, Any]:
    """What an event says: the template's key, a page that showed it, articles read off it."""
    return {"template": key, "page": url, "articles": articles}


def unmended(conn: Connection, site_id: int, after: int = 0) -> WrongTemplates:
    """The site's wrong templates with articles that no re-extraction has read again since.

    `after`: a run_id, excluded; what it and earlier runs noticed does not count.
    """
    query = select(SITE_EVENTS.c.run_id, SITE_EVENTS.c.detail).where(
        SITE_EVENTS.c.site_id == site_id, SITE_EVENTS.c.kind == KIND, SITE_EVENTS.c.run_id > after
    )
    events = conn.execute(query.order_by(SITE_EVENTS.c.event_id)).all()
    if not events:
        return WrongTemplates()
    again = select(func.max(RUNS.c.run_id)).where(
        RUNS.c.site_id == site_id,
        RUNS.c.run_id > events[0].run_id,
        RUNS.c.kind == "reextract",
        RUNS.c.status == "done",
    )
    mended = conn.execute(again).scalar() or 0
    articles = {e.detail["template"]: e.detail["articles"] for e in events if e.run_id > mended}
    left = [count for count in articles.values() if count]
    return WrongTemplates(len(left), sum(left))


def proved_wrong_since(conn: Connection, site_id: int, key: int, since: datetime) -> bool:
    """Whether a page has shown since then that this template of the site is wrong."""
    query = select(SITE_EVENTS.c.detail).where(
        SITE_EVENTS.c.site_id == site_id, SITE_EVENTS.c.kind == KIND, SITE_EVENTS.c.at >= since
    )
    return any(found["template"] == key for found in conn.execute(query).scalars())
