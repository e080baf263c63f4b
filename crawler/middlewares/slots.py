"""The pace of requests to a host: the only module that changes the downloader's slots."""

from collections.abc import Callable
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler

LONGEST = 120.0  # seconds between two requests, even if a site asks for more (as in CC-NEWS)


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
        """Makes `seconds`, at most LONGEST, the host's delay for the run, if it is longer."""
        delay = max(self.promised(request), min(seconds, LONGEST))
        settings = self._downloader.per_slot_settings
        settings[self.key(request)] = {**settings.get(self.key(request), {}), "delay": delay}
        self.now(request, max(delay, self.current(request)))  # a slowed host stays slow

    def now(self, request: Request, delay: float) -> None:
        """Makes `delay` the host's delay until the next change."""
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
            # A slot starts its next request `delay` after its last one: moving the last one
            # forward holds the whole queue. A slot without a delay ignores that time.
            slot.delay = slot.delay or 0.001
            slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)

    def dismiss(self, request: Request, fault: Callable[[], Exception]) -> None:
        """Fails every request that waits in the host's slot, each with its own exception."""
        slot = self._slot(request)
        while slot is not None and slot.queue:
            slot.queue.popleft()[1].errback(fault())

    @property
    def _downloader(self) -> Downloader:
        return self._crawler.engine.downloader  # it exists, because a request is under way

    def _slot(self, request: Request) -> Slot | None:
        return self._downloader.slots.get(self.key(request))
