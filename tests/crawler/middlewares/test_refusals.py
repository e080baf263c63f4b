"""Each refusal carries an outcome of the contract, and says whether it is of the host."""

import pytest
from scrapy.exceptions import IgnoreRequest

from crawler.middlewares import refusals
from crawler.middlewares.refusals import Refusal
from models.outcomes import Outcome

KINDS = [k for k in vars(refusals).values() if isinstance(k, type) and issubclass(k, Refusal)]


@pytest.mark.parametrize("kind", [k for k in KINDS if k is not Refusal])
def test_a_refusal_has_an_outcome_and_its_reason(kind: type[Refusal]) -> None:
    assert Outcome(kind.outcome)
    refusal = kind("because of this")
    assert (refusal.reason, str(refusal)) == ("because of this", "because of this")
    assert isinstance(refusal, IgnoreRequest)  # Scrapy tries it no second time


def test_only_what_says_nothing_of_the_page_costs_it_no_attempt() -> None:
    of_host = {kind.__name__ for kind in KINDS if kind.of_host}
    assert of_host == {"HostUnresolved", "HostUnreachable", "HostBusy"}
