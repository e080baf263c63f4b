"""The ways in which a browser fails: it is not installed, does not start, or shows no page."""

from crawler.middlewares.refusals import Refusal
from models.errors import OwnFault, UsageError
from models.outcomes import Outcome


class BrowserMissing(UsageError):
    """A site asks for a browser, and the extra or Chromium is not installed."""


class BrowserBroken(OwnFault):
    """Chromium is there and does not start; the message has what it said."""


def does_not_start(program: str, fault: Exception) -> BrowserBroken:
    """Chromium, or what drives it, ended at once."""
    said = " ".join(str(fault).split())[:300]
    return BrowserBroken(f"{program} does not start, try it by hand: {said}")


class NotRendered(Refusal):
    """The page arrived, and the browser did not come to its end with it."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


def too_slow(seconds: float) -> NotRendered:
    """The page's scripts ran, or were waited for, until the time of a page was over."""
    return NotRendered(Outcome.TIMEOUT, f"the page was not ready in the browser in {seconds:.0f} s")


def too_large(what: str) -> NotRendered:
    """`what` of the page is more than the site's file allows."""
    return NotRendered(Outcome.TOO_LARGE, f"{what} is larger than [fetch] max_bytes")


def broken_off(why: str) -> NotRendered:
    """The browser, or its process for the page, ended, or could not show it."""
    return NotRendered(Outcome.CONNECTION_ERROR, f"the browser could not show the page: {why}")


def asks_again() -> NotRendered:
    """All that its scripts do is to have it loaded once more, with a cookie as a rule."""
    return NotRendered(Outcome.BLOCKED, "the page only loads itself again, as a challenge does")
