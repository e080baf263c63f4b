"""What flows through the pipeline: frozen, picklable, and short where it is logged."""

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from models.items import Hint, Link
from tests.factories import (
    make_article,
    make_block,
    make_classification,
    make_extraction,
    make_metadata,
    make_page,
)

VALUES = [
    Hint(), Link("https://example.test/a", "feed"), make_page(), make_block(), make_metadata(),
    make_extraction(), make_classification(), make_article(),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_goes_to_a_worker_and_comes_back_the_same(value: Any) -> None:
    assert pickle.loads(pickle.dumps(value)) == value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_value_does_not_change(value: Any) -> None:
    name = fields(value)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)
    assert not hasattr(value, "__dict__")


def test_a_dropped_page_is_logged_without_its_bytes_and_texts() -> None:
    article = make_article("word " * 5_000)
    article = replace(article, page=make_page(body=b"x" * 100_000))
    assert len(repr(article)) < 2_000
