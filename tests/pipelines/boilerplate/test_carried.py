"""What a block carries: by name, and for pages stored when less was carried."""

from pipelines.boilerplate import features
from pipelines.boilerplate.carried import NAMES, Carried, carried
from tests.factories import make_block


def test_all_names_are_features_of_the_page() -> None:
    assert set(NAMES) <= set(features.NAMES)


def test_each_value_has_its_name() -> None:
    assert carried(make_block(features=(0.1, 0.2, 1.0, 0.4))) == Carried(0.1, 0.2, 1.0, 0.4)


def test_a_page_stored_before_carried_how_like_the_description_it_is() -> None:
    assert carried(make_block(features=(0.7,))) == Carried(lead_same=0.7)


def test_a_block_that_was_not_scored_carries_nothing() -> None:
    assert carried(make_block(features=())) == Carried()
