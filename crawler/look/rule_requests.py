"""What pages post about rules: JSON in, JSON out, one clear line for what is asked wrongly."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crawler.look.rule_drafts import ACTIONS, Action
from models.errors import UsageError, WinnowError
from models.sites.config import NAME

_MOST_BODY: Final = 10_000  # bytes of a request


@dataclass(frozen=True, slots=True)
class Rule:
    """What a person asks about."""

    site: str
    action: Action
    selector: str


def rule_in(body: Mapping[str, Any]) -> Rule:
    """The rule of a request's body. Raises UsageError."""
    action, selector = body.get("action"), body.get("selector")
    known = next((one for one in ACTIONS if one == action), None)
    if known is None:
        raise UsageError('action: write "keep" or "remove"')
    if not isinstance(selector, str) or not selector.strip():
        raise UsageError("selector: write a CSS selector")
    return Rule(site_in(body), known, selector.strip())


def site_in(body: Mapping[str, Any]) -> str:
    """The site's name in a request's body. Raises UsageError."""
    name = body.get("site")
    if not isinstance(name, str) or NAME.fullmatch(name) is None:
        raise UsageError("site: write the name of a site")
    return name


Work = Callable[[Request, Mapping[str, Any]], Mapping[str, Any]]


def posted(path: str, work: Work) -> Route:
    """A route for POST whose body and answer are JSON; what is asked wrongly is one line, 400."""

    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        try:
            body = json.loads(raw[:_MOST_BODY] or "{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return JSONResponse({"error": "the body is not a JSON object"}, 400)
        try:
            return JSONResponse(await run_in_threadpool(work, request, body))
        except WinnowError as wrong:
            return JSONResponse({"error": str(wrong)}, 400)

    return Route(path, endpoint, methods=["POST"])
