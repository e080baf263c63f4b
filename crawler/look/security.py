"""Who may ask for a page: the browser that was given the token, on this machine, on our origin.

Other pages in that browser can send requests to the loopback, and a name that they control can
resolve to it. The token keeps out the first, the check of Host the second. A POST must come from
a page of ours as well.
"""

import secrets
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_COOKIE: Final = "winnow_look"
_PARAMETER: Final = "token"  # of the first address
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_STRANGER: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not open to this browser - Winnow</title></head>
<body><main><h1>This page is not open to this browser</h1>
<p>Open the address that <code>scrapy look</code> printed: it has the token of this server.
If the server was started again, its token is a new one.</p></main></body></html>
"""


class Security:
    """ASGI middleware: refuses strangers, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        self._app = app
        self._token = token.encode()
        self._cookie = cookie_name(port)
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what may not pass, hands on the rest."""
        if scope["type"] != "http":
            raise RuntimeError(f"the look application serves HTTP only, not {scope['type']}")
        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that does not reach a page; None for one that does."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return PlainTextResponse("this server answers 127.0.0.1 and localhost only\n", 421)
        if scope["method"] not in _METHODS:
            return PlainTextResponse("GET, HEAD and POST only\n", 405, {"Allow": "GET, HEAD, POST"})
        if scope["method"] == "POST" and headers.getlist("origin") != [f"http://{hosts[0]}"]:
            return PlainTextResponse("a page of another origin may not post here\n", 403)
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == _PARAMETER]
        if given and scope["method"] != "POST":
            rest = [(name, value) for name, value in query if name != _PARAMETER]
            return self._admission(scope["path"], rest) if self._is_ours(given[0]) else _stranger()
        cookies = [cookie_parser(header).get(self._cookie) for header in headers.getlist("cookie")]
        return None if any(cookie and self._is_ours(cookie) for cookie in cookies) else _stranger()

    def _admission(self, path: str, query: list[tuple[str, str]]) -> Response:
        """Sets the cookie and leads to the same address without the token.

        A path that begins with two slashes would lead to another host.
        """
        target = "/" + path.lstrip("/\\") + (f"?{urlencode(query)}" if query else "")
        answer = RedirectResponse(target, 303)
        answer.set_cookie(
            self._cookie, self._token.decode(), path="/", httponly=True, samesite="strict"
        )
        return answer

    def _is_ours(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._token)


def cookie_name(port: int) -> str:
    """Browsers send a host's cookies to each of its ports: two servers have one each."""
    return f"{_COOKIE}_{port}"


def _stranger() -> Response:
    return HTMLResponse(_STRANGER, 403)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
