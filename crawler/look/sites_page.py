"""The first page: all sites, the ones in trouble first."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.look.pages import asked_text, look_of, page_number, reading, render
from crawler.look.site_files import SiteFiles
from crawler.look.sparkline import Sparkline, sparkline
from crawler.reports.daily_counts import daily_counts
from crawler.reports.site_list import ListedSite, listed_sites, totals
from models.clock import utc_now
from models.sites import registry

DAYS: Final = 30
ROWS: Final = 50  # sites a page
WAITING: Final = 20  # sites without a run that are named


@dataclass(frozen=True, slots=True)
class _Row:
    site: ListedSite
    chart: Sparkline
    no_file: bool  # it is not visited any more
    disabled: bool


def sites(request: Request) -> Response:
    """One row each; `?q=` in their name or reason, `?page=` from 1."""
    text, page = asked_text(request, "q"), page_number(request)
    files = SiteFiles.of(look_of(request).sites_dir)
    disabled = files.disabled()
    with reading(request) as conn:
        counted = totals(conn, text, disabled)
        found = listed_sites(conn, text, limit=ROWS, offset=(page - 1) * ROWS, disabled=disabled)
        waiting = files.without_run(registry.names(conn).values())
        counts = daily_counts(conn, [site.site for site in found], DAYS, utc_now())
    return render(
        request,
        "sites.html",
        rows=[
            _Row(
                site,
                sparkline(counts[site.site]),
                no_file=files.lacks(site.site),
                disabled=site.site in disabled,
            )
            for site in found
        ],
        waiting=waiting[:WAITING],
        more_waiting=len(waiting) - WAITING,
        totals=counted,
        text=text,
        page=page,
        pages=max(1, -(-counted.sites // ROWS)),
        first=(page - 1) * ROWS + 1,
    )


routes: Final = [Route("/", sites)]
