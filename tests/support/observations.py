"""Sites that are taught in few words, for tests of their memory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from migrations.schema import metadata
from models.db.database import Database
from models.evidence import DomPathUse, Evidence, Observation
from models.memory import reclassify_queue, site_memory
from models.memory.cache import EvidenceCache
from tests.factories import NOW, known_site, make_key, open_run

OCCURRENCES = metadata.tables["memory_occurrences"]


def teaches(
    url_id: int,
    blocks: Mapping[int, str],
    places: Mapping[int, tuple[int, int]] | None = None,
    *,
    fingerprint: int | None = None,
    template: int = 7,
    fetched_at: datetime = NOW,
) -> Observation:
    """What a page teaches; its fingerprint is its own unless said otherwise."""
    uses = {key: DomPathUse(f"div.p{key}", *use) for key, use in (places or {}).items()}
    return Observation(
        page=url_id,
        page_hash=make_key(f"page {url_id}"),
        fingerprint=url_id if fingerprint is None else fingerprint,
        template_key=template,
        fetched_at=fetched_at,
        blocks=blocks,
        dom_paths=uses,
    )


class Taught:
    """A site of a database, and a run on it."""

    def __init__(self, database: Database, name: str = "example") -> None:
        self.database = database
        with database.transaction() as conn:
            self.site_id = known_site(conn, name)
            self.run_id = open_run(conn, self.site_id)

    def remember(self, *pages: Observation, now: datetime = NOW, **options: Any) -> None:
        def work(conn: Connection) -> None:
            for page in pages:
                site_memory.update(conn, self.site_id, page, self.run_id, now, **options)

        self.database.patiently(work)

    def next_run(self) -> int:
        with self.database.transaction() as conn:
            self.run_id = open_run(conn, self.site_id)
        return self.run_id

    def evidence(self, page: Observation) -> Evidence:
        with self.database.reading() as conn:
            return EvidenceCache(self.site_id).evidence(conn, page)

    def pages(self, key: int) -> list[int]:
        """The pages that the memory knows a block by."""
        return sorted(s.page for s in self.evidence(teaches(0, {key: ""})).blocks.get(key, ()))

    def forget(self) -> None:
        self.database.patiently(lambda conn: site_memory.reset(conn, self.site_id))

    def rows(self) -> list[list[tuple[int, ...]]]:
        """All occurrences, in order: those of blocks, and those of DOM paths."""
        with self.database.reading() as conn:
            found = sorted(map(tuple, conn.execute(select(OCCURRENCES))))
        return [
            [row[:5] for row in found if row[6] is None],
            [row for row in found if row[6] is not None],
        ]

    def waiting(self) -> list[int]:
        """Pages that wait to be classified again."""
        with self.database.reading() as conn:
            return [page for page, _ in reclassify_queue.next_pages(conn, self.site_id, 1000)]

    def dequeue(self) -> None:
        """Empties the queue, as if all its pages were classified again."""
        with self.database.transaction() as conn:
            reclassify_queue.dequeue(
                conn, self.site_id, reclassify_queue.next_pages(conn, self.site_id, 1000)
            )
