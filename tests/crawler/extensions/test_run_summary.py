"""What a run says of its end, and when it failed."""

import pytest

from crawler.extensions.run_summary import RunSummary
from models.outcomes import Outcome


def ending(**more: object) -> RunSummary:
    given: dict[str, object] = {"kind": "discover", "site": "loop", "counts": {}, "seconds": 43.0}
    return RunSummary(**{**given, **more})  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"finish_reason": "shutdown"}, "stopped by SIGINT or SIGTERM"),
        ({"finish_reason": "start_error", "fault": "KeyError: 1"}, "the spider failed: KeyError"),
        ({"finish_reason": "other"}, "stopped: other"),
        ({"source_faults": ("a: HTTP 404",)}, "no source could be read: a: HTTP 404"),
        ({"counts": {Outcome.TIMEOUT: 3}}, "no URL could be fetched: 3 timeout"),
        (
            {"kind": "reextract", "counts": {Outcome.UNCHANGED: 3}, "left_out": 1},
            "1 page left out, which another run holds; the same command goes on with them",
        ),
    ],
)
def test_a_run_that_was_stopped_or_reached_nothing_failed(
    more: dict[str, object], why: str
) -> None:
    failed = ending(**more)
    assert failed.status == "failed"
    assert (failed.failure or "").startswith(why)
