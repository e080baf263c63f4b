"""The addresses we refuse (SSRF), checked for every request, every redirect, every DNS answer.

There are two checks, because neither sees all. The middleware reads the URL, so that an address
in any spelling is refused before anything is sent. The resolver is the one that the connection
itself uses, so that no name can resolve differently for a check and for the socket.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingHostnameResolver, dnscache
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

from crawler.middlewares.addresses import Address, is_ownable, is_public, literal
from crawler.middlewares.refusals import RefusedAddress
from models.crawl.run import Run
from models.sites.config import Site, load_all
from models.urls import host_of

Origin = tuple[str, int]  # host (lower case) and port

FRESH = 60.0  # seconds for which the answer for a name is used again
_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> Origin:
    """Host and port that a URL is sent to; raises RefusedAddress for what is not http(s)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise RefusedAddress(f"{url[:200]!r} is no web address: {wrong}") from wrong
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname:
        raise RefusedAddress(f"only http and https are fetched, not {scheme or 'no scheme'!r}")
    return parts.hostname.rstrip("."), port or _PORTS[scheme]


def _first_origin(request: Request) -> Origin:
    """The origin that was asked for before any redirect: no site leads to another's address."""
    return origin_of(request.meta.get("redirect_urls", [request.url])[0])


def refusal(host: str, address: Address, opened: bool) -> str | None:
    """Why `address`, to which `host` resolves, is refused; None if it may be connected to."""
    if is_public(address) or (opened and is_ownable(address)):
        return None
    shown = host if host == str(address) else f"{host} is {address}, which"
    hint = "" if opened or not is_ownable(address) else "; [scope] private = true opens a start"
    return f"{shown} is not a public address{hint}"


