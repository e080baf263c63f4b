"""What an answer that is no page, or no answer at all, comes to."""

import ssl
import zlib

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from crawler.middlewares.refusals import HostBusy, RefusedByRobots
from crawler.runs.response_outcomes import (
    RENDERED,
    ResponseOutcome,
    charset,
    header,
    media_type,
    outcome_of_error,
    outcome_of_response,
    page_of,
)
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.errors import OwnFault
from models.items import Hint, Truncation
from models.outcomes import Outcome
from tests.factories import make_site

PAGE = b"<!doctype html><p>Text"


def answer(status: int = 200, body: bytes = PAGE, kind: str = "text/html") -> Response:
    headers = {"Content-Type": kind} if kind else {}
    return Response("https://example.test/a", status=status, body=body, headers=headers)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (404, "gone", "HTTP 404"),
        (410, "gone", "HTTP 410"),
        (304, "http_error", "HTTP 304 to a request that had no validators"),
        (201, "http_error", "HTTP 201"),
        (403, "http_error", "HTTP 403"),
        (500, "http_error", "HTTP 500"),
    ],
)
def test_a_status_but_200_is_no_page(status: int, outcome: str, reason: str | None) -> None:
    found = outcome_of_response(answer(status))
    assert found == ResponseOutcome(Outcome(outcome), reason, status)


@pytest.mark.parametrize("validator", ["If-None-Match", "If-Modified-Since"])
def test_304_to_a_conditional_request_says_that_the_copy_stands(validator: str) -> None:
    asked = Request("https://example.test/a", headers={validator: "x"})
    found = outcome_of_response(answer(304).replace(request=asked))
    assert found == ResponseOutcome(Outcome.NOT_MODIFIED, None, 304)


@pytest.mark.parametrize(
    "body", [bytes(range(256)) * 40, b"<html>" + zlib.compress(b"a" + PAGE * 9)]
)
def test_binary_data_said_to_be_html_is_none(body: bytes) -> None:
    found = outcome_of_response(answer(body=body))
    assert found is not None and found.outcome is Outcome.BAD_TYPE
    assert "binary data, said to be text/html" in str(found.reason)


def test_a_page_from_a_browser_says_so() -> None:
    lease = UrlLease(1, "https://example.test/a", Hint(), 0, None, None, False)
    run = Run(1, "discover", make_site(), 1, "test")
    assert page_of(answer(), lease, run).rendered_by is None
    shown = answer().replace(flags=["other", f"{RENDERED}Chromium 156.0"])
    assert page_of(shown, lease, run).rendered_by == "Chromium 156.0"


def test_a_page_that_was_cut_says_so_and_whether_the_connection_was() -> None:
    lease = UrlLease(1, "https://example.test/a", Hint(), 0, None, None, False)
    run = Run(1, "discover", make_site(), 1, "test")
    assert page_of(answer(), lease, run).truncation is None
    for flags, kind in ((["cut: x"], "unspecified"), (["dataloss", "cut: x"], "disconnect")):
        page = page_of(answer().replace(flags=flags), lease, run)
        assert page.truncation == Truncation("x", kind)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PAGE, "text/html; charset=utf-8"),
        (b"no mark at all", "text/html"),
        (PAGE, "application/xhtml+xml"),
        (PAGE, ""),
        (PAGE, "text/plain"),
        (b"\xef\xbb\xbf \n<HTML>", "application/octet-stream"),
        (b"", "application/json"),
    ],
)
def test_html_by_its_type_or_first_bytes_is_a_page(body: bytes, kind: str) -> None:
    assert outcome_of_response(answer(body=body, kind=kind)) is None


