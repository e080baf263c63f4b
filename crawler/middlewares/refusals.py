"""Why a request was not sent: IgnoreRequest classes that carry the contract's outcome."""

from scrapy.exceptions import IgnoreRequest


class Refusal(IgnoreRequest):
    """A request that we chose not to send; never retried by Scrapy.

    `outcome` is one of the contract's outcomes and `reason` a sentence for people; an errback
    reads both from `failure.value`.
    """

    outcome = ""
    of_host = False  # about the host: the page loses no attempt

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedAddress(Refusal):
    """The address is private, loopback, link-local or otherwise not public, or not http(s)."""

    outcome = "refused_address"


class OutOfScope(Refusal):
    """The host is outside the site's scope."""

    outcome = "out_of_scope"


class RefusedByRobots(Refusal):
    """robots.txt forbids it, or could not be read (RFC 9309, section 2.3.1.4)."""

    outcome = "robots"


class ErasedPage(Refusal):
    """The page was taken out on request (`scrapy erase`)."""

    outcome = "erased"


class HostUnresolved(Refusal):
    """The host's name did not resolve when its robots.txt was asked for."""

    outcome = "dns_error"
    of_host = True


class HostUnreachable(Refusal):
    """The host took no connection when its robots.txt was asked for."""

    outcome = "connection_error"
    of_host = True


class HostBusy(Refusal):
    """The host asked to be left alone, or kept answering 429 or 503; it is, until the next run."""

    outcome = "http_error"
    of_host = True