class _Receiver:
    """An IResolutionReceiver: passes a name's addresses on when all of them may be used."""

    def __init__(self, receiver: Any, resolver: "PublicOnlyResolver", origin: Origin) -> None:
        self._receiver = receiver
        self._resolver = resolver
        self._origin = origin
        self._addresses: list[IAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        self._addresses.append(address)

    def resolutionComplete(self) -> None:
        if self._resolver.admits(self._origin, self._addresses):
            for address in self._addresses:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


class PublicOnlyResolver(CachingHostnameResolver):
    """TWISTED_DNS_RESOLVER: a name resolves only if all of its addresses may be connected to.

    One process has one resolver, so it knows the origins that sites have opened for themselves;
    that no other site uses them is the middleware's part. An answer holds for FRESH seconds, and
    not beyond the start of a run on its host.
    """

    def __init__(self, reactor: Any, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        self.opened: set[Origin] = set()
        self.trusted: set[Origin] = set()  # the proxy, wherever it is
        self.refused: dict[Origin, str] = {}
        self._runs: Counter[Origin] = Counter()  # under way, that opened an origin
        self._asked_at: dict[str, float] = {}  # of names that may be in the cache

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """As Twisted's; a refused name resolves to nothing, and `refused` says why."""
        origin = (hostName.lower().rstrip("."), portNumber)
        self._expire(origin[0])
        self._asked_at.setdefault(origin[0], monotonic())
        receiver = cast(IResolutionReceiver, _Receiver(resolutionReceiver, self, origin))
        return super().resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )

    def forget(self, host: str) -> None:
        """The next connection asks for the name anew, and for what was refused of it."""
        self._asked_at.pop(host, None)
        for name in (host, f"{host}."):
            dnscache.pop(name, None)
        for origin in [origin for origin in self.refused if origin[0] == host]:
            del self.refused[origin]

    def refusal_of(self, origin: Origin) -> str | None:
        """Why the name was refused of late."""
        self._expire(origin[0])
        return self.refused.get(origin)

    def trust(self, host: str, port: int) -> None:
        """The operator named this proxy: we connect to it, and pages never do.

        Scrapy connects to a proxy for https without naming the port to the resolver.
        """
        for name in {host, str(literal(host) or host)}:
            self.trusted |= {(name, port), (name, 0)}

    def open(self, origins: Iterable[Origin]) -> None:
        """A run begins whose site has opened these."""
        self._runs.update(origins)
        self.opened = set(self._runs)

    def close(self, origins: Iterable[Origin]) -> None:
        """It ends; another's site may have opened the same."""
        self._runs = self._runs - Counter(origins)  # without those that nobody has open
        self.opened = set(self._runs)

    def admits(self, origin: Origin, addresses: Sequence[IAddress]) -> bool:
        """Whether a name that resolves to `addresses` may be connected to; remembers why not."""
        self.refused.pop(origin, None)
        if origin in self.trusted:
            return True
        for address in addresses:
            found = literal(cast(Any, address).host)
            opened = self.opens(origin)
            why = "no IP address" if found is None else refusal(origin[0], found, opened)
            if why:
                self.refused[origin] = why
                return False
        return True

    def _expire(self, host: str) -> None:
        now = monotonic()
        if now - self._asked_at.get(host, now) > FRESH:
            self.forget(host)

    def opens(self, origin: Origin) -> bool:
        """Whether a site has opened this origin for itself with `private = true`."""
        return origin in self.opened


class GuardMiddleware:
    """Refuses requests to addresses that are not public, before and after the name resolves."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._own: frozenset[Origin] = frozenset()  # private ones that may be asked
        self._has_run = True
        self._resolver: PublicOnlyResolver | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; learns the site when the spider opens."""
        guard = cls(crawler)
        crawler.signals.connect(guard.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(guard.spider_closed, signal=signals.spider_closed)
        return guard

    def spider_opened(self, spider: Spider) -> None:
        """Takes the resolver that connections use, and opens the site's own origin in it."""
        from twisted.internet import reactor  # noqa: PLC0415 - importing it installs one

        resolver = cast(Any, reactor).nameResolver
        if not isinstance(resolver, PublicOnlyResolver):
            return  # every name is refused, with the reason
        self._resolver = resolver
        sites = self._sites(spider)
        origins = (site.private_origin for site in sites)
        self._own = frozenset(origin for origin in origins if origin)
        resolver.open(self._own)
        for site in sites:
            for host in {
                host_of(url)
                for url in (site.start, *(f"http://{name}" for name in site.scope.hosts))
            }:
                resolver.forget(host)

    def spider_closed(self) -> None:
        """What the site had opened is closed, so that a later run goes by its own file."""
        if self._resolver is not None:
            self._resolver.close(self._own)

    def process_request(self, request: Request) -> None:
        """Raises RefusedAddress for a URL that names an address which is not public."""
        origin = origin_of(request.url)
        own = origin in self._own and (self._has_run or origin == _first_origin(request))
        self._require(origin, own)

    def require(self, origin: Origin) -> None:
        """Raises RefusedAddress, where a page of the site may not have its browser connect to it.

        For a name, that says what is known of it: whoever connects asks the resolver.
        """
        self._require(origin, origin in self._own)

    def _require(self, origin: Origin, own: bool) -> None:
        address = literal(origin[0])
        named = str(address or origin[0]), origin[1]
        if self._resolver is not None and named in self._resolver.trusted:
            raise RefusedAddress(f"{named[0]}:{named[1]} is the proxy itself")
        if why := refusal(origin[0], address, own) if address else self._remembered(origin, own):
            raise RefusedAddress(why)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Turns 'cannot resolve' into RefusedAddress where the resolver refused the answer."""
        if isinstance(exception, CannotResolveHostError):
            self.process_request(request)

    def _sites(self, spider: Spider) -> list[Site]:
        """The run's site; without a run, every site that has a file."""
        run: Run | None = getattr(spider, "run", None)
        self._has_run = run is not None
        if run is not None:
            return [run.site]
        return load_all(Path(self._crawler.settings["WINNOW_SITES_DIR"]))[0]

    def _remembered(self, origin: Origin, own: bool) -> str | None:
        if self._resolver is None:
            return "the guard's resolver is not in use (TWISTED_DNS_RESOLVER), so no name"
        if self._resolver.opens(origin) and not own:
            return f"{origin[0]}:{origin[1]} is another site's own private address"
        return self._resolver.refusal_of(origin)
