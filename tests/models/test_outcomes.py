"""Outcomes: the contract's list, and how long a passing failure is left alone."""

from datetime import timedelta

import pytest

from models.outcomes import ERRORS, KEPT, MAX_ATTEMPTS, PASSING, Outcome, retry_after

CONTRACT = """
stored revised unchanged not_modified duplicate_url not_article no_content blocked paywalled worse
out_of_scope robots refused_address too_large bad_type http_error gone redirect_loop timeout
dns_error connection_error extract_timeout extract_crash database_error erased
rights
"""


def test_the_outcomes_are_those_of_the_contract() -> None:
    assert [outcome.value for outcome in Outcome] == CONTRACT.split()


def test_what_is_kept_is_no_error_and_does_not_pass() -> None:
    assert not KEPT & ERRORS
    assert not KEPT & PASSING
    assert {"stored", "revised", "unchanged", "not_modified"} == KEPT


@pytest.mark.parametrize("last_word", ["gone", "not_article", "redirect_loop", "no_content"])
def test_a_last_word_does_not_pass(last_word: str) -> None:
    assert last_word not in PASSING


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(0, 10), (1, 20), (5, 320), (7, 1280), (8, 1440), (10, 1440), (10_000, 1440)],
)
def test_the_wait_doubles_from_ten_minutes_to_a_day(attempts: int, minutes: int) -> None:
    assert retry_after(attempts) == timedelta(minutes=minutes)


def test_a_page_is_given_up_after_half_a_day() -> None:
    waits = [retry_after(attempt) for attempt in range(MAX_ATTEMPTS)]
    assert sum(waits, timedelta()) == timedelta(minutes=630)
