"""A URL whose page was taken out on request: never leased, and nothing is said of the page."""

from typing import Any, Final

from sqlalchemy import Connection

from models.crawl.url_rows import DONE, FOUND, URLS
from models.db.statements import update_row
from models.outcomes import Outcome

_SAID: Final = (  # by sources, and by the page itself
    "hint_title", "hint_published_at", "hint_precision", "hint_modified_at", "canonical_url",
    "etag", "last_modified", "fetched_at", "changed_at", "not_before", "owner", "leased_until",
    "queue_key",
)  # fmt: skip
_BLANK: Final[dict[str, Any]] = dict.fromkeys(_SAID)


def leave(conn: Connection, url_id: int) -> None:
    """Leaves of a URL its address, since when it is known, and that its page was erased."""
    state = {"state": DONE, "article": False, "attempts": 0, "gone_times": 0}
    update_row(conn, URLS, {"url_id": url_id}, {**_BLANK, **state, "outcome": Outcome.ERASED.value})


def ask_again(conn: Connection, url_id: int) -> None:
    """Has a URL that was erased wait for a fetch, as one that is new."""
    update_row(conn, URLS, {"url_id": url_id}, {**_BLANK, "state": FOUND, "outcome": None})
