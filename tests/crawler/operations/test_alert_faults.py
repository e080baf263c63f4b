"""Why a delivery failed is said in words of our own: a log may quote an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.operations.alert_faults import _REASONS, NO_REASON, reason_of

POOL = "Socket Exception: HTTPConnectionPool(host='h', port=9): Max retries exceeded with url: /t0k"
CASES = [
    ("Failed to send JSON POST notification: Internal server error., error=500.", "HTTP 500"),
    (f"{POOL} (Caused by ... [Errno 111] Connection refused)", "connection refused"),
    (f"{POOL} Failed to resolve 'h' ([Errno -2] Name or service not known)",
     "the name of its host is unknown"),
    (f"{POOL} (Caused by SSLError(1, '[SSL: WRONG_VERSION_NUMBER] wrong version'))", "TLS failed"),
    (f"{POOL} SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate"
     " verify failed')", "its certificate is not trusted"),
    ("Socket Exception: HTTPConnectionPool(host='h', port=9): Read timed out. (read timeout=4.0)",
     "no answer in time"),
    ("Socket Exception: (535, b'5.7.8 Username and Password not accepted')",
     "user or password was refused"),
    ("Socket Exception: Connection unexpectedly closed", "the connection broke"),
    ("A thing happened to hunter2", NO_REASON),
]  # fmt: skip


@pytest.mark.parametrize(("line", "reason"), CASES)
def test_a_log_becomes_a_reason(line: str, reason: str) -> None:
    assert (
        reason_of(["A Connection error occurred sending JSON notification to h.", line]) == reason
    )


@given(st.lists(st.text()))
def test_nothing_of_a_log_is_quoted(log: list[str]) -> None:
    found = reason_of(log)
    assert found in {NO_REASON, *(words for _, words in _REASONS)} or found.startswith("HTTP ")
    assert len(found) < 60
