"""Bottom-k samples in SQL: for each entry of a site, the pages that show it, at most SAMPLE.

A page's rank in a sample is a hash of its URL, so the same pages give the same rows in any
order, crawled once or ten times, by one crawler or by several.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Integer,
    bindparam,
    delete,
    func,
    select,
    union,
)

from models.batches import batched
from models.db.statements import insert_ignore
from models.db.types import Key, column, table
from models.evidence import SAMPLE

_MODULUS: Final = 1_000_003  # a prime; sums of 16 such numbers fit every database's integer
CHUNK: Final = 500  # keys a statement: well under what the drivers take, large enough to be one


OCCURRENCES: Final = table(
    "memory_occurrences",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="the site"),
    column(
        "entry_key",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="the entry that the page shows",
    ),
    column(
        "page_hash",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of the URL: sample order",
    ),
    column("page", Key, comment="url_id of the page"),
    column("fingerprint", Key, comment="63-bit hash of the page's own text"),
    column(
        "kept_words",
        Integer,
        nullable=True,
        comment="of a DOM path: words that the page's own classification keeps there",
    ),
    column("words", Integer, nullable=True, comment="of a DOM path: all words there"),
    Index("ix_memory_occurrences_site_id_page", "site_id", "page"),
    comment="A sample of the pages that show a memory entry.",
    rowid=False,
)
_HERE: Final = OCCURRENCES.c.site_id == bindparam("site")
_SOME: Final = OCCURRENCES.c.entry_key.in_(bindparam("keys", expanding=True))
_ROW: Final = ("entry_key", "page", "page_hash", "fingerprint", "kept_words", "words")
_OWN: Final = OCCURRENCES.alias("own")
# made once: building a statement takes as long as running it
_READ: Final = select(*(OCCURRENCES.c[name] for name in _ROW)).where(_HERE, _SOME)
# the same, and the samples of all that a page was known to show, also where it no longer does
_READ_WITH_PAGE: Final = union(
    _READ,
    select(*(OCCURRENCES.c[name] for name in _ROW))
    .join(
        _OWN,
        (_OWN.c.site_id == OCCURRENCES.c.site_id) & (_OWN.c.entry_key == OCCURRENCES.c.entry_key),
    )
    .where(_OWN.c.site_id == bindparam("site"), _OWN.c.page == bindparam("of_page")),
)
_REMOVE: Final = delete(OCCURRENCES).where(_HERE, _SOME, OCCURRENCES.c.page == bindparam("of_page"))
_PUSH_OUT: Final = delete(OCCURRENCES).where(
    _HERE,
    OCCURRENCES.c.entry_key == bindparam("of_key"),
    OCCURRENCES.c.page_hash == bindparam("of_hash"),
)


class SampledPage(NamedTuple):
    """A page as samples know it: its url_id, its rank, and the fingerprint of its text."""

    page: int
    page_hash: int
    fingerprint: int


class Occurred(NamedTuple):
    """One row of a sample."""

    entry_key: int
    page: int
    page_hash: int
    fingerprint: int
    kept_words: int | None
    words: int | None


class Changed(NamedTuple):
    """What an observation changed."""

    pages: set[int]  # url_ids whose evidence changed
    unseen: set[int]  # keys that no page had shown before
    held: set[int]  # keys that the page was known to show


def observe(
    conn: Connection,
    site_id: int,
    page: SampledPage,
    shown: Mapping[int, tuple[int | None, int | None]],
    classified_on: Mapping[int, int],
    *,
    first: bool,
) -> Changed:
    """Makes `shown` (key -> kept words, words) all that the page is known to show.

    Where a sample was full already nobody's count has changed, and no page is named. The page
    itself is named if it was `classified_on` other counts of pages than are known now. `first`:
    the page was never observed before. The caller holds the site's lock.
    """
    wanted = {key: (page.page_hash, page.fingerprint, *use) for key, use in shown.items()}
    held: dict[int, tuple[int | None, ...]] = {}
    others: dict[int, dict[int, int]] = {}  # key -> page hash -> url_id
    for row in _rows(conn, site_id, sorted(wanted), None if first else page.page):
        if row.page == page.page:
            held[row.entry_key] = row[2:]
        else:
            others.setdefault(row.entry_key, {})[row.page_hash] = row.page
    gone = sorted(key for key, row in held.items() if wanted.get(key) != row)
    news = sorted(key for key, row in wanted.items() if held.get(key) != row)
    for keys in batched(gone, CHUNK):
        conn.execute(_REMOVE, {"site": site_id, "keys": keys, "of_page": page.page})
    full = {key: max(ranks) for key in news if len(ranks := others.get(key, {})) >= SAMPLE}
    taken = [key for key in news if key not in full or page.page_hash < full[key]]
    insert_ignore(conn, OCCURRENCES, [_row(site_id, key, page, shown[key]) for key in taken])
    pushed = [key for key in taken if key in full]
    if pushed:
        rows = [{"site": site_id, "of_key": key, "of_hash": full[key]} for key in pushed]
        conn.execute(_PUSH_OUT, rows)
    changed = {
        other
        for key in {*gone, *(key for key in taken if key not in full)}
        for other in others.get(key, {}).values()
    }
    limit = SAMPLE - 1
    stale = any(
        min(len(others.get(key, ())), limit) != min(classified_on.get(key, 0), limit)
        for key in news
    )
    return Changed(
        changed | {page.page} if stale else changed,
        {*news} - others.keys() - held.keys(),
        {*held},
    )


def read(
    conn: Connection, site_id: int, keys: Iterable[int], page: int | None = None
) -> dict[int, list[Occurred]]:
    """The sample of each key that has one, in the order of page hashes.

    With a `page`, also the samples of all keys that it was known to show.
    """
    found: dict[int, list[Occurred]] = {}
    for row in _rows(conn, site_id, sorted(keys), page):
        found.setdefault(row.entry_key, []).append(row)
    return {
        key: sorted(sample, key=lambda row: row.page_hash)[:SAMPLE] for key, sample in found.items()
    }


def counts(conn: Connection, site_id: int) -> dict[int, int]:
    """How many pages each key's sample holds."""
    query = select(OCCURRENCES.c.entry_key, func.count()).where(OCCURRENCES.c.site_id == site_id)
    return {key: int(n) for key, n in conn.execute(query.group_by(OCCURRENCES.c.entry_key))}


