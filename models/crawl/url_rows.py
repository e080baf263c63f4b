"""The frontier's row, and how source hints and outcomes change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Row,
    SmallInteger,
    String,
    UniqueConstraint,
)

from models.crawl.schedule import revisit_on_hint
from models.db.types import UTC, CleanText, Hash, Key, column, one_of, table
from models.items import PRECISIONS, Hint, Link
from models.outcomes import KEPT, MAX_ATTEMPTS, OURS, PASSING, Outcome, retry_after
from models.urls import request_url, url_key

FOUND: Final = "found"  # to be fetched
DONE: Final = "done"  # has its last word until somebody asks again
DEAD: Final = "dead"  # failed too often
STATES: Final = (FOUND, DONE, DEAD)
YOUNG: Final = timedelta(days=1)  # named so lately, a page may not be up everywhere yet
TOO_EARLY: Final = (timedelta(hours=1), timedelta(hours=6))  # until it is looked at once more
WHILE: Final = timedelta(days=7)  # until a dead page is tried once more, where sources name it

URLS: Final = table(
    "urls",
    column("url_id", Key, primary_key=True, autoincrement=True, comment="number of the URL"),
    column("site_id", ForeignKey("sites.site_id"), comment="site it is on"),
    column("url_key", Hash, comment="SHA-256 of the URL's key: the same for all its spellings"),
    column("url", CleanText, comment="URL as it is requested"),
    column("state", String(10), comment="found: to be fetched | done | dead: given up"),
    column("found_at", UTC, comment="when it was first named"),
    column("found_by", String(20), comment="sitemap, feed, section, urls_file and the like"),
    column("found_in", CleanText, nullable=True, comment="URL of the source that named it"),
    column("hint_title", CleanText, nullable=True, comment="title, as a source gave it"),
    column("hint_published_at", UTC, nullable=True, comment="publication, as a source gave it"),
    column("hint_precision", String(4), nullable=True, comment="of that: time | day"),
    column("hint_modified_at", UTC, nullable=True, comment="the last change that a source named"),
    column("newest_at", UTC, comment="claim order: newest date of a source, else found_at"),
    column("queue_key", BigInteger, nullable=True, comment="queue it waits in, as in url_queues"),
    column("not_before", UTC, nullable=True, comment="left alone until then"),
    column("owner", String(200), nullable=True, comment="who claimed it; null: nobody"),
    column("leased_until", UTC, nullable=True, comment="when the claim frees itself"),
    column("attempts", SmallInteger, default=0, comment="failures in a row"),
    column("fetched_at", UTC, nullable=True, comment="when it was last fetched"),
    column("outcome", String(20), nullable=True, comment="of the last run; as in outcomes"),
    column("article", Boolean, default=False, comment="true: an article of it is stored"),
    column("changed_at", UTC, nullable=True, comment="when it was last stored or revised"),
    column("canonical_url", CleanText, nullable=True, comment="the page's own claim"),
    column("etag", CleanText, nullable=True, comment="ETag of the stored copy"),
    column("last_modified", CleanText, nullable=True, comment="Last-Modified of the stored copy"),
    column("gone_times", SmallInteger, default=0, comment="answers 404 or 410, in a row"),
    UniqueConstraint("url_key"),
    one_of("state", STATES),
    one_of("hint_precision", PRECISIONS),
    one_of("outcome", Outcome),
    Index("ix_urls_site_id_state_not_before", "site_id", "state", "not_before"),
    Index("ix_urls_queue", "site_id", "state", "queue_key", "newest_at", "url_id"),
    Index("ix_urls_owner", "owner"),
    Index("ix_urls_site_id_url_id", "site_id", "url_id"),
    comment="Every URL known: since when, when it was last requested, and with what outcome.",
)


@dataclass(frozen=True, slots=True)
class UrlLease:
    """One URL that is ours to fetch until the claim runs out."""

    url_id: int
    url: str
    hint: Hint
    attempts: int  # failures in a row before this one
    etag: str | None
    last_modified: str | None
    article: bool  # an article of it is stored: a failure must not lose it
    answered_at: datetime | None = None  # when the copy was fetched that has the last outcome
    failed_here: bool = False  # that outcome was our fault


def rows_of(site_id: int, links: Sequence[Link], now: datetime) -> list[dict[str, Any]]:
    """One row a page, in the order of keys: crawlers that lock in one order never deadlock."""
    rows: dict[bytes, dict[str, Any]] = {}
    for link in links:
        try:
            key, url = url_key(link.url), request_url(link.url)
        except ValueError:
            continue
        row = _row(site_id, key, url, link, now)
        twin = rows.setdefault(key, row)
        if twin is not row:
            twin |= new_hints(twin, row)
    return [rows[key] for key in sorted(rows)]


def _row(site_id: int, key: bytes, url: str, link: Link, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "site_id": site_id,
        "url_key": key,
        "url": url,
        "state": FOUND,
        "found_at": now,
        "found_by": link.found_by,
        "found_in": link.found_in,
        "hint_title": link.hint.title,
        "hint_published_at": link.hint.published_at,
        "hint_precision": link.hint.published_precision,
        "hint_modified_at": link.hint.modified_at,
        "attempts": 0,
        "article": False,
        "gone_times": 0,
    }
    return {**row, "newest_at": _queue_date(now, row)}


def new_hints(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a known URL that a source's word on it changes."""
    changed: dict[str, Any] = {}
    if known["hint_title"] is None and said["hint_title"] is not None:
        changed["hint_title"] = said["hint_title"]
    if known["hint_published_at"] is None and said["hint_published_at"] is not None:
        changed["hint_published_at"] = said["hint_published_at"]
        changed["hint_precision"] = said["hint_precision"]
    modified = _newest(known["hint_modified_at"], said["hint_modified_at"])
    if modified != known["hint_modified_at"]:
        changed["hint_modified_at"] = modified
    if changed.keys() & {"hint_published_at", "hint_modified_at"}:
        changed["newest_at"] = _queue_date(known["found_at"], {**known, **changed})
    return changed


