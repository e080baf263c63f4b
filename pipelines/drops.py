"""Why an item left the pipeline: one class a reason, which Scrapy counts by its name."""

from datetime import datetime
from typing import ClassVar, NamedTuple

from scrapy.exceptions import DropItem

from models.duplicates.index import TextKeys
from models.items import KnownPage
from models.outcomes import Outcome


class RepeatedText(NamedTuple):
    """A text that was refused for its repetition, and where it stood."""

    keys: TextKeys  # a near one only if the text was refused for others near it
    url: str  # after redirects
    titled: bool  # it stands under many titles, which tells that none of them is its own
    published_at: datetime | None = None  # as the page itself says in its markup
    replaced: bool = False  # it came in place of an article that is stored


class Refused(DropItem):
    """A page that does not become an article; `outcome` and `reason` are recorded."""

    outcome: ClassVar[Outcome]

    def __init__(self, reason: str, known: KnownPage | None = None) -> None:
        super().__init__(reason, log_level="DEBUG")
        self.reason = reason
        self.known = known  # what is stored of the page, for whoever compares


class LostLease(DropItem):
    """Another run took the URL over while this one was at it; the outcome is the other's."""


class LeftWaiting(DropItem):
    """The run ends before the page was read: it has no outcome, and waits for the next run."""

    keeps_waiting = True  # it gets no outcome

    def __init__(self, reason: str) -> None:
        super().__init__(reason, log_level="DEBUG")


class ElsewhereYet(DropItem):
    """An archived copy that cannot be had now, but later: the page keeps waiting.

    It is in the spool of `host`; '' where object storage gives no records just now.
    """

    keeps_waiting = True  # it gets no outcome

    def __init__(self, reason: str, host: str) -> None:
        super().__init__(reason, log_level="DEBUG")
        self.reason, self.host = reason, host


class CutShort(Refused):
    """A copy that did not come whole: it is archived, and asked for again later."""

    outcome = Outcome.CONNECTION_ERROR


class NotArticle(Refused):
    """A listing, a home page, a search page."""

    outcome = Outcome.NOT_ARTICLE


class NoContent(Refused):
    """No main content was found, or nothing was left of it."""

    outcome = Outcome.NO_CONTENT


class TooLarge(Refused):
    """Far more text or elements than any article has."""

    outcome = Outcome.TOO_LARGE


class Blocked(Refused):
    """A consent wall, a challenge, a login or an error page with status 200."""

    outcome = Outcome.BLOCKED


class Erased(Refused):
    """Another address of a page that was taken out on request; it is not archived."""

    outcome = Outcome.ERASED


class RightsReserved(Refused):
    """Its publisher reserves what is obeyed; it is not archived."""

    outcome = Outcome.RIGHTS


class Repeated(Blocked):
    """A text that the site shows under many addresses: no article of any of them."""

    def __init__(
        self, reason: str, *, titled: bool = False, near: bool = False, replaced: bool = False
    ) -> None:
        super().__init__(reason)
        self.titled, self.near, self.replaced = titled, near, replaced
        self.text: RepeatedText | None = None  # filled in by the decider


class Paywalled(Refused):
    """Only a call to subscribe."""

    outcome = Outcome.PAYWALLED


class Gone(Refused):
    """A page that is not there and says so with status 200."""

    outcome = Outcome.GONE


class Worse(Refused):
    """A refetch that would replace a good copy with a worse one."""

    outcome = Outcome.WORSE


class DuplicateUrl(Refused):
    """Another URL of a page that is stored already, or that leads to another by itself."""

    outcome = Outcome.DUPLICATE_URL

    def __init__(
        self, reason: str, known: KnownPage | None = None, target: str | None = None
    ) -> None:
        super().__init__(reason, known)
        self.target = target  # where it leads; that is fetched too


class ExtractTimeout(Refused):
    """Extraction took longer than it may; its process was killed."""

    outcome = Outcome.EXTRACT_TIMEOUT


class ExtractCrash(Refused):
    """Extraction ended its process, or ran out of the memory that it may use."""

    outcome = Outcome.EXTRACT_CRASH


class Unreadable(Refused):
    """An archived copy that is gone, cut, or not what was written."""

    outcome = Outcome.DATABASE_ERROR


class ReadsAsItDid(Refused):
    """An archived copy whose reading is the one that is stored: nothing is left to do."""

    outcome = Outcome.UNCHANGED

    def __init__(self) -> None:
        super().__init__("its archived copy reads as it did")
