"""Search: articles by their words and addresses; a number or a whole address leads to its page."""

from typing import Final

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crawler.look.opening import url_id_of
from crawler.look.pages import asked_text, is_number, number_in_path, reading, render
from crawler.reports.article_list import listed_articles
from models.articles import rows
from models.articles.search import Found, by_address, by_titles, by_words
from models.articles.search_index import is_on
from models.articles.search_query import parse
from models.errors import UsageError
from models.sites import registry

MOST: Final = 50  # articles of an answer
SITES: Final = 10
LONGEST: Final = 2_000  # characters of a question


def search(request: Request) -> Response:
    """`?q=` words, an address or its beginning, or the number of an article.

    With WINNOW_SEARCH off, words are looked for in titles and addresses, and the page says so.
    """
    query = asked_text(request, "q")
    if len(query) > LONGEST:
        raise HTTPException(400, f"a question of more than {LONGEST} characters")
    if not query:
        return render(request, "search.html", query="", articles=[], sites=[])
    wrong = None
    with reading(request) as conn:
        page = _page_of(conn, query)
        if page is not None:
            return RedirectResponse(f"/page/{page}", 303)
        is_full = is_on(conn)
        try:
            found = _found(conn, query)
        except UsageError as nothing:
            found, wrong = Found((), None, more=False), str(nothing)
        articles = listed_articles(conn, found.article_ids)
        names = sorted(registry.names(conn).values())
    sites = [name for name in names if query.lower() in name.lower()][:SITES]
    return render(
        request, "search.html", query=query, found=found, articles=articles, sites=sites,
        is_full=is_full, wrong=wrong,
    )  # fmt: skip


def article(request: Request) -> Response:
    """Leads to the page of an article by its number."""
    number = number_in_path(request, "article_id")
    with reading(request) as conn:
        page = rows.url_ids_of(conn, [number]).get(number)
    if page is None:
        raise HTTPException(404, f"there is no article {number}")
    return RedirectResponse(f"/page/{page}", 303)


def _page_of(conn: Connection, query: str) -> int | None:
    """The url_id of the page that the question names, by number or by its whole address."""
    if is_number(query):
        return rows.url_ids_of(conn, [int(query)]).get(int(query))
    if "://" not in query:
        return None
    try:
        return url_id_of(conn, query)
    except UsageError:  # the beginning of an address need not be one
        return None


def _found(conn: Connection, query: str) -> Found:
    if "://" in query and " " not in query:
        return by_address(conn, query, MOST)
    if is_on(conn):
        return by_words(conn, parse(query), MOST)
    return by_titles(conn, query, MOST)


routes: Final = [Route("/search", search), Route("/article/{article_id}", article)]
