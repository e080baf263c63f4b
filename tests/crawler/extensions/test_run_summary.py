"""What a run says of its end, and when it failed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extensions.run_summary import RunSummary
from models.outcomes import ERRORS, Outcome


def ending(**more: object) -> RunSummary:
    given: dict[str, object] = {"kind": "discover", "site": "loop", "counts": {}, "seconds": 43.0}
    return RunSummary(**{**given, **more})


def test_the_summary_is_one_line_with_counts_rate_and_time() -> None:
    counts = {Outcome.STORED: 40, Outcome.NOT_ARTICLE: 1, Outcome.TIMEOUT: 1}
    line = ending(counts=counts, source_faults=("http://x.test/rss: HTTP 404",)).line()
    assert line == (
        "discover loop: 42 URLs: 40 stored, 1 not_article, 1 timeout, 1 error in 43 s"
        " (0.98 pages/s); 1 source failed: http://x.test/rss: HTTP 404"
    )


def test_a_run_with_nothing_to_do_is_done() -> None:
    assert ending(sources_read=2).status == "done"
    assert ending(sources_read=1, source_faults=("a: HTTP 404",)).status == "done"


def test_a_run_of_which_half_ended_in_an_error_is_done_and_one_more_fails_it() -> None:
    half = {Outcome.STORED: 2, Outcome.HTTP_ERROR: 1, Outcome.DNS_ERROR: 1}
    assert ending(counts=half).status == "done"
    assert ending(counts={**half, Outcome.DNS_ERROR: 2}).status == "failed"


@given(st.dictionaries(st.sampled_from(Outcome), st.integers(1, 50), min_size=1))
def test_it_fails_exactly_where_more_urls_ended_in_an_error_than_did_not(
    counts: dict[Outcome, int],
) -> None:
    errors = sum(count for outcome, count in counts.items() if outcome in ERRORS)
    assert (ending(counts=counts).status == "failed") is (errors > sum(counts.values()) - errors)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"finish_reason": "shutdown"}, "stopped by SIGINT or SIGTERM"),
        ({"finish_reason": "start_error", "fault": "KeyError: 1"}, "the spider failed: KeyError"),
        ({"finish_reason": "other"}, "stopped: other"),
        ({"source_faults": ("a: HTTP 404",)}, "no source could be read: a: HTTP 404"),
        ({"counts": {Outcome.TIMEOUT: 3}}, "all 3 URLs ended in an error: 3 timeout"),
        ({"counts": {Outcome.TIMEOUT: 1}}, "the only URL ended in an error: 1 timeout"),
        (
            {"counts": {Outcome.STORED: 9, Outcome.TIMEOUT: 8, Outcome.EXTRACT_CRASH: 2}},
            "more than half of the URLs (10 of 19) ended in an error: 8 timeout, 2 extract_crash",
        ),
        (
            {"kind": "reextract", "counts": {Outcome.UNCHANGED: 3}, "left_out": 1},
            "1 page left out, which another run holds; the same command goes on with them",
        ),
        (
            {"kind": "reextract", "elsewhere": {"oak": 1, "beech": 2}},
            "3 pages left out, whose copies are still in the spool of beech (2), oak (1): run any",
        ),
    ],
)
def test_a_run_that_was_stopped_or_reached_nothing_failed(
    more: dict[str, object], why: str
) -> None:
    failed = ending(**more)
    assert failed.status == "failed"
    assert (failed.failure or "").startswith(why)


def test_pages_that_had_failed_before_do_not_fail_a_run_again() -> None:
    two = {Outcome.HTTP_ERROR: 2}
    assert ending(counts=two).status == "failed"
    assert ending(counts=two, repeated=2).status == "done"
    assert ending(counts={**two, Outcome.STORED: 1}, repeated=1).status == "done"
    assert ending(counts={Outcome.HTTP_ERROR: 4, Outcome.STORED: 1}, repeated=1).status == "failed"
