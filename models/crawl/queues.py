"""A site's queues: which URLs wait for a fetch in which, and what their tries brought.

A queue is of a source, a shape of address, and of pages with or without a date; the rules by
which turns are shared out are in `fair_share`. A site has a bounded number of them, however many
sources and kinds of address it makes up: what is beyond the bound shares a queue.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    ForeignKey,
    Integer,
    Row,
    bindparam,
    func,
    select,
    update,
)

from models.crawl.fair_share import Queue
from models.crawl.url_rows import FOUND, URLS
from models.crawl.url_shape import url_shape
from models.db.statements import insert_ignore
from models.db.types import UTC, CleanText, column, table
from models.urls import url_key

SHAPES: Final = 10  # of one source; its other addresses are sorted by shape alone
WITH_SOURCE: Final = 150  # queues of a site; then new ones are of a shape, whatever the source
MOST: Final = 180  # then a new shape shares a queue with all others: a claim reads every queue
OTHER: Final = "*"  # stands for their shape

QUEUES: Final = table(
    "url_queues",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site it is of"),
    column("queue_key", BigInteger, primary_key=True, autoincrement=False,
           comment="hash of source, shape and dated; urls.queue_key names it"),
    column("source", CleanText, nullable=True, comment="URL of the source; null: of several"),
    column("shape", CleanText, comment="what the addresses have in common; *: several shapes"),
    column("dated", Boolean, comment="true: the source gave a date"),
    column("tries", Integer, default=0, comment="URLs of it that were claimed and answered"),
    column("kept", Boolean, default=False, comment="true: an article came of one"),
    column("claimed_at", UTC, nullable=True, comment="when URLs of it were last claimed"),
    comment="The queues in which a site's URLs wait, so that each source and shape has its share.",
)  # fmt: skip


def assign(conn: Connection, site_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Gives each row of `urls` that is to be added its `queue_key`; new queues are made."""
    known = {queue.queue_key: queue for queue in of_site(conn, site_id)}
    asked = _queues_of_redirects(conn, rows)
    fresh: dict[int, dict[str, Any]] = {}
    shapes = Counter((queue.source, queue.dated) for queue in known.values())
    for row in rows:
        if row["found_by"] == "redirect":  # its article is what the asked page is good for
            row["queue_key"] = asked.get(row["found_in"])
            continue
        dated = is_dated(row)
        for source, shape in _choices(row):
            key = _key(source, shape, dated)
            if key in known or key in fresh:
                break
            if _has_room(source, shape, shapes[source, dated], len(known) + len(fresh)):
                shapes[source, dated] += 1
                fresh[key] = {
                    "site_id": site_id, "queue_key": key, "source": source, "shape": shape,
                    "dated": dated, "tries": 0, "kept": False,
                }  # fmt: skip
                break
        row["queue_key"] = key
    insert_ignore(conn, QUEUES, [fresh[key] for key in sorted(fresh)])


def is_dated(row: Mapping[str, Any]) -> bool:
    """Whether a source gave the URL of a row a date."""
    return row["hint_published_at"] is not None or row["hint_modified_at"] is not None


def of_site(conn: Connection, site_id: int, *, lock: bool = False) -> list[Queue]:
    """A site's queues, without what waits in them; with `lock` other claims of the site wait."""
    query = select(QUEUES).where(QUEUES.c.site_id == site_id).order_by(QUEUES.c.queue_key)
    rows = conn.execute(query.with_for_update(key_share=True) if lock else query)
    return [
        Queue(r.queue_key, r.source, r.shape, r.dated, r.tries, r.kept, r.claimed_at) for r in rows
    ]


def moved(known: Row[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """The queue of a known URL where it changes: it had none, or a source now gives it a date."""
    now_dated = is_dated(said) and not is_dated(known._asdict())
    if known.queue_key is not None and not now_dated:
        return {}
    changed = said["queue_key"] not in (None, known.queue_key)
    return {"queue_key": said["queue_key"]} if changed else {}


def count_tries(conn: Connection, site_id: int, keys: Iterable[int | None], now: datetime) -> None:
    """Notes a turn of each queue of `keys`, and a try each time that it is there."""
    _add_tries(conn, site_id, Counter(keys), claimed_at=now)


def take_back_tries(conn: Connection, owner: str, url_id: int | None = None) -> None:
    """Takes back the tries of what `owner` claimed and did not ask for; of one URL, or of all."""
    query = select(URLS.c.site_id, URLS.c.queue_key, func.count().label("tries")).where(
        URLS.c.owner == owner, URLS.c.state == FOUND
    )
    if url_id is not None:
        query = query.where(URLS.c.url_id == url_id)
    had: dict[int, Counter[int | None]] = {}
    for row in conn.execute(query.group_by(URLS.c.site_id, URLS.c.queue_key)):
        had.setdefault(row.site_id, Counter())[row.queue_key] = -row.tries
    for site_id in sorted(had):
        _add_tries(conn, site_id, had[site_id])


def _add_tries(
    conn: Connection, site_id: int, tries: Counter[int | None], **values: datetime
) -> None:
    rows = [{"key": key, "more": more} for key, more in tries.items() if key is not None]
    one = update(QUEUES).where(QUEUES.c.site_id == site_id, QUEUES.c.queue_key == bindparam("key"))
    if rows:
        rows.sort(key=lambda row: row["key"])
        conn.execute(one.values(tries=QUEUES.c.tries + bindparam("more"), **values), rows)


def note_kept(conn: Connection, site_id: int, keys: Iterable[int]) -> None:
    """Notes that an article came of each of these queues."""
    mine = (QUEUES.c.site_id == site_id, QUEUES.c.queue_key.in_(sorted(keys)))
    conn.execute(update(QUEUES).where(*mine).values(kept=True))


def _choices(row: Mapping[str, Any]) -> tuple[tuple[str | None, str], ...]:
    """The queues that a URL could be in, the best first."""
    shape = url_shape(row["url"])
    return ((row["found_in"], shape), (None, shape), (None, OTHER))


def _has_room(source: str | None, shape: str, shapes: int, queues: int) -> bool:
    if shape == OTHER:
        return True
    return queues < MOST if source is None else shapes < SHAPES and queues < WITH_SOURCE


def _key(source: str | None, shape: str, dated: bool) -> int:
    named = f"{int(dated)}\0{source or ''}\0{shape}".encode(errors="replace")
    return int.from_bytes(sha256(named).digest()[:8], signed=True)


def _queues_of_redirects(
    conn: Connection, rows: Sequence[Mapping[str, Any]]
) -> dict[str | None, int | None]:
    """The queue of each page that redirected to one of these, by its URL."""
    asked = {r["found_in"]: url_key(r["found_in"]) for r in rows if r["found_by"] == "redirect"}
    if not asked:
        return {}
    query = select(URLS.c.url_key, URLS.c.queue_key).where(URLS.c.url_key.in_(asked.values()))
    queues = {bytes(row.url_key): row.queue_key for row in conn.execute(query)}
    return {url: queues.get(key) for url, key in asked.items()}
