"""What a page teaches: its digest says whether the site's memory holds it already."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from models.evidence import SAMPLE, DomPathUse, Observation

SHOWN = Observation(
    page=1,
    page_hash=2,
    fingerprint=3,
    template_key=4,
    fetched_at=datetime(2026, 5, 24, tzinfo=UTC),
    blocks={5: "a text", 6: "another"},
    dom_paths={7: DomPathUse("div>p", 20, 30), 8: DomPathUse("li", 0, 9)},
)


@pytest.mark.parametrize(
    "parts",
    [
        {"fingerprint": 9},
        {"template_key": 9},
        {"blocks": {5: "a text"}},
        {"blocks": {5: "a text", 9: "another"}},
        {"dom_paths": {7: DomPathUse("div>p", 21, 30), 8: DomPathUse("li", 0, 9)}},
        {"dom_paths": {7: DomPathUse("div>p", 20, 31), 8: DomPathUse("li", 0, 9)}},
        {"dom_paths": {7: DomPathUse("div>p", 20, 30)}},
    ],
)
def test_what_the_memory_would_store_otherwise_has_another_digest(parts: dict[str, Any]) -> None:
    assert replace(SHOWN, **parts).digest != SHOWN.digest


@pytest.mark.parametrize(
    "parts",
    [
        {"fetched_at": datetime(2026, 5, 25, tzinfo=UTC)},
        {"blocks": {6: "in another order", 5: "and other words"}},
        {"dom_paths": dict(reversed(SHOWN.dom_paths.items()))},
        {"classified_on": {5: 3}},
    ],
)
def test_a_later_copy_that_teaches_the_same_has_the_same_digest(parts: dict[str, Any]) -> None:
    assert replace(SHOWN, **parts).digest == SHOWN.digest


def test_an_observation_goes_to_a_worker_and_comes_back_the_same() -> None:
    assert pickle.loads(pickle.dumps(SHOWN)) == SHOWN
    assert len(SHOWN.digest) == 32
    assert SAMPLE == 16  # measured; smaller samples changed classifications
