"""Where the URLs of a site's last runs led: few a day may lead to one consent page."""

import re
from typing import Final

from sqlalchemy import Connection, select

from models.crawl.run_rows import OUTCOMES
from models.crawl.runs import newest
from models.crawl.shared_targets import Redirect
from models.crawl.url_rows import URLS
from models.outcomes import Outcome

RUNS: Final = 10  # that are looked back on
MOST: Final = 1_000  # redirects of them
_LED_TO: Final = re.compile(r"redirects to (https?://\S+?)(?:,? as \d+ other pages do)?$")


def earlier_redirects(conn: Connection, site_id: int, run_id: int) -> list[Redirect]:
    """Where the URLs of the site's last runs led, of each the last time; at most `MOST`."""
    last = newest(conn, site_id, RUNS + 1)
    query = (
        select(URLS.c.url, URLS.c.url_id, URLS.c.article, OUTCOMES.c.outcome, OUTCOMES.c.reason)
        .join_from(OUTCOMES, URLS, URLS.c.url_id == OUTCOMES.c.url_id)
        .where(OUTCOMES.c.run_id.in_([one for one in last if one != run_id]))
        .where(OUTCOMES.c.outcome.in_([Outcome.DUPLICATE_URL, Outcome.BLOCKED]))
        .where(OUTCOMES.c.reason.like("redirects to http%"))
        .order_by(OUTCOMES.c.run_id.desc(), OUTCOMES.c.url_id)
        .limit(MOST)
    )
    found: dict[int, Redirect] = {}
    for url, url_id, article, outcome, reason in conn.execute(query):
        told = _LED_TO.match(reason)
        if told is not None:
            open_still = outcome == Outcome.DUPLICATE_URL and not article
            found.setdefault(url_id, Redirect(url, told[1], url_id if open_still else None))
    return list(found.values())
