"""How many archived copies a re-extraction has to read."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, distinct, exists, func, not_, or_, select

from models.archive.captures import CAPTURES
from models.crawl.run_rows import OUTCOMES
from models.crawl.url_rows import URLS
from models.outcomes import ERRORS, Outcome

_ROWS: Final = 1000  # read at a time


def count(
    conn: Connection,
    site_id: int,
    before: Sequence[int] = (),
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    match: re.Pattern[str] | None = None,
) -> int:
    """Pages of a site with a whole copy, less those that the runs `before` have finished.

    The rest as of crawler.runs.selection.
    """
    query = _with_copy(since, until).where(URLS.c.site_id == site_id)
    if before:
        done = exists().where(
            OUTCOMES.c.url_id == URLS.c.url_id,
            OUTCOMES.c.run_id.in_(before),
            OUTCOMES.c.outcome.not_in(sorted(ERRORS)),
        )
        query = query.where(not_(done))
    if match is None:
        counted = query.with_only_columns(func.count(distinct(URLS.c.url_id)))
        return int(conn.execute(counted).scalar_one())
    found = after = 0
    by_number = query.distinct().order_by(URLS.c.url_id).limit(_ROWS)
    while rows := conn.execute(by_number.where(URLS.c.url_id > after)).all():
        after = rows[-1].url_id
        found += sum(match.search(row.url) is not None for row in rows)
    return found


def counts(
    conn: Connection,
    site_ids: Sequence[int],
    since: datetime | None = None,
    until: datetime | None = None,
) -> dict[int, int]:
    """The same for each of several sites that has any, by site_id; nothing was begun of them."""
    query = _with_copy(since, until).where(URLS.c.site_id.in_(site_ids))
    counted = query.with_only_columns(URLS.c.site_id, func.count(distinct(URLS.c.url_id)))
    return {row[0]: row[1] for row in conn.execute(counted.group_by(URLS.c.site_id))}


def _with_copy(since: datetime | None, until: datetime | None) -> Select[Any]:
    query = select(URLS.c.url_id, URLS.c.url).join_from(
        URLS, CAPTURES, and_(CAPTURES.c.url_id == URLS.c.url_id, CAPTURES.c.truncated.is_(None))
    )
    # another URL of a stored page is no page of its own
    own = or_(
        URLS.c.outcome.is_(None), URLS.c.outcome != str(Outcome.DUPLICATE_URL), URLS.c.article
    )
    query = query.where(own)
    if since is not None:
        query = query.where(URLS.c.newest_at >= since)
    return query if until is None else query.where(URLS.c.newest_at < until)
