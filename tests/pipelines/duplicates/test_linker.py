"""Articles are linked in steps that are repeated until they hold, or left for the sweep."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from models.db.database import Database
from models.db.writer import Writer
from models.duplicates import index
from pipelines.duplicates import linker as module
from pipelines.duplicates import matching
from pipelines.duplicates.linker import TRIES, Linker
from pipelines.duplicates.matching import Comparison, LinkResult
from tests.support.stories import clusters, edited, tell, wire_copy

COPY = wire_copy(1)


class Linking:
    """A linker on a database, and what it counts."""

    def __init__(self, database: Database) -> None:
        self.database, self.writer = database, Writer(database)
        self.counts: Counter[str] = Counter()
        self.linker = Linker(self.writer, lambda name: self.counts.update([name]))

    def run(self, work: Callable[[Linker], Awaitable[Any]]) -> Any:
        async def driven() -> Any:
            return await work(self.linker)

        return asyncio.run(driven())

    def link(self, *article_ids: int) -> list[bool]:
        """Adds the articles' keys, and links one after the other; whether each held."""

        async def work(linker: Linker) -> list[bool]:
            return [await linker.link(entry) for entry in await linker.add(article_ids)]

        done: list[bool] = self.run(work)
        return done

    def pending(self) -> list[int]:
        with self.database.reading() as conn:
            return index.pending(conn, 0, 100)


@pytest.fixture
def linking(sqlite: Database) -> Iterator[Linking]:
    made = Linking(sqlite)
    yield made
    made.writer.close()


def test_articles_are_linked_and_counted(linking: Linking) -> None:
    one, copy = tell(linking.database, COPY), tell(linking.database, edited(COPY, 1), path="copy")
    other = tell(linking.database, wire_copy(2))
    assert linking.link(other, one, copy) == [True] * 3
    assert clusters(linking.database) == {frozenset({one, copy})}
    assert linking.counts == {"dedup/similar": 2, "dedup/alone": 1}
    assert linking.pending() == []


def test_keys_of_a_text_that_was_replaced_since_are_made_again(linking: Linking) -> None:
    kept, gone = tell(linking.database, wire_copy(2)), tell(linking.database, COPY, path="a")
    other = tell(linking.database, edited(wire_copy(5), 1), path="b")

    async def work(linker: Linker) -> Any:
        prepared = await linker.prepare([kept, gone, other])
        assert tell(linking.database, wire_copy(5), path="a") == gone
        return [await linker.link(one) for one in await linker.write(prepared)]

    assert linking.run(work) == [True] * 3
    assert clusters(linking.database) == {frozenset({gone, other})}


def test_an_article_that_is_not_there_is_left_out(linking: Linking) -> None:
    assert linking.link(0) == []


def test_who_was_linked_through_a_former_text_is_looked_up_again(linking: Linking) -> None:
    ids = [tell(linking.database, edited(COPY, n), path=str(n)) for n in range(3)]
    linking.link(*ids)
    assert clusters(linking.database) == {frozenset(ids)}
    linking.counts.clear()
    assert tell(linking.database, wire_copy(9), path="0") == ids[0]
    assert linking.link(ids[0]) == [True]
    assert clusters(linking.database) == {frozenset(ids[1:])}
    assert linking.counts == {"dedup/alone": 1, "dedup/similar": 2}
    assert linking.pending() == []


def test_each_of_a_chain_is_looked_up_once(
    linking: Linking, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (tell(linking.database, wire_copy(n), path=str(n)) for n in range(3))
    requeued = {one: {two}, two: {one, three}, three: {two}}
    linked: list[int] = []

    def link(_conn: Connection, comparison: Comparison, now: datetime) -> LinkResult:
        linked.append(comparison.article_id)
        return LinkResult(done=True, requeued=frozenset(requeued[comparison.article_id]))

    monkeypatch.setattr(matching, "link", link)
    assert linking.link(one) == [True]
    assert linked == [one, two, three]


@pytest.mark.parametrize(("changes", "done"), [(1, True), (TRIES - 1, True), (TRIES, False)])
def test_an_article_whose_text_changes_meanwhile_is_tried_six_times(
    linking: Linking, monkeypatch: pytest.MonkeyPatch, changes: int, done: bool
) -> None:
    article_id, find, tries = tell(linking.database, COPY), matching.find_candidates, Counter[str]()

    def changed_at_first(*args: Any, **kwargs: Any) -> Any:
        tries.update(["find"])
        return find(*args, **kwargs) if tries["find"] > changes else None

    monkeypatch.setattr(matching, "find_candidates", changed_at_first)
    assert linking.link(article_id) == [done]
    assert tries["find"] == min(changes + 1, TRIES)
    assert linking.counts == {"dedup/alone" if done else "dedup/left_for_the_sweep": 1}
    assert linking.pending() == ([] if done else [article_id])


def test_a_sweep_links_all_that_is_pending_in_parts(
    linking: Linking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    ids = [tell(linking.database, edited(COPY, n), path=str(n)) for n in range(5)]
    assert linking.pending() == ids
    linking.run(lambda linker: linker.sweep())
    assert linking.pending() == []
    assert clusters(linking.database) == {frozenset(ids)}
