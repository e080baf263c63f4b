"""Runs under way, with their counts; a script fetches the fragment anew while one looks."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.look.pages import reading, render
from crawler.reports.live_runs import live_runs
from models.clock import utc_now

ENDED: Final = 20  # runs that are over


def live(request: Request) -> Response:
    """The whole page."""
    return _rendered(request, "live.html")


def fragment(request: Request) -> Response:
    """Its tables alone."""
    return _rendered(request, "live_runs.html")


def _rendered(request: Request, template: str) -> Response:
    with reading(request) as conn:
        return render(request, template, live=live_runs(conn, ENDED, utc_now()))


routes: Final = [Route("/live", live), Route("/live/runs", fragment)]
