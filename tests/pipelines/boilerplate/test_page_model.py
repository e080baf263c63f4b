"""The generated page model, and the generator."""

import math
from collections.abc import Callable
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.tree_module import source
from pipelines.boilerplate import page_model
from pipelines.boilerplate.features import NAMES

_NUMBERS = st.floats(-1e6, 1e6)
_TREES = st.recursive(
    _NUMBERS, lambda inner: st.tuples(st.integers(0, 3), _NUMBERS, inner, inner).map(list)
)


def walked(node: Any, row: list[float]) -> float:
    while isinstance(node, list):
        feature, threshold, low, high = node
        node = low if row[feature] <= threshold else high
    return float(node)


def loaded(trees: list[Any]) -> Callable[[list[float]], float]:
    space: dict[str, Any] = {}
    exec(source(trees, ["a", "b", "c", "d"], "make", {"pages": 1}), space)
    return cast(Callable[[list[float]], float], space["score"])


@given(st.lists(_TREES, max_size=5), st.lists(_NUMBERS, min_size=4, max_size=4))
def test_a_written_model_says_what_walking_its_trees_says(
    found: list[Any], row: list[float]
) -> None:
    assert loaded(found)(row) == sum((walked(t, row) for t in found), 0.0)


@pytest.mark.parametrize(
    "node", ["__import__('os')", ["row", 0, 1, 2], [7, 0, 1, 2], [0, "x", 1, 2]]
)
def test_what_is_no_number_does_not_get_into_the_source(node: Any) -> None:
    with pytest.raises(ValueError, match=r"could not convert|no feature"):
        source([node], list("abcd"), "make", {})


def test_the_page_model_reads_the_features_in_their_order() -> None:
    score = page_model.score.__code__
    assert score.co_varnames[1 : 1 + len(NAMES)] == NAMES
    assert math.isfinite(page_model.score([0.0] * len(NAMES)))
