"""The application: its pages, and what every request passes."""

from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from crawler.look import cluster_page, live_page, search_page, site_charts, site_page, sites_page
from crawler.look.faults import Faults, not_found
from crawler.look.security import Security
from crawler.look.state import Look
from crawler.look.templating import FOLDER

PAGES: Final = (
    sites_page,
    site_page,
    site_charts,
    cluster_page,
    live_page,
    search_page,
)  # modules with `routes`


def create_app(look: Look) -> Starlette:
    """The application over one database and archive."""
    routes: list[BaseRoute] = [route for page in PAGES for route in page.routes]
    app = Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=FOLDER / "static"))],
        middleware=[
            Middleware(Security, token=look.token, port=look.port),
            Middleware(Faults, database=look.database),
        ],
        exception_handlers={HTTPException: not_found},
    )
    app.state.look = look
    return app
