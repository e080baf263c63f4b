"""The charts of a site, each a picture at an address of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.look.charts import Form, Values, chart
from crawler.look.pages import reading, site_in_path
from crawler.reports.daily_counts import KINDS, daily_counts
from crawler.reports.day_samples import MOST, day_samples, median_words, removed_blocks
from models.clock import utc_now
from models.crawl.run_notes import template_changes
from models.sites.registry import KnownSite

SPANS: Final = (30, 90)  # days


@dataclass(frozen=True, slots=True)
class SiteChart:
    """One chart: its name in the address, what it shows, and how it is drawn."""

    name: str
    title: str
    note: str
    form: Form
    series: Callable[[Connection, KnownSite, int, datetime], Mapping[str, Values]]


def _articles(conn: Connection, site: KnownSite, days: int, now: datetime) -> Mapping[str, Values]:
    counted = daily_counts(conn, [site.name], days, now)[site.name]
    return {"stored": [day.stored for day in counted]}


def _outcomes(conn: Connection, site: KnownSite, days: int, now: datetime) -> Mapping[str, Values]:
    counted = daily_counts(conn, [site.name], days, now)[site.name]
    return {kind: [getattr(day, kind) for day in counted] for kind in KINDS}


def _words(conn: Connection, site: KnownSite, days: int, now: datetime) -> Mapping[str, Values]:
    return {"median words": median_words(conn, day_samples(conn, site.site_id, days, now))}


def _removed(conn: Connection, site: KnownSite, days: int, now: datetime) -> Mapping[str, Values]:
    return removed_blocks(conn, day_samples(conn, site.site_id, days, now))


_SAMPLE: Final = f"A sample: the first {MOST} articles of each day."
CHARTS: Final = (
    SiteChart("articles", "New articles a day", "By the runs that began that day.", "bars",
              _articles),
    SiteChart("outcomes", "What became of the URLs of each day", "Counted once in each run.",
              "stacked", _outcomes),
    SiteChart("words", "Median words of a new article", _SAMPLE, "lines", _words),
    SiteChart("removed", "Blocks removed from an article, by reason", _SAMPLE, "stacked",
              _removed),
)  # fmt: skip
_BY_NAME: Final = {one.name: one for one in CHARTS}


def span(request: Request) -> int:
    """The days that `?days=` asks for. Raises HTTPException 400 for any other number."""
    word = request.query_params.get("days", str(SPANS[0]))
    if word not in map(str, SPANS):
        raise HTTPException(400, f"days={word[:40]}: write {' or '.join(map(str, SPANS))}")
    return int(word)


def changed_days(conn: Connection, site_id: int, days: int, now: datetime) -> set[date]:
    """The days on which runs noticed a change of template."""
    changes = template_changes(conn, site_id, now - timedelta(days=days))
    return {change.at.date() for change in changes}


def site_chart(request: Request) -> Response:
    """The SVG of one chart."""
    wanted = _BY_NAME.get(request.path_params["chart"])
    if wanted is None:
        raise HTTPException(404, f"no chart {request.path_params['chart']!r}")
    days, now = span(request), utc_now()
    with reading(request) as conn:
        site = site_in_path(request, conn)
        series = wanted.series(conn, site, days, now)
        marked = changed_days(conn, site.site_id, days, now)
    calendar = [now.date() - timedelta(days=ago) for ago in reversed(range(days))]
    svg = chart(wanted.form, calendar, series, marked)
    return Response(svg, media_type="image/svg+xml")


routes: Final = [Route("/site/{name}/charts/{chart}.svg", site_chart)]
