"""Each way for an item to leave the pipeline has an outcome of its own."""

import inspect

import pytest

from models.outcomes import Outcome
from pipelines import drops
from pipelines.drops import ReadsAsItDid, Refused, Repeated

KINDS = [
    kind
    for _, kind in inspect.getmembers(drops, inspect.isclass)
    if issubclass(kind, Refused) and kind is not Refused
]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not ReadsAsItDid])
def test_a_refusal_carries_its_reason_quietly(kind: type[Refused]) -> None:
    refused = kind("because of this")
    assert (refused.reason, str(refused)) == ("because of this", "because of this")
    assert refused.log_level == "DEBUG"


def test_no_two_kinds_have_one_outcome() -> None:
    outcomes = [kind.outcome for kind in KINDS if kind is not Repeated]  # it is a Blocked
    assert all(isinstance(outcome, Outcome) for outcome in outcomes)
    assert len(set(outcomes)) == len(outcomes)


def test_a_copy_that_reads_as_it_did_is_unchanged() -> None:
    assert ReadsAsItDid().outcome is Outcome.UNCHANGED
    assert ReadsAsItDid().reason == "its archived copy reads as it did"
