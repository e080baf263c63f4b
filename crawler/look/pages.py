"""What the modules of pages share: the state of the application, reading, rendering."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from crawler.look.state import Look
from crawler.look.templating import environment
from migrations.revision import require_current
from models.sites import registry
from models.sites.registry import KnownSite
from models.text import nearest, plain

_MOST_PAGES: Final = 1_000_000
_LARGEST: Final = (1 << 63) - 1
_DIGITS: Final = 19
_SHOWN: Final = 40  # characters of a wrong word


def look_of(request: Request) -> Look:
    """The state that `create_app` was given."""
    return cast(Look, request.app.state.look)


@contextmanager
def reading(request: Request) -> Iterator[Connection]:
    """A connection that reads the database.

    Raises DatabaseNotReady if the database is gone or was upgraded while the server runs.
    """
    database = look_of(request).database
    require_current(database)
    with database.reading() as conn:
        yield conn


def render(
    request: Request, template: str, status_code: int = 200, **context: object
) -> HTMLResponse:
    """A page from a template; `look` and `request` are there besides the context."""
    text = (
        environment()
        .get_template(template)
        .render(look=look_of(request), request=request, **context)
    )
    return HTMLResponse(text, status_code)


def number_in_path(request: Request, name: str) -> int:
    """A number of the path, such as a cluster's. Raises HTTPException 404 for what is none."""
    word = str(request.path_params[name])
    if not is_number(word):
        raise HTTPException(404, f"there is no number {word[:_SHOWN]} in this database")
    return int(word)


def is_number(word: str) -> bool:
    """Whether a word is a number that a row may have."""
    return word.isdecimal() and len(word) <= _DIGITS and int(word) <= _LARGEST


def page_number(request: Request) -> int:
    """Which page of a long list is asked for by `?page=`, from 1. Raises HTTPException 400."""
    word = request.query_params.get("page", "1")
    if not is_number(word) or not 1 <= int(word) <= _MOST_PAGES:
        raise HTTPException(400, f"page={word[:_SHOWN]}: write a number from 1")
    return int(word)


def asked_text(request: Request, name: str) -> str:
    """A text of the query, as it would be stored: databases refuse some characters."""
    return plain(request.query_params.get(name, "")).strip()


def site_in_path(request: Request, conn: Connection) -> KnownSite:
    """The site that the path names. Raises HTTPException 404, naming the nearest."""
    name = plain(str(request.path_params["name"]))
    found = registry.known_sites(conn, name)
    if found:
        return found[0]
    near = nearest(name, sorted(registry.names(conn).values()))
    raise HTTPException(
        404, f"no run of a site {name!r} yet{f'; did you mean {near!r}?' if near else ''}"
    )
