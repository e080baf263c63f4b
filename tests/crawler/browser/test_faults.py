"""What a browser's failures come to: an outcome of the page, or a fault of this machine."""

import pytest

from crawler.browser import faults
from crawler.browser.faults import BrowserBroken, BrowserMissing, NotRendered
from crawler.operations.command import EXIT_FAILED, EXIT_USAGE, explained
from crawler.runs.response_outcomes import outcome_of_error
from models.outcomes import PASSING, Outcome


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        (faults.too_slow(30.0), Outcome.TIMEOUT, "30 s"),
        (faults.too_large("the page"), Outcome.TOO_LARGE, "max_bytes"),
        (faults.asks_again(), Outcome.BLOCKED, "loads itself again"),
        (faults.broken_off("it crashed"), Outcome.CONNECTION_ERROR, "it crashed"),
    ],
)
def test_a_page_that_is_not_shown_has_an_outcome(
    fault: NotRendered, outcome: Outcome, words: str
) -> None:
    came = outcome_of_error(fault)
    assert came.outcome is outcome
    assert came.reason is not None and words in came.reason
    assert came.asked
    assert (outcome in PASSING) == (outcome is not Outcome.TOO_LARGE)


def test_a_browser_that_does_not_start_ends_the_run_and_no_page() -> None:
    with pytest.raises(BrowserBroken):
        outcome_of_error(BrowserBroken("chromium does not start"))
    assert explained(BrowserBroken("chromium does not start"))[1] == EXIT_FAILED


def test_a_browser_that_is_missing_is_a_matter_of_usage() -> None:
    assert explained(BrowserMissing("install it")) == ("install it", EXIT_USAGE)
