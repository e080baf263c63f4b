"""The page of a site: how it does, what it brought, what it has taught."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crawler.look.pages import is_number, look_of, reading, render, site_in_path
from crawler.look.site_charts import CHARTS, SPANS, span
from crawler.look.site_files import SiteFiles
from crawler.look.site_memory_page import shown_memory
from crawler.reports import runs
from crawler.reports.article_list import listed_articles
from crawler.reports.health import sites_health
from models.articles import rows
from models.clock import utc_now
from models.crawl.run_notes import outcomes_besides, template_changes
from models.outcomes import KEPT
from models.sites.registry import KnownSite
from models.sites.sources import list_sources

ARTICLES: Final = 30  # a page of the list
RUNS: Final = 20
LOOKED_AT: Final = 10  # runs whose refusals are listed
REFUSED: Final = 50


def site(request: Request) -> Response:
    """All of one site; `?days=` of the charts, `?before=` an article number for older ones."""
    days, before = span(request), _before(request)
    with reading(request) as conn:
        known = site_in_path(request, conn)
        shown = _shown(conn, known, before, days)
    disabled = SiteFiles.of(look_of(request).sites_dir).disables(known.name)
    return render(
        request, "site.html", site=known, disabled=disabled, days=days, before=before, **shown
    )


def _shown(conn: Connection, site: KnownSite, before: int | None, days: int) -> dict[str, Any]:
    since = utc_now() - timedelta(days=days)
    numbers = rows.newest_of_site(conn, site.site_id, ARTICLES + 1, before)
    newest_runs = runs.newest(conn, site.name, RUNS)
    run_ids = [run["run_id"] for run in newest_runs[:LOOKED_AT]]
    return {
        "health": sites_health(conn, site.name)[0],
        "charts": CHARTS,
        "spans": SPANS,
        "changes": template_changes(conn, site.site_id, since),
        "sources": list_sources(conn, site.site_id),
        "articles": listed_articles(conn, numbers[:ARTICLES]),
        "older": numbers[ARTICLES - 1] if len(numbers) > ARTICLES else None,
        "refused": outcomes_besides(conn, run_ids, KEPT, REFUSED),
        "most_refused": REFUSED,
        "looked_at": len(run_ids),
        "runs": newest_runs,
        "memory": shown_memory(conn, site.site_id),
    }


def _before(request: Request) -> int | None:
    word = request.query_params.get("before")
    if word is None:
        return None
    if not is_number(word):
        raise HTTPException(400, f"before={word[:40]}: write the number of an article")
    return int(word)


routes: Final = [Route("/site/{name}", site)]
