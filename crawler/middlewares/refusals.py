"""Why a request was not sent: IgnoreRequest classes that carry an outcome."""

from scrapy.exceptions import IgnoreRequest


class Refusal(IgnoreRequest):
    """A request that we chose not to send; never retried by Scrapy.

    `outcome` is a value of `Outcome`, `reason` a sentence for people; an errback reads both from
    `failure.value`.
    """

    outcome = ""
    of_host = False  # it concerns the host, so it does not count as an attempt of the page

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RefusedAddress(Refusal):
    """The address is private, loopback, link-local or otherwise not public, or not http(s)."""

    outcome = "refused_address"


class OutOfScope(Refusal):
    """The host does not belong to the site."""

    outcome = "out_of_scope"


class RefusedByRobots(Refusal):
    """robots.txt forbids it, or could not be read (RFC 9309, section 2.3.1.4)."""

    outcome = "robots"


class HostUnresolved(Refusal):
    """The host's name did not resolve when its robots.txt was requested."""

    outcome = "dns_error"
    of_host = True


class HostUnreachable(Refusal):
    """The host accepted no connection when its robots.txt was requested."""

    outcome = "connection_error"
    of_host = True


class HostBusy(Refusal):
    """The host asked for a long pause, or kept answering 429 or 503; this run asks it no more."""

    outcome = "http_error"
    of_host = True