def merge_source_hint(known: Row[Any], said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """All that a source's word on a known URL of its site changes."""
    changed = new_hints(known._asdict(), said)
    modified = changed.get("hint_modified_at")
    changed |= revive(known, modified, now)
    if "newest_at" in changed:  # what is modified by now is as new as that, and not as its finding
        changed["newest_at"] = _queue_date(now, {**known._asdict(), **changed})
    again = reschedule(known, modified, now)
    return changed if again is None else {**changed, "not_before": again}


def revive(known: Row[Any], modified: datetime | None, now: datetime) -> dict[str, Any]:
    """What brings a page back that a source names, and of which there is no article.

    One that was given up is tried once more after a while; one that had its last word, if the
    source calls it `modified` since.
    """
    given_up = known.state == DEAD and known.not_before is not None
    if given_up and known.not_before + WHILE <= now:
        return {"state": FOUND, "attempts": MAX_ATTEMPTS - 1}
    fetched = known.fetched_at
    if known.article or known.state == FOUND or fetched is None or modified is None:
        return {}
    return {"state": FOUND, "attempts": 0, "not_before": None} if modified > fetched else {}


def reschedule(known: Row[Any], modified: datetime | None, now: datetime) -> datetime | None:
    """When a stored article is due that a source calls modified since; None: no sooner."""
    fetched, due = known.fetched_at, known.not_before
    if not known.article or fetched is None or modified is None or modified <= fetched:
        return None
    published_at = min(known.hint_published_at or known.found_at, known.found_at)
    again: datetime = revisit_on_hint(now, published_at, fetched)
    return again if due is None or due > again else None


def state_after(
    row: Row[Any], outcome: Outcome, not_before: datetime | None, now: datetime
) -> dict[str, Any]:
    """Where a URL stands after an outcome, and when it is asked for again."""
    if outcome in PASSING:
        attempts = row.attempts + 1
        state = DONE if row.article else DEAD if attempts >= MAX_ATTEMPTS else FOUND
        if not_before is None and not (row.article and attempts >= MAX_ATTEMPTS):
            not_before = now + retry_after(row.attempts)
        return {"attempts": attempts, "state": state, "not_before": not_before}
    if _is_too_early(row, outcome, now):
        again = now + TOO_EARLY[row.attempts]
        return {"attempts": row.attempts + 1, "state": FOUND, "not_before": again}
    gone_times = row.gone_times + 1 if outcome is Outcome.GONE else 0
    ended = {"attempts": 0, "not_before": not_before, "state": DONE, "gone_times": gone_times}
    return ended | (state_when_kept(outcome, not_before, now) if outcome in KEPT else {})


def state_when_kept(outcome: Outcome, not_before: datetime | None, now: datetime) -> dict[str, Any]:
    """Where a URL stands once its article is stored, whatever it was before."""
    kept = {"attempts": 0, "not_before": not_before, "state": DONE, "gone_times": 0}
    changed = {"changed_at": now} if outcome in (Outcome.STORED, Outcome.REVISED) else {}
    return {**kept, "article": True, **changed}


def _is_too_early(row: Row[Any], outcome: Outcome, now: datetime) -> bool:
    """Whether a page that a source has just named may not be up yet, or not whole."""
    unread = outcome in (Outcome.GONE, Outcome.NO_CONTENT) and not row.article
    return unread and row.newest_at > now - YOUNG and row.attempts < len(TOO_EARLY)


def state_after_reading(row: Row[Any], outcome: Outcome, now: datetime) -> dict[str, Any]:
    """Where a URL stands after its archived copy was read: only a new article changes that."""
    if row.article or outcome not in KEPT:
        return {}
    return {"article": True, "state": DONE, "outcome": outcome, "attempts": 0, "not_before": now}


def validators(outcome: Outcome, etag: str | None, last_modified: str | None) -> dict[str, Any]:
    """The ETag and Last-Modified to keep: only of what is safe in the database."""
    said = {"etag": etag, "last_modified": last_modified}
    if outcome is Outcome.NOT_MODIFIED:  # a 304 need not repeat what still holds
        return {name: value for name, value in said.items() if value is not None}
    return said if outcome in KEPT else {}


def lease_of(row: Row[Any]) -> UrlLease:
    """What whoever claims the URL is given of its row."""
    hint = Hint(
        title=row.hint_title,
        published_at=row.hint_published_at,
        published_precision=row.hint_precision,
        modified_at=row.hint_modified_at,
        source=row.found_by,
    )
    return UrlLease(
        url_id=row.url_id,
        url=row.url,
        hint=hint,
        attempts=row.attempts,
        etag=row.etag,
        last_modified=row.last_modified,
        article=row.article,
        answered_at=row.fetched_at,
        failed_here=row.outcome in OURS,
    )


def _queue_date(found_at: datetime, row: Mapping[str, Any]) -> datetime:
    # a date to come is a claim too: it must not hold the head of the queue for ever
    dated = _newest(row["hint_published_at"], row["hint_modified_at"])
    return found_at if dated is None else min(dated, found_at)


def _newest(*dates: datetime | None) -> datetime | None:
    return max((date for date in dates if date is not None), default=None)
