"""What is said of a page that cannot be made; a traceback is logged only if the fault is ours."""

import logging
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crawler.look.templating import environment
from migrations.revision import require_current
from models.db.database import Database
from models.db.faults import is_away, is_conflict, own_fault, reason_of
from models.errors import DatabaseAway, DatabaseNotReady, WinnowError

_LOG: Final = logging.getLogger(__name__)
_OURS: Final = (
    "This page could not be made. The terminal in which scrapy look runs shows the traceback;"
    " please report it. The other pages work on."
)


class Faults:
    """ASGI middleware: turns what a page raises into an answer."""

    def __init__(self, app: ASGIApp, *, database: Database) -> None:
        self._app = app
        self._database = database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands on; a fault after the first byte was sent ends the connection."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as fault:
            if started:
                raise
            await self._answer(scope["path"], fault)(scope, receive, send)

    def _answer(self, path: str, fault: Exception) -> Response:
        said = explained(self._database, fault)
        if said is None:
            _LOG.error("the page %s could not be made", path, exc_info=fault)
            return message_page(500, "Our fault", _OURS)
        return message_page(503, "Not now", said)


def explained(database: Database, fault: Exception) -> str | None:
    """What a person can do about a fault, in one line; None for a fault of ours."""
    if isinstance(fault, DatabaseNotReady | DatabaseAway):
        return str(fault)
    if isinstance(fault, DBAPIError):
        if is_away(fault) or is_conflict(fault):
            return f"{database.address}: {reason_of(fault)}; reload the page once it is there"
        return own_fault(fault) or _not_ready(database)
    return str(fault) if isinstance(fault, WinnowError) else None


def _not_ready(database: Database) -> str | None:
    """What is wrong with the database as a whole; None if a statement of ours is."""
    try:
        require_current(database)
    except (DatabaseNotReady, DBAPIError) as found:
        return str(found).splitlines()[0]
    return None


def not_found(request: Request, fault: Exception) -> Response:
    """The page of an HTTPException: what is not there, or was not asked rightly."""
    if not isinstance(fault, HTTPException):
        raise fault
    said = fault.detail if fault.detail != "Not Found" else f"no page {request.url.path}"
    title = "Not found" if fault.status_code == 404 else "Not possible"
    return message_page(fault.status_code, title, said, fault.headers)


def message_page(
    status_code: int, title: str, message: str, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """A page of one message. It reads no database."""
    text = environment().get_template("message.html").render(heading=title, message=message)
    return HTMLResponse(text, status_code, headers)
