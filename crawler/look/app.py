"""The application: its pages, and what every request passes."""

from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from crawler.inspection.selector_matches import SelectorMatcher
from crawler.look import (
    cluster_page,
    inspector_page,
    inspector_texts,
    live_page,
    rule_routes,
    search_page,
    site_charts,
    site_page,
    sites_page,
)
from crawler.look.faults import Faults, not_found
from crawler.look.rule_routes import Rules
from crawler.look.security import Security
from crawler.look.state import Look
from crawler.look.templating import FOLDER

PAGES: Final = (  # modules with `routes`
    sites_page,
    site_page,
    site_charts,
    inspector_page,
    inspector_texts,
    rule_routes,
    cluster_page,
    live_page,
    search_page,
)


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
    app.state.rules = Rules(SelectorMatcher(look.archive))
    return app