def full(conn: Connection, site_id: int) -> list[tuple[int, int, tuple[float, float] | None]]:
    """Each key whose sample is full: the key, a number for its pages, kept words and words.

    The words are None for a text.
    """
    pages = func.sum(OCCURRENCES.c.page_hash % _MODULUS) * _MODULUS
    pages += func.max(OCCURRENCES.c.page_hash) % _MODULUS
    words = (func.sum(OCCURRENCES.c.kept_words), func.sum(OCCURRENCES.c.words))
    query = (
        select(OCCURRENCES.c.entry_key, pages, *words)
        .where(OCCURRENCES.c.site_id == site_id)
        .group_by(OCCURRENCES.c.entry_key)
        .having(func.count() >= SAMPLE)
        .order_by(OCCURRENCES.c.entry_key)
    )
    return [
        (key, int(number), None if total is None else (float(kept), float(total)))
        for key, number, kept, total in conn.execute(query)
    ]


def delete_keys(conn: Connection, site_id: int, keys: Sequence[int] | None = None) -> None:
    """Deletes the samples of some keys, or of all of a site."""
    mine = delete(OCCURRENCES).where(OCCURRENCES.c.site_id == site_id)
    if keys is None:
        conn.execute(mine)
        return
    for part in batched(keys, CHUNK):
        conn.execute(mine.where(OCCURRENCES.c.entry_key.in_(part)))


def _rows(
    conn: Connection, site_id: int, keys: Sequence[int], page: int | None
) -> Iterator[Occurred]:
    """The samples of these keys, and with a `page` of all that it was known to show."""
    for n, part in enumerate(batched(keys, CHUNK) if keys else [()]):
        given = {"site": site_id, "keys": part}
        if n == 0 and page is not None:
            rows = conn.execute(_READ_WITH_PAGE, {**given, "of_page": page})
        else:
            rows = conn.execute(_READ, given)
        yield from (Occurred(*row) for row in rows.all())


def _row(
    site_id: int, key: int, page: SampledPage, use: tuple[int | None, int | None]
) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "entry_key": key,
        "page_hash": page.page_hash,
        "page": page.page,
        "fingerprint": page.fingerprint,
        "kept_words": use[0],
        "words": use[1],
    }
