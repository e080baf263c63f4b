"""Bottom-k samples in SQL: for each key of a site, the pages on which it was seen, at most SAMPLE.

A page's place in a sample is a hash of its URL, so the same pages give the same rows in any
order, crawled once or ten times, by one crawler or by several.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    bindparam,
    delete,
    func,
    select,
)

from models.db.statements import insert_ignore
from models.items import SAMPLE

_MODULUS: Final = 1_000_003  # a prime; sums of 16 such numbers fit every database's integer
CHUNK: Final = 500  # keys a statement: well under what the drivers take, large enough to be one


@dataclass(frozen=True, slots=True)
class SampledPage:
    """The page that saw: its url_id, its place in samples, and what it is a fingerprint of."""

    page: int
    page_hash: int
    fingerprint: int


class Samples:
    """The samples of one table whose primary key is (site_id, KEY, page_hash).

    `extra` names the columns of an occurrence besides page and fingerprint. Whoever calls
    `see` holds the site (`registry` or a lock of the memory), so that counts stand still.
    """

    def __init__(self, table: Table, key: str, extra: Sequence[str] = ()) -> None:
        self._table = table
        self._key: ColumnElement[int] = table.c[key]
        self._extra = tuple(extra)
        self._some = self._key.in_(bindparam("keys", expanding=True))
        here = table.c.site_id == bindparam("site")
        names = ("page_hash", "page", "fingerprint", *self._extra)
        # made once: to put one of these together takes as long as to run it
        self._read = (
            select(self._key, *(table.c[name] for name in names))
            .where(here, self._some)
            .order_by(self._key, table.c.page_hash)
        )
        self._counted = (
            select(self._key, func.count(), func.max(table.c.page_hash))
            .where(here, self._some)
            .group_by(self._key)
        )
        self._of_page = select(
            self._key, *(table.c[name] for name in ("page_hash", "fingerprint", *self._extra))
        ).where(here, table.c.page == bindparam("of_page"))
        self._on = select(table.c.page).distinct().where(here, self._some)

    def update(
        self,
        conn: Connection,
        site_id: int,
        seer: SampledPage,
        seen: Mapping[int, tuple[int, ...]],
        classified_on: Mapping[int, int],
    ) -> set[int]:
        """Makes `seen` (key -> extra values) all that the page is known to show.

        Returns the pages whose evidence this changed. Where a sample was full already nobody's
        count has changed, and nobody is named. The page itself is among them if it was
        `classified_on` other counts of pages than are known now.
        """
        wanted = {key: (seer.page_hash, seer.fingerprint, *extra) for key, extra in seen.items()}
        held = self._held(conn, site_id, seer.page)
        gone = sorted(key for key, row in held.items() if wanted.get(key) != row)
        for keys in chunks(gone):
            conn.execute(self._of(site_id, keys).where(self._table.c.page == seer.page))
        news = sorted(key for key, row in wanted.items() if held.get(key) != row)
        others = self._standing(conn, site_id, news)
        full = {key: largest for key, (pages, largest) in others.items() if pages >= SAMPLE}
        taken = [key for key in news if key not in full or seer.page_hash < full[key]]
        insert_ignore(
            conn, self._table, [self._row(site_id, key, seer, seen[key]) for key in taken]
        )
        self._push_out(conn, site_id, {key: full[key] for key in taken if key in full})
        shared = {key for key in taken if key in others and key not in full}
        changed = self._pages(conn, site_id, sorted(shared.union(gone))) - {seer.page}
        stale = any(
            min(others.get(key, (0, 0))[0], SAMPLE - 1)
            != min(classified_on.get(key, 0), SAMPLE - 1)
            for key in news
        )
        return changed | {seer.page} if stale else changed

    def read(
        self, conn: Connection, site_id: int, keys: Iterable[int]
    ) -> dict[int, list[Row[*tuple[Any, ...]]]]:
        """Each key's sample by page hash: key, page_hash, page, fingerprint, extra."""
        found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
        for part in chunks(sorted(keys)):
            for row in conn.execute(self._read, {"site": site_id, "keys": part}).all():
                sample = found.setdefault(row[0], [])
                if len(sample) < SAMPLE:
                    sample.append(row)
        return found

    def counts(self, conn: Connection, site_id: int) -> dict[int, int]:
        """How many pages each key's sample holds."""
        query = select(self._key, func.count()).where(self._table.c.site_id == site_id)
        return {key: int(pages) for key, pages in conn.execute(query.group_by(self._key))}

    def full(self, conn: Connection, site_id: int) -> list[tuple[int, int, tuple[float, ...]]]:
        """Each key whose sample is full: the key, a number for its pages, the sums of extra."""
        pages = func.sum(self._table.c.page_hash % _MODULUS) * _MODULUS
        pages += func.max(self._table.c.page_hash) % _MODULUS
        sums = [func.sum(self._table.c[name]) for name in self._extra]
        query = (
            select(self._key, pages, *sums)
            .where(self._table.c.site_id == site_id)
            .group_by(self._key)
            .having(func.count() >= SAMPLE)
            .order_by(self._key)
        )
        return [(row[0], int(row[1]), tuple(map(float, row[2:]))) for row in conn.execute(query)]

    def forget(self, conn: Connection, site_id: int, keys: Iterable[int] | None = None) -> None:
        """Forgets the samples of some keys, or of all."""
        if keys is None:
            conn.execute(delete(self._table).where(self._table.c.site_id == site_id))
            return
        for part in chunks(sorted(keys)):
            conn.execute(self._of(site_id, part))

    def _held(self, conn: Connection, site_id: int, page: int) -> dict[int, tuple[int, ...]]:
        rows = conn.execute(self._of_page, {"site": site_id, "of_page": page})
        return {row[0]: tuple(row[1:]) for row in rows}

    def _standing(
        self, conn: Connection, site_id: int, keys: Sequence[int]
    ) -> dict[int, tuple[int, int]]:
        """How many pages each key's sample holds, and their largest page hash."""
        found: dict[int, tuple[int, int]] = {}
        for part in chunks(keys):
            for key, pages, largest in conn.execute(self._counted, {"site": site_id, "keys": part}):
                found[key] = (int(pages), int(largest))
        return found

    def _push_out(self, conn: Connection, site_id: int, largest: Mapping[int, int]) -> None:
        """A smaller hash came into a full sample: its largest leaves."""
        if largest:
            row = delete(self._table).where(
                self._table.c.site_id == site_id,
                self._key == bindparam("of_key"),
                self._table.c.page_hash == bindparam("of_hash"),
            )
            conn.execute(row, [{"of_key": k, "of_hash": h} for k, h in sorted(largest.items())])

    def _pages(self, conn: Connection, site_id: int, keys: Sequence[int]) -> set[int]:
        pages: set[int] = set()
        for part in chunks(keys):
            pages.update(conn.execute(self._on, {"site": site_id, "keys": part}).scalars())
        return pages

    def _of(self, site_id: int, keys: Sequence[int]) -> Any:
        return delete(self._table).where(self._table.c.site_id == site_id, self._key.in_(keys))

    def _row(
        self, site_id: int, key: int, seer: SampledPage, extra: tuple[int, ...]
    ) -> dict[str, int]:
        named = dict(zip(self._extra, extra, strict=True))
        return {
            "site_id": site_id,
            self._key.key or "": key,
            "page_hash": seer.page_hash,
            "page": seer.page,
            "fingerprint": seer.fingerprint,
            **named,
        }


def chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """The keys in parts that one statement takes."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