@pytest.mark.parametrize(
    ("body", "kind", "reason"),
    [
        (b"%PDF-1.7", "text/html", "a PDF, said to be text/html"),
        (b"\x1f\x8b\x08", "", "a gzip file, said to be nothing"),
        (b"{}", "application/json", "application/json, not HTML"),
        (PAGE, "image/png", "image/png, not HTML"),
        (b"plain", "text/plain", "text/plain, not HTML"),
        (b"plain", "", "no type, not HTML"),
        (b" " * 2048 + PAGE, "text/plain", None),
    ],
)
def test_another_type_is_told_by_what_it_is(body: bytes, kind: str, reason: str | None) -> None:
    found = outcome_of_response(answer(body=body, kind=kind))
    assert found == (reason and ResponseOutcome(Outcome.BAD_TYPE, reason, 200))


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (DownloadTimeoutError("slow"), "timeout", "slow"),
        (CannotResolveHostError("no name"), "dns_error", "no name"),
        (UnsupportedURLSchemeError("ftp"), "out_of_scope", "ftp"),
        (DownloadCancelledError(), "too_large", "the body is larger than [fetch] max_bytes"),
        (OSError("  broken\n pipe "), "connection_error", "broken pipe"),
        (OSError(), "connection_error", "OSError"),
        (OSError("x" * 600), "connection_error", "x" * 500),
        (
            IgnoreRequest("max redirections reached"),
            "redirect_loop",
            "too many redirects, or a loop of them",
        ),
        (
            IgnoreRequest("larger than allowed"),
            "too_large",
            "the body is larger than [fetch] max_bytes",
        ),
        (IgnoreRequest("filtered"), "out_of_scope", "filtered"),
    ],
)
def test_a_fault_is_told_by_its_kind(fault: Exception, outcome: str, reason: str) -> None:
    assert outcome_of_error(fault) == ResponseOutcome(Outcome(outcome), reason)


def test_a_fault_of_this_machine_is_none_of_the_page_and_is_raised_anew() -> None:
    fault = OwnFault("no browser")
    with pytest.raises(OwnFault, match="no browser") as raised:
        outcome_of_error(fault)
    assert raised.value is not fault  # Scrapy tells nobody of the same one


def test_our_own_refusal_says_its_outcome_and_whether_the_page_was_asked() -> None:
    assert outcome_of_error(RefusedByRobots("no")) == ResponseOutcome(Outcome.ROBOTS, "no")
    busy = ResponseOutcome(Outcome.HTTP_ERROR, "busy", asked=False)
    assert outcome_of_error(HostBusy("busy")) == busy


def test_an_http_error_keeps_its_status() -> None:
    fault = HttpError(answer(503), "ignored")
    assert outcome_of_error(fault) == ResponseOutcome(Outcome.HTTP_ERROR, "HTTP 503", 503)


@pytest.mark.parametrize(
    ("kind", "name", "label"),
    [
        ("Text/HTML; Charset='UTF-8'", "text/html", "utf-8"),
        ('text/html; a=b; charset="latin1"', "text/html", "latin1"),
        ("text/html; charset=", "text/html", None),
        ("text/html", "text/html", None),
        ("", "", None),
    ],
)
def test_type_and_charset_are_read_from_the_header(kind: str, name: str, label: str | None) -> None:
    assert (media_type(answer(kind=kind)), charset(answer(kind=kind))) == (name, label)
    assert header(answer(kind=kind), "ETag") == ""


def test_why_no_answer_came_is_said_in_words() -> None:
    def failed(cause: BaseException) -> str | None:
        fault = DownloadFailedError("[<twisted.python.failure.Failure ...>]")
        fault.__cause__ = ResponseFailed([Failure(cause)])
        return outcome_of_error(fault).reason

    assert failed(ParseError("non-integer status code", b"<!doctype")) == (
        "the answer is not HTTP: non-integer status code"
    )
    assert failed(ConnectionLost("it was cut")) == (
        "no whole answer came: Connection to the other side was lost in a non-clean fashion: it was"
        " cut."
    )
    nowhere = outcome_of_error(ValueError("Missing scheme in request url: mailto:a"))
    assert nowhere.outcome is Outcome.OUT_OF_SCOPE  # it is not asked for again
    assert nowhere.reason == "not a web address: Missing scheme in request url: mailto:a"
    refused = outcome_of_error(ssl.SSLCertVerificationError("expired"))
    assert refused.outcome is Outcome.CONNECTION_ERROR
