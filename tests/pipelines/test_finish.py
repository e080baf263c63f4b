"""The end of a run links what is left unlinked, also where the run met no page."""

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from models.crawl import runs
from models.db.database import Database
from models.memory import site_memory
from pipelines.boilerplate.observation import page_hash
from pipelines.drops import NoContent
from pipelines.finish import PRUNES
from tests.support.small_site import html, url_of
from tests.support.stage_run import StageRun
from tests.support.stories import clusters, tell, wire_copy


def test_what_a_killed_run_left_is_linked_by_the_next(
    sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    ids = [tell(sqlite, wire_copy(1), site=site) for site in ("a1", "b1")]

    async def crawl_without_pages() -> None:
        opened = await StageRun.begin(sqlite_url, str(tmp_path), "discover")
        await opened.close_stages()
        await opened.end()

    asyncio.run(crawl_without_pages())
    assert clusters(sqlite) == {frozenset(ids)}


@pytest.mark.slow
def test_how_pages_were_read_is_noted_though_all_were_refused(
    sqlite: Database, sqlite_url: str, tmp_path: Path
) -> None:
    async def run() -> int:
        opened = await StageRun.begin(sqlite_url, str(tmp_path), "discover")
        for page in await opened.claim({url_of(1): b"<html><body><p>Nothing.</p></body></html>"}):
            with pytest.raises(NoContent):
                await opened.take(page)
        await opened.close_stages()
        await opened.end()
        return opened.run.run_id

    run_id = asyncio.run(run())
    with sqlite.reading() as conn:
        assert runs.readings(conn, run_id).ways == {"learning": 1}


@pytest.mark.slow
def test_one_page_in_twenty_has_the_memory_pruned_at_the_end_of_its_run(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pruned: list[int] = []
    prune = site_memory.prune

    def counted(*given: Any) -> Any:
        pruned.append(1)
        return prune(*given)

    monkeypatch.setattr(site_memory, "prune", counted)
    one = next(n for n in count() if page_hash(url_of(n)) % PRUNES == 0)
    others = [n for n in range(one + 8) if page_hash(url_of(n)) % PRUNES][-6:]

    async def run(numbers: list[int]) -> int:
        opened = await StageRun.begin(sqlite_url, str(tmp_path), "discover")
        for page in await opened.claim({url_of(n): html(n) for n in numbers}):
            await opened.take(page)
        await opened.close_stages()
        await opened.end()
        return len(pruned)

    assert asyncio.run(run(others[:3])) == 0
    assert asyncio.run(run([*others[3:5], one, others[5]])) == 1
