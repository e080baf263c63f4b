"""Which names a proxy is asked for: it resolves them itself, so here they are looked up before.

Our answer and the proxy's may differ, and a machine behind a proxy may resolve no names at all. So
this is a second lock: what is private inside the proxy's network is for the proxy to refuse.
"""

import asyncio
from time import monotonic
from typing import Any, Final, cast

from scrapy.crawler import Crawler

from crawler.middlewares.addresses import literal
from crawler.middlewares.guard import GuardMiddleware, Origin, PublicOnlyResolver
from crawler.middlewares.proxy import Proxy
from crawler.middlewares.refusals import RefusedAddress
from crawler.middlewares.resolving import addresses_of
from models.errors import ProxyFailed

PATIENCE: Final = 3.0  # seconds for an answer; a machine behind a proxy may have no resolver
UNANSWERED: Final = 600.0  # seconds for which a name without an answer is not looked up again
_MOST: Final = 10_000  # such names that are remembered
# names that no public DNS has: RFC 6761, RFC 6762, RFC 8375, ICANN's .internal, and custom
_LOCAL: Final = frozenset(
    {"localhost", "local", "internal", "localdomain", "home", "lan", "intranet", "corp", "private"}
)
_HOME: Final = ".home.arpa"


class ProxiedNames:
    """Asks the guard and its resolver about each name before the proxy gets it."""

    def __init__(self, crawler: Crawler, proxy: Proxy) -> None:
        self._crawler = crawler
        self._proxy = proxy
        self._unanswered: dict[str, float] = {}  # names, and when they were looked up

    async def require(self, origin: Origin) -> None:
        """Raises RefusedAddress for an origin that the proxy must not be asked for.

        That is a name that resolves to a private address here, and one of a local network that
        resolves to nothing. Other names without an answer pass: the proxy may know them.
        """
        guard = self._crawler.get_downloader_middleware(GuardMiddleware)
        if guard is None:
            raise ProxyFailed("GuardMiddleware is switched off, and WINNOW_PROXY needs it")
        resolver = self._resolver()
        guard.require(origin)
        if literal(origin[0]) or await self._resolves(guard, resolver, origin):
            return
        if is_local(origin[0]):
            raise RefusedAddress(f"{origin[0]} is a name of a local network, and unknown here")

    async def none_needed(self, origin: Origin) -> tuple[str, ...]:
        """As `require`; no address, as the proxy finds it."""
        await self.require(origin)
        return ()

    async def _resolves(self, guard: GuardMiddleware, resolver: Any, origin: Origin) -> bool:
        asked_at = self._unanswered.get(origin[0])
        if asked_at is not None and monotonic() - asked_at < UNANSWERED:
            return False
        try:
            found = await asyncio.wait_for(addresses_of(guard, resolver, origin), PATIENCE)
        except TimeoutError:
            found = ()
        if found:
            return True
        if len(self._unanswered) >= _MOST:
            self._unanswered.clear()
        self._unanswered[origin[0]] = monotonic()
        return False

    def _resolver(self) -> Any:
        """The resolver of this process, which knows the proxy from now on."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        resolver = cast(Any, reactor).nameResolver
        if isinstance(resolver, PublicOnlyResolver):
            resolver.trust(self._proxy.host, self._proxy.port)
        return resolver


def is_local(name: str) -> bool:
    """Whether a name is one that only a local network has; its address is not asked for."""
    bare = name.rstrip(".").lower()
    return "." not in bare or bare.rpartition(".")[2] in _LOCAL or bare.endswith(_HOME)
