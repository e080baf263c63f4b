"""Bad input at size: thousands of the same, and texts of megabytes, at a bounded cost."""

from collections.abc import Sequence
from time import process_time

import pytest

from benchmarks.newsroom import place, sweep
from models.articles.documents import Document
from models.db.database import Database
from models.duplicates.index import IndexEntry
from pipelines.duplicates import rebuild as module
from pipelines.duplicates.linker import make_keys_here
from pipelines.duplicates.rebuild import rebuild
from tests.support.stories import clusters, edited, tell, tell_and_place, wire_copy

CROWD = 300
SATURATED = 100  # articles until every popular key has as many postings as are ever read


@pytest.mark.parametrize("shared", ["text", "first paragraph"])
def test_a_newcomer_to_a_crowd_costs_what_the_one_before_it_cost(
    sqlite: Database, shared: str
) -> None:
    lead = wire_copy(1, 40)
    texts = [
        wire_copy(1) if shared == "text" else f"{lead}\n\n{wire_copy(number + 2, 120)}"
        for number in range(CROWD)
    ]
    ids = [tell(sqlite, copy, path=str(number)) for number, copy in enumerate(texts)]
    place(sqlite, ids[:SATURATED])
    quarter = (CROWD - SATURATED) // 4
    first = _cpu(sqlite, ids[SATURATED : SATURATED + quarter])
    place(sqlite, ids[SATURATED + quarter : -quarter])
    last = _cpu(sqlite, ids[-quarter:])
    assert last < 1.8 * first  # a cost that grew with the crowd would be 2.3 times the first
    sweep(sqlite)
    assert clusters(sqlite) == ({frozenset(ids)} if shared == "text" else set())


@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_keys_that_are_made_ahead_and_elsewhere_give_the_same_clusters(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    ids = [tell(sqlite, edited(wire_copy(n % 3), n), path=str(n)) for n in range(7)]
    under_way = most = 0
    done: list[int] = []

    async def elsewhere(found: Sequence[Document]) -> Sequence[IndexEntry]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        made = await make_keys_here(found)
        under_way -= 1
        return made

    counts = rebuild(sqlite, lambda count, _last: done.append(count), elsewhere, ahead)
    assert counts == (7, 3) and done == [2, 4, 6, 7]
    assert clusters(sqlite) == {frozenset(ids[n::3]) for n in range(3)}
    assert most <= ahead + 1


def test_two_megabytes_are_compared_in_bounded_time(sqlite: Database) -> None:
    sentences = [
        " ".join(f"w{number}n" for number in range(at, at + 20)) for at in range(0, 300_000, 20)
    ]
    whole = ". ".join(sentences)
    assert len(whole) > 2_000_000
    began = process_time()
    one = tell_and_place(sqlite, whole)
    other = tell_and_place(sqlite, ". ".join([*sentences[:-9], "An end of its own"]), site="b1")
    assert clusters(sqlite) == {frozenset({one, other})}
    assert process_time() - began < 20


def test_one_word_many_times_is_one_story_with_itself_alone(sqlite: Database) -> None:
    began = process_time()
    one, two = (tell_and_place(sqlite, "word " * 300_000, site=site) for site in ("a1", "b1"))
    tell_and_place(sqlite, "other " * 300_000, site="c1")
    assert clusters(sqlite) == {frozenset({one, two})}
    assert process_time() - began < 20


def test_texts_without_a_word_stay_apart_however_many(sqlite: Database) -> None:
    ids = [tell(sqlite, copy, path=str(n)) for n, copy in enumerate(["", "—", "\u00ad", "…"] * 20)]
    place(sqlite, ids)
    assert clusters(sqlite) == set()


def _cpu(database: Database, ids: list[int]) -> float:
    """CPU seconds of the cheapest of these look-ups: what else the machine does only adds."""
    return min(_one(database, article_id) for article_id in ids)


def _one(database: Database, article_id: int) -> float:
    began = process_time()
    place(database, [article_id])
    return process_time() - began
