"""The way out of this process: each request leaves here, directly or through WINNOW_PROXY.

Nothing but this module hands the proxy its credentials, and no request carries them before or
after. A proxy that is down is a fault of ours: it ends the run and costs no page anything.
"""

import asyncio
import os
import re
from typing import Final

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError

from crawler.middlewares.guard import origin_of
from crawler.middlewares.proxy import Proxy, proxy_of
from crawler.middlewares.proxy_names import ProxiedNames
from crawler.middlewares.refusals import RefusedAddress
from models.errors import ProxyFailed

_AUTHORIZATION: Final = b"Proxy-Authorization"
_ASKS: Final = 407  # a proxy's status: credentials are missing or wrong; in a tunnel, the site's
_REACH: Final = 5.0  # seconds for a connection to the proxy
# what a request fails with if the proxy is down
_UNCONNECTED: Final = (DownloadConnectionRefusedError, CannotResolveHostError, ConnectError)
_DOUBTFUL: Final = (DownloadTimeoutError, DownloadFailedError)
_ANSWERED: Final = re.compile(r"'status': (\d{3}), 'reason': b(['\"])(.{0,80}?)\2")


class ProxyHandler(HTTP11DownloadHandler):
    """Scrapy's handler; the proxy is that of WINNOW_PROXY, and no request names another."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._proxy = proxy_of(crawler.settings["WINNOW_PROXY"])
        self._names = ProxiedNames(crawler, self._proxy) if self._proxy else None

    async def download_request(self, request: Request) -> Response:
        """The answer. Raises RefusedAddress for a name that must not be asked for.

        Raises ProxyFailed if the proxy cannot be reached, or wants other credentials.
        """
        request.headers.pop(_AUTHORIZATION, None)
        if request.meta.get("proxy"):
            raise RefusedAddress("the request names a proxy of its own; set WINNOW_PROXY")
        if self._proxy is None or self._names is None:
            return await super().download_request(request)
        await self._names.require(origin_of(request.url))
        try:
            response = await self._proxied(request, self._proxy)
        except TunnelError as refused:
            raise _of_tunnel(self._proxy, str(refused)) from None
        except _UNCONNECTED as fault:
            await require_reachable(self._proxy)
            said = " ".join(str(fault).split())
            raise DownloadFailedError(
                f"no connection to the proxy {self._proxy.url}: {said}"
            ) from None
        except _DOUBTFUL:
            await require_reachable(self._proxy)
            raise
        if response.status == _ASKS and not request.url.lower().startswith("https:"):
            raise _unknown_to(self._proxy)
        return response

    async def _proxied(self, request: Request, proxy: Proxy) -> Response:
        """The answer through the proxy; afterwards the request is what it was."""
        request.meta["proxy"] = proxy.url
        if proxy.authorization:
            request.headers[_AUTHORIZATION] = proxy.authorization
        try:
            return await super().download_request(request)
        finally:
            request.meta.pop("proxy", None)
            request.headers.pop(_AUTHORIZATION, None)


async def require_reachable(proxy: Proxy) -> None:
    """Raises ProxyFailed if the proxy takes no connection."""
    try:
        _, writer = await asyncio.wait_for(
            asyncio.open_connection(proxy.host, proxy.port), timeout=_REACH
        )
    except (OSError, TimeoutError) as fault:
        raise ProxyFailed(
            f"the proxy {proxy.url} cannot be reached ({_why(fault)});"
            " start it, or correct WINNOW_PROXY"
        ) from None
    writer.close()


def _why(fault: OSError) -> str:
    """Why there is no connection, in the system's words."""
    if isinstance(fault, TimeoutError):
        return "no answer"
    if fault.errno is not None and fault.errno > 0:  # else it is the resolver's
        return os.strerror(fault.errno)
    return fault.strerror or "no address takes it"


def _of_tunnel(proxy: Proxy, said: str) -> Exception:
    """Why the proxy opens no tunnel: it does not know us, or does not reach the site."""
    answer = _ANSWERED.search(said)
    if answer is None:
        return TunnelError(f"the proxy {proxy.url} does not answer CONNECT with HTTP")
    if int(answer[1]) == _ASKS:
        return _unknown_to(proxy)
    return TunnelError(f"the proxy {proxy.url} answered {answer[1]} {answer[3]}".rstrip())


def _unknown_to(proxy: Proxy) -> ProxyFailed:
    refuses, asks = "refuses the user and password of", "asks for a user and password: add them to"
    why = refuses if proxy.user else asks
    return ProxyFailed(f"the proxy {proxy.url} {why} WINNOW_PROXY (HTTP {_ASKS})")
