"""How fast a host is asked: the one place that turns the downloader's slots."""

from collections.abc import Callable
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler

LONGEST = 120.0  # seconds between two requests, whatever a site asks for (as CC-NEWS)


class Pace:
    """The slots of one crawl's downloader; a slot is a host, shared by all requests to it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def key(self, request: Request) -> str:
        """The slot that a request waits in."""
        return self._downloader.get_slot_key(request)

    def promised(self, request: Request) -> float:
        """Seconds between two requests that the settings, TOML and robots.txt ask for."""
        default = self._crawler.settings.getfloat("DOWNLOAD_DELAY")
        own = self._downloader.per_slot_settings.get(self.key(request), {})
        return float(own.get("delay", default))

    def promise(self, request: Request, seconds: float) -> None:
        """Makes `seconds` the host's delay for good, if that is slower; at most LONGEST."""
        delay = max(self.promised(request), min(seconds, LONGEST))
        settings = self._downloader.per_slot_settings
        settings[self.key(request)] = {**settings.get(self.key(request), {}), "delay": delay}
        self.now(request, max(delay, self.current(request)))  # a host that is slowed stays so

    def now(self, request: Request, delay: float) -> None:
        """Makes `delay` the host's delay until it is turned again."""
        slot = self._slot(request)
        if slot is not None:
            slot.delay = delay

    def current(self, request: Request) -> float:
        """The host's delay as it is now."""
        slot = self._slot(request)
        return self.promised(request) if slot is None else slot.delay

    def pause(self, request: Request, seconds: float) -> None:
        """Lets no request to the host start for `seconds`, those already queued included."""
        slot = self._slot(request)
        if slot is not None:
            # A slot's next start is its last one and the delay: moving the last one forward
            # holds the whole queue. A slot without a delay would not look at it.
            slot.delay = slot.delay or 0.001
            slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)

    def dismiss(self, request: Request, fault: Callable[[], Exception]) -> None:
        """Fails all that waits in the host's slot, each request with a fault of its own."""
        slot = self._slot(request)
        while slot is not None and slot.queue:
            slot.queue.popleft()[1].errback(fault())

    @property
    def _downloader(self) -> Downloader:
        return self._crawler.engine.downloader  # there, as a request is on its way

    def _slot(self, request: Request) -> Slot | None:
        return self._downloader.slots.get(self.key(request))
