"""A cluster and why its original is the original."""

import pytest

from crawler.reports.cluster import cluster, in_words, texts
from models.db.database import Database
from pipelines.duplicates.label_clusters import THROUGH_OTHERS
from pipelines.duplicates.originals import _CRITERIA
from tests.support.look_data import CLUSTER


def test_the_original_and_as_many_copies_as_asked_for(filled: Database) -> None:
    with filled.reading() as conn:
        found = cluster(conn, 1, 10)
        assert cluster(conn, 75, 10) is None
        assert texts(conn, (1, 2)).keys() == {1, 2}
    assert found is not None
    assert found.original is not None
    assert (found.size, found.original.article_id) == (CLUSTER, 1)
    assert [copy.article_id for copy in found.copies] == list(range(2, 12))
    assert found.copies[0].reason == "nearly the same text"


def test_a_cluster_whose_original_was_refused_has_copies_only(filled: Database) -> None:
    with filled.transaction() as conn:
        conn.exec_driver_sql("update articles set refused_at = updated_at where article_id = 70")
    with filled.reading() as conn:
        found = cluster(conn, 70, 10)
    assert found is not None
    assert found.original is None
    assert [copy.article_id for copy in found.copies] == [71]


@pytest.mark.parametrize("reason", [name for name, _ in _CRITERIA] + ["first by address", ""])
def test_every_reason_of_an_original_has_words(reason: str) -> None:
    assert in_words(reason, is_original=True) not in {reason, ""}


@pytest.mark.parametrize(
    "reason",
    ["equal text", "near-duplicate", "shortened copy", "same title, rewritten in part",
     THROUGH_OTHERS],
)  # fmt: skip
def test_every_reason_of_a_copy_has_words(reason: str) -> None:
    assert in_words(reason, is_original=False) not in {reason, ""}


def test_a_reason_of_a_later_version_is_shown_as_it_is() -> None:
    assert in_words("by a new rule", is_original=True) == "by a new rule"
    assert in_words(None, is_original=False) == ""
