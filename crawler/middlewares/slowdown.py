"""After a 429 or 503, all requests to the host slow down, and `Retry-After` is respected.

Scrapy's retry tries the page again at once and ignores `Retry-After`. This middleware holds the
host's slot, in which the retry then waits like every other request.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.middlewares.refusals import HostBusy
from crawler.middlewares.slots import LONGEST, Pace
from models.clock import utc_now

BUSY = frozenset({429, 503})
ENOUGH = 5  # such answers in a row end the requests to the host for this run
FIRST_STEP = 1.0  # seconds: the first delay of a host that had none
REMEMBERED = 30 * 86400.0  # seconds: the longest pause that `visit` respects
ASKED = "slowdown/retry_after"  # in the statistics: the longest Retry-After, in seconds
RECOVERY = 0.9  # share of the delay that remains after each good answer, down to the promised delay


@dataclass(slots=True)
class _Host:
    busy: int = 0  # answers that asked to slow down, since the last good one
    last: int = 0  # status
    asked: float = 0.0  # seconds, if the host asks for a longer pause than a run waits

    @property
    def is_left_alone(self) -> bool:
        return self.busy >= ENOUGH or self.asked > LONGEST

    def left_alone(self) -> HostBusy:
        if self.asked > LONGEST:
            return HostBusy(
                f"the host answered {self.last} and asked to be left alone for {self.asked:.0f} s"
            )
        return HostBusy(f"the host answered {self.last} {self.busy} times in a row: left alone")


class SlowdownMiddleware:
    """Slows down all requests to a busy host, and speeds up again as it recovers."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pace = Pace(crawler)
        self._hosts: dict[str, _Host] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; sees an answer before the slot starts its next request."""
        slowdown = cls(crawler)
        crawler.signals.connect(slowdown.answered, signal=signals.response_downloaded)
        return slowdown

    def process_request(self, request: Request) -> None:
        """Raises HostBusy if the host asked for too many pauses, or for one that is too long."""
        host = self._host(request)
        if host.is_left_alone:
            raise host.left_alone()

    def answered(self, request: Request, response: Response) -> None:
        """Slows down after 429 and 503, recovers after anything better."""
        host = self._host(request)
        if response.status not in BUSY:
            self._recover(request, host, response)
            return
        host.busy += 1
        host.last = response.status
        header = response.headers.get(b"Retry-After") or b""
        asked = seconds_to_wait(header.decode("latin-1"), utc_now(), REMEMBERED)
        self._crawler.stats.max_value(ASKED, asked)
        host.asked = max(host.asked, asked)
        if host.is_left_alone:
            self._pace.dismiss(request, host.left_alone)
            return
        delay = min(LONGEST, max(FIRST_STEP, 2 * self._pace.current(request)))
        self._pace.now(request, delay)
        self._pace.pause(request, max(delay, asked))

    def _recover(self, request: Request, host: _Host, response: Response) -> None:
        if response.status >= 500:
            return  # a server error does not show that the host can take more
        host.busy, host.asked = 0, 0.0
        promised, current = self._pace.promised(request), self._pace.current(request)
        if current > promised:
            slower = current * RECOVERY
            self._pace.now(request, slower if slower > max(promised, 0.01) else promised)

    def _host(self, request: Request) -> _Host:
        return self._hosts.setdefault(self._pace.key(request), _Host())


def seconds_to_wait(retry_after: str, now: datetime, most: float = LONGEST) -> float:
    """The pause that a Retry-After header asks for, in seconds from `now` (aware), 0 to `most`.

    Reads both forms of RFC 9110, section 10.2.3: seconds and an HTTP date. Anything else is 0.
    """
    text = retry_after.strip()
    try:
        seconds = float(text) if text.isascii() and text.isdigit() else _until(text, now)
    except (ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), most)


def _until(http_date: str, now: datetime) -> float:
    date = parsedate_to_datetime(http_date)
    return ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
