"""Naming a cluster's original: at once where it is small, by a sweep where it is large."""

import pytest

from benchmarks.newsroom import sweep
from models.db.database import Database
from pipelines.duplicates import label_clusters
from pipelines.duplicates.label_clusters import THROUGH_OTHERS
from tests.support.stories import DAY, clustered, edited, rows, tell_and_place, wire_copy

COPY = wire_copy(1)


def test_the_first_to_publish_is_the_original_and_readers_are_told(sqlite: Database) -> None:
    late = tell_and_place(sqlite, edited(COPY, 1), path="late")
    early = tell_and_place(sqlite, COPY, path="early", site="other", at=DAY.replace(hour=7))
    found = {row.article_id: row for row in rows(sqlite)}
    assert (found[early].is_original, found[late].is_original) == (1, 0)
    assert found[early].reason == "published first"
    assert 0.5 < found[late].similarity < 1
    assert set(clustered(sqlite)) == {late, early}


def test_an_arrival_that_changes_no_original_concerns_itself_alone(sqlite: Database) -> None:
    tell_and_place(sqlite, COPY, path="early", at=DAY.replace(hour=7))
    tell_and_place(sqlite, edited(COPY, 1), path="two")
    before = len(clustered(sqlite))
    third = tell_and_place(sqlite, edited(COPY, 2), path="three")
    assert clustered(sqlite)[before:] == [third]


def test_the_original_of_a_large_cluster_waits_for_a_sweep(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(label_clusters, "LARGE", 2)
    for n in range(2):
        tell_and_place(sqlite, edited(COPY, n), path=str(n))
    early = tell_and_place(sqlite, COPY, path="early", at=DAY.replace(hour=7))
    assert not {row.article_id: row for row in rows(sqlite)}[early].is_original
    sweep(sqlite)
    assert {row.article_id: row for row in rows(sqlite)}[early].is_original


def test_a_member_that_is_like_others_only_says_so(sqlite: Database) -> None:
    parts = COPY.split("\n\n")
    steps = ["\n\n".join([*parts[n:], *wire_copy(9).split("\n\n")[:n]]) for n in range(6)]
    for n, text in enumerate(steps):
        tell_and_place(sqlite, text, path=str(n), at=DAY.replace(hour=n))
    reasons = [row.reason for row in rows(sqlite)]
    assert len(reasons) == len(steps), "the chain holds from end to end"
    assert reasons[-1] == THROUGH_OTHERS != reasons[1]
