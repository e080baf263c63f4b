"""Decision trees, compiled."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.boilerplate import gbdt
from pipelines.boilerplate.classify import PAGE_MODEL
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


@given(st.lists(_TREES, max_size=5), st.lists(_NUMBERS, min_size=4, max_size=4))
def test_compiled_trees_say_what_walking_them_says(found: list[Any], row: list[float]) -> None:
    assert gbdt.compiled(found, range(4))(row) == sum((walked(t, row) for t in found), 0.0)


def test_a_feature_is_looked_up_where_the_row_has_it() -> None:
    score = gbdt.compiled([[1, 0.5, -1, 1]], [2, 0])

    assert (score([0.0, 9.0, 9.0]), score([1.0, 0.0, 0.0])) == (-1.0, 1.0)


@pytest.mark.parametrize(
    "node", ["__import__('os')", ["row", 0, 1, 2], [7, 0, 1, 2], [0, "x", 1, 2]]
)
def test_what_is_no_number_does_not_get_into_the_source(node: Any) -> None:
    with pytest.raises(ValueError, match=r"could not convert|no feature"):
        gbdt.compiled([node], range(4))


def test_the_page_model_fits_the_measures() -> None:
    assert isinstance(gbdt.load(PAGE_MODEL, NAMES).score([0.0] * len(NAMES)), float)
