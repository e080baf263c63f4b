"""The outcomes of a URL in a run, and when a failed URL is retried."""

from datetime import timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """The result of a URL in a run: exactly one for each URL that the run touched."""

    STORED = "stored"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    NOT_MODIFIED = "not_modified"
    DUPLICATE_URL = "duplicate_url"
    NOT_ARTICLE = "not_article"
    NO_CONTENT = "no_content"
    BLOCKED = "blocked"
    PAYWALLED = "paywalled"
    WORSE = "worse"
    OUT_OF_SCOPE = "out_of_scope"
    ROBOTS = "robots"
    REFUSED_ADDRESS = "refused_address"
    TOO_LARGE = "too_large"
    BAD_TYPE = "bad_type"
    HTTP_ERROR = "http_error"
    GONE = "gone"
    REDIRECT_LOOP = "redirect_loop"
    TIMEOUT = "timeout"
    DNS_ERROR = "dns_error"
    CONNECTION_ERROR = "connection_error"
    EXTRACT_TIMEOUT = "extract_timeout"
    EXTRACT_CRASH = "extract_crash"
    DATABASE_ERROR = "database_error"
    ERASED = "erased"  # taken out on request: not asked for
    RIGHTS = "rights"  # its publisher reserves what a setting says is obeyed


# Temporary: retried after a while. The others are final until a source or a person asks again.
PASSING = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.ROBOTS,
        Outcome.HTTP_ERROR,
        Outcome.TIMEOUT,
        Outcome.DNS_ERROR,
        Outcome.CONNECTION_ERROR,
        Outcome.EXTRACT_TIMEOUT,
        Outcome.EXTRACT_CRASH,
        Outcome.DATABASE_ERROR,
    }
)
# Failed on our side, after the page had arrived: it is read again from its archived copy.
OURS = frozenset({Outcome.EXTRACT_TIMEOUT, Outcome.EXTRACT_CRASH, Outcome.DATABASE_ERROR})
ERRORS = frozenset(
    {
        Outcome.HTTP_ERROR,
        Outcome.REDIRECT_LOOP,
        Outcome.TIMEOUT,
        Outcome.DNS_ERROR,
        Outcome.CONNECTION_ERROR,
        Outcome.EXTRACT_TIMEOUT,
        Outcome.EXTRACT_CRASH,
        Outcome.DATABASE_ERROR,
    }
)
KEPT = frozenset({Outcome.STORED, Outcome.REVISED, Outcome.UNCHANGED, Outcome.NOT_MODIFIED})
MAX_ATTEMPTS = 6  # after so many temporary failures in a row, a URL is no longer retried


def retry_after(attempts: int) -> timedelta:
    """The wait after a temporary failure: 10 minutes, doubled each time, at most a day."""
    return min(timedelta(minutes=10) * (1 << min(attempts, 10)), timedelta(days=1))
