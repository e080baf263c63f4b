"""Bottom-k samples in SQL: for each entry of a site, the pages that show it, at most SAMPLE.

A page's rank in a sample is a hash of its URL, so the same pages give the same rows in any
order, crawled once or ten times, by one crawler or by several.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    ForeignKey,
    Integer,
    Row,
    Select,
    bindparam,
    delete,
    func,
    select,
)

from models.batches import batched
from models.db.keys import among, select_each
from models.db.statements import insert_numbers
from models.db.types import Key, column, table
from models.evidence import SAMPLE, Occurrence

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
    comment="A sample of the pages that show a memory entry.",
    rowid=False,
)
_HERE: Final = OCCURRENCES.c.site_id == bindparam("site")
_SOME: Final = among(OCCURRENCES.c.entry_key, "keys")
# the key, then the fields of an Occurrence
_ROW: Final = ("entry_key", "page", "fingerprint", "page_hash", "kept_words", "words")
# made once: building a statement takes as long as running it
_DELETE: Final = delete(OCCURRENCES).where(_HERE, _SOME)
_DELETE_ALL: Final = delete(OCCURRENCES).where(_HERE)
_REMOVE: Final = delete(OCCURRENCES).where(
    _HERE,
    OCCURRENCES.c.entry_key == bindparam("of_key"),
    OCCURRENCES.c.page_hash == bindparam("of_hash"),
)


class SampledPage(NamedTuple):
    """A page as samples know it: its url_id, its rank, and the fingerprint of its text."""

    page: int
    page_hash: int
    fingerprint: int


class Changed(NamedTuple):
    """What an observation changed."""

    pages: set[int]  # url_ids whose evidence changed
    unseen: set[int]  # keys that no page had shown before
    again: dict[int, int]  # keys that one other page had shown: its url_id
    full: set[int]  # keys of full samples, which name other pages now, or use them otherwise


def observe(
    conn: Connection,
    site_id: int,
    page: SampledPage,
    shown: Mapping[int, tuple[int | None, int | None]],
    classified_on: Mapping[int, int],
    former: Iterable[int],
) -> Changed:
    """Makes `shown` (key -> kept words, words) all that the page is known to show.

    `former`: the keys that it was known to show. Of a full sample the pages are not named: more
    show its key than it holds. The page itself is named if it was `classified_on` other counts of
    pages than are known now. The caller holds the site's lock.
    """
    own = page.page, page.fingerprint, page.page_hash
    wanted = {key: (*own, *use) for key, use in shown.items()}
    held: dict[int, tuple[int | None, ...]] = {}
    others: dict[int, dict[int, int]] = {}  # key -> page hash -> url_id
    for row in _rows(conn, site_id, sorted(wanted.keys() | set(former))):
        if row.page == page.page:
            held[row.entry_key] = row[1:]
        else:
            others.setdefault(row.entry_key, {})[row.page_hash] = row.page
    gone = sorted(key for key, row in held.items() if wanted.get(key) != row)
    news = sorted(key for key, row in wanted.items() if held.get(key) != row)
    _remove(conn, site_id, [(key, held[key][2]) for key in gone])
    most = {key: max(ranks) for key in news if len(ranks := others.get(key, {})) >= SAMPLE}
    taken = [key for key in news if key not in most or page.page_hash < most[key]]
    insert_numbers(conn, OCCURRENCES, [_row(site_id, key, page, shown[key]) for key in taken])
    _remove(conn, site_id, [(key, most[key]) for key in taken if key in most])  # pushed out
    # with this page in it, or pushed out of it
    full = {key for key in {*gone, *taken} if len(others.get(key, ())) >= SAMPLE - 1}
    changed = {other for key in {*gone, *taken} - full for other in others.get(key, {}).values()}
    limit = SAMPLE - 1
    stale = any(
        min(len(others.get(key, ())), limit) != min(classified_on.get(key, 0), limit)
        for key in news
    )
    return Changed(
        changed | {page.page} if stale else changed,
        {*news} - others.keys() - held.keys(),
        {key: next(iter(seen.values())) for key in news if len(seen := others.get(key, {})) == 1},
        full,
    )


def read(conn: Connection, site_id: int, keys: Iterable[int]) -> dict[int, tuple[Occurrence, ...]]:
    """The sample of each key that has one, in the order of page hashes."""
    rows = groupby(_rows(conn, site_id, sorted(keys)), key=itemgetter(0))
    return {
        key: tuple([Occurrence._make(row[1:]) for row in sample][:SAMPLE]) for key, sample in rows
    }


def counts(conn: Connection, site_id: int) -> dict[int, int]:
    """How many pages each key's sample holds."""
    query = select(OCCURRENCES.c.entry_key, func.count()).where(OCCURRENCES.c.site_id == site_id)
    return {key: int(n) for key, n in conn.execute(query.group_by(OCCURRENCES.c.entry_key))}


def shown_once(conn: Connection, site_id: int) -> dict[int, int]:
    """The texts of which one page is known: its url_id by key."""
    query = (
        select(OCCURRENCES.c.entry_key, func.min(OCCURRENCES.c.page))
        .where(OCCURRENCES.c.site_id == site_id, OCCURRENCES.c.words.is_(None))
        .group_by(OCCURRENCES.c.entry_key)
        .having(func.count() == 1)
    )
    return dict(conn.execute(query).all())


def delete_keys(conn: Connection, site_id: int, keys: Sequence[int] | None = None) -> None:
    """Deletes the samples of some keys, or of all of a site."""
    if keys is None:
        conn.execute(_DELETE_ALL, {"site": site_id})
        return
    for part in batched(keys, CHUNK):
        conn.execute(_DELETE, {"site": site_id, "keys": part})


def _rows(conn: Connection, site_id: int, keys: Sequence[int]) -> Iterator[Row[Any]]:
    """The samples of these keys, by key and page hash."""
    for part in batched(keys, CHUNK):
        yield from conn.execute(_read(conn.dialect.name), {"site": site_id, "keys": part}).all()


@lru_cache(maxsize=4)
def _read(dialect: str) -> Select[Any]:
    columns = tuple(OCCURRENCES.c[name] for name in _ROW)
    each = select_each(dialect, columns, OCCURRENCES.c.entry_key, "keys", _HERE)
    return each.order_by(each.selected_columns.entry_key, each.selected_columns.page_hash)


def _remove(conn: Connection, site_id: int, rows: Sequence[tuple[int, int | None]]) -> None:
    """Deletes rows by key and page hash, in the order of keys."""
    if rows:
        given = [{"site": site_id, "of_key": key, "of_hash": order} for key, order in rows]
        conn.execute(_REMOVE, given)


def _row(
    site_id: int, key: int, page: SampledPage, use: tuple[int | None, int | None]
) -> tuple[int | None, ...]:
    """A row of `memory_occurrences`, in the order of its columns."""
    return (site_id, key, page.page_hash, page.page, page.fingerprint, *use)
