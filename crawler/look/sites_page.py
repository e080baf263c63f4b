"""The first page: all sites, the ones in trouble first."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.look.pages import page_number, reading, render
from crawler.look.sparkline import Sparkline, sparkline
from crawler.reports.daily_counts import daily_counts
from crawler.reports.site_list import ListedSite, listed_sites, totals
from models.clock import utc_now

DAYS: Final = 30
ROWS: Final = 50  # sites a page


@dataclass(frozen=True, slots=True)
class _Row:
    site: ListedSite
    chart: Sparkline


def sites(request: Request) -> Response:
    """One row each; `?q=` in their name or reason, `?page=` from 1."""
    text, page = request.query_params.get("q", "").strip(), page_number(request)
    with reading(request) as conn:
        counted = totals(conn, text)
        found = listed_sites(conn, text, limit=ROWS, offset=(page - 1) * ROWS)
        counts = daily_counts(conn, [site.site for site in found], DAYS, utc_now())
    return render(
        request,
        "sites.html",
        rows=[_Row(site, sparkline(counts[site.site])) for site in found],
        totals=counted,
        text=text,
        page=page,
        pages=max(1, -(-counted.sites // ROWS)),
        first=(page - 1) * ROWS + 1,
    )


routes: Final = [Route("/", sites)]
