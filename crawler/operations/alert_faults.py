"""Why a delivery failed, in words of our own: what a service logs may quote secrets. Pure."""

import re
from collections.abc import Iterable
from typing import Final

NO_REASON: Final = "the service refused it"
_HTTP: Final = re.compile(r"\berror=(\d{3})\b")
_REASONS: Final = (  # the first that is found in the log
    (r"connection refused", "connection refused"),
    (r"failed to resolve|name or service not known|nodename nor servname|no address associated"
     r"|temporary failure in name resolution", "the name of its host is unknown"),
    (r"certificate[ _]verify[ _]failed|certificateerror|hostname mismatch",
     "its certificate is not trusted"),
    (r"sslerror|\bssl\b|wrong[ _]version[ _]number", "TLS failed"),
    (r"timed out|timeout", "no answer in time"),
    (r"smtpauthentication|authentication (failed|credentials)|\b535\b",
     "user or password was refused"),
    (r"recipientsrefused|senderrefused", "the mail server refused sender or recipient"),
    (r"network is unreachable|no route to host", "its host cannot be reached"),
    (r"connection (reset|aborted)|remotedisconnected|broken pipe|unexpectedly closed",
     "the connection broke"),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern, re.I), words) for pattern, words in _REASONS)


def reason_of(log: Iterable[str]) -> str:
    """The reason, out of a closed set of words and the numbers of HTTP; nothing is quoted."""
    lines = "\n".join(log)
    status = _HTTP.search(lines)
    if status is not None:
        return f"HTTP {status[1]}"
    return next((words for pattern, words in _COMPILED if pattern.search(lines)), NO_REASON)
