"""A batch as a message has it: names, and what is wrong with one that another program wrote."""

import json
from datetime import UTC, datetime

import pytest

from crawler.fleet.batch import SITES, Batch, Group, NoBatch, batch_size, batches_of, new_number

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
BATCH = Batch(
    "b1", (Group(("a", "b"), ("c",)), Group(("d",))), "0.1.0", AT, label="de", now=True, until=AT
)


def test_a_batch_comes_back_from_json() -> None:
    assert Batch.of(json.loads(json.dumps(BATCH.message()))) == BATCH
    assert BATCH.sites == ["a", "b", "d"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sites": None}, {"sites": ["abc"]}, {"sites": [["a"]], "beside": []},
        {"asked_at": "soon"}, {"asked_at": "2026-01-01T00:00:00"}, {"until": 5},
    ],
)  # fmt: skip
def test_another_message_is_no_batch(wrong: dict[str, object]) -> None:
    with pytest.raises(NoBatch):
        Batch.of({**BATCH.message(), **wrong})
    with pytest.raises(NoBatch, match="KeyError"):
        Batch.of({})


def test_groups_go_together_up_to_so_many_sites_in_their_order() -> None:
    groups = [Group((f"s{n}",)) for n in range(SITES + 1)]
    assert batches_of(groups) == [tuple(groups[:SITES]), (groups[SITES],)]
    large = Group(tuple(f"g{n}" for n in range(SITES + 3)))
    assert batches_of([groups[0], large, groups[1]]) == [(groups[0],), (large,), (groups[1],)]
    assert batches_of([]) == []
    assert batches_of(groups[:3], size=1) == [(groups[0],), (groups[1],), (groups[2],)]


@pytest.mark.parametrize(
    ("sites", "places", "size"),
    [(300, 128, 2), (300, 32, SITES), (10_000, 400, SITES), (5, 400, 1), (300, 0, 4), (0, 32, 1)],
)
def test_a_batch_leaves_sites_for_the_places_of_other_workers(
    sites: int, places: int, size: int
) -> None:
    assert batch_size(sites, places) == size


def test_numbers_differ() -> None:
    assert new_number() != new_number()
