"""Sites that are taught in few words, for tests of their memory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from migrations.schema import metadata
from models.db.database import Database
from models.items import Contribution, Evidence, PlaceUse
from models.memory import reclassify_queue, site_memory
from models.memory.cache import SiteMemory
from tests.factories import NOW, known_site, make_key, open_run

SIGHTINGS = [metadata.tables[name] for name in ("block_sightings", "place_sightings")]


def teaches(
    url_id: int,
    blocks: Mapping[int, str],
    places: Mapping[int, tuple[int, int]] | None = None,
    *,
    witness: int | None = None,
    layout: int = 7,
    fetched_at: datetime = NOW,
) -> Contribution:
    """What a page teaches; its witness is its own unless said otherwise."""
    uses = {key: PlaceUse(f"div.p{key}", *use) for key, use in (places or {}).items()}
    return Contribution(
        page=url_id,
        page_hash=make_key(f"page {url_id}"),
        witness=url_id if witness is None else witness,
        layout_key=layout,
        fetched_at=fetched_at,
        blocks=blocks,
        places=uses,
    )


class Taught:
    """A site of a database, and a run on it."""

    def __init__(self, database: Database, name: str = "example") -> None:
        self.database = database
        with database.transaction() as c:
            self.site_id = known_site(c, name)
            self.run_id = open_run(c, self.site_id)

    def remember(self, *pages: Contribution, now: datetime = NOW, **options: Any) -> None:
        def work(c: Connection) -> None:
            for page in pages:
                site_memory.remember(c, self.site_id, page.page, page, self.run_id, now, **options)

        self.database.patiently(work)

    def next_run(self) -> int:
        with self.database.transaction() as c:
            self.run_id = open_run(c, self.site_id)
        return self.run_id

    def evidence(self, page: Contribution) -> Evidence:
        with self.database.reading() as c:
            return SiteMemory(self.site_id).evidence(c, page)

    def pages(self, key: int) -> list[int]:
        """The pages that the memory knows a block by."""
        return sorted(s.page for s in self.evidence(teaches(0, {key: ""})).blocks[key] if s.page)

    def forget(self) -> None:
        self.database.patiently(lambda c: site_memory.forget(c, self.site_id))

    def rows(self) -> list[list[tuple[int, ...]]]:
        """All sightings, in order."""
        with self.database.reading() as c:
            return [sorted(map(tuple, c.execute(select(table)))) for table in SIGHTINGS]

    def waiting(self) -> list[int]:
        """Pages that are to be judged again."""
        with self.database.reading() as c:
            return [page for page, _ in reclassify_queue.next_pages(c, self.site_id, 1000)]

    def settled(self) -> None:
        """All pages on the list were judged again."""
        with self.database.transaction() as c:
            reclassify_queue.settled(
                c, self.site_id, reclassify_queue.next_pages(c, self.site_id, 1000)
            )
