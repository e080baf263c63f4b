"""What came of a request: a Page, or an outcome of the contract and why."""

from typing import Any, Final, NamedTuple

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from sqlalchemy import Connection
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from crawler.middlewares.whole_bodies import cut_of, lost_connection, unread_coding
from models.articles import articles
from models.charset import noise
from models.clock import utc_now
from models.crawl import erased
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.errors import OwnFault
from models.items import Page, Truncation
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome

_HTML: Final = ("text/html", "application/xhtml+xml")
_UNSURE: Final = ("", "text/plain", "application/octet-stream", "text/xml", "application/xml")
_HTML_MARKS: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<article", b"<div", b"<p>")
_OTHER_MARKS: Final = {
    b"%PDF-": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"GIF8": "a picture",
    b"RIFF": "a picture or video", b"PK\x03\x04": "a ZIP file", b"\x1f\x8b\x08": "a gzip file",
}  # fmt: skip


_FAULTS: Final[dict[type[Exception], Outcome]] = {
    DownloadTimeoutError: Outcome.TIMEOUT,
    CannotResolveHostError: Outcome.DNS_ERROR,
    DownloadCancelledError: Outcome.TOO_LARGE,
    UnsupportedURLSchemeError: Outcome.OUT_OF_SCOPE,
}
_TOO_LARGE: Final = "the body is larger than [fetch] max_bytes"
UNASKED: Final = "HTTP 304 to a request that had no validators"
RENDERED: Final = "rendered: "  # begins the flag of a response whose body a browser made
_VALIDATORS: Final = ("If-None-Match", "If-Modified-Since")
MOST_NOISE: Final = 0.03  # the noisiest of 1,120 honest pages has 0.0001, compressed data 0.1


class ResponseOutcome(NamedTuple):
    """The outcome of one URL, the reason in words, and the status if there was an answer."""

    outcome: Outcome
    reason: str | None = None
    status: int | None = None
    asked: bool = True  # the page's own server was asked for it; else it costs no attempt


def outcome_of_response(response: Response) -> ResponseOutcome | None:
    """None for a page: status 200 and HTML by its type, or by its first bytes."""
    status = response.status
    if status in (404, 410):
        return ResponseOutcome(Outcome.GONE, f"HTTP {status}", status)
    if status == 304:
        if was_conditional(response):
            return ResponseOutcome(Outcome.NOT_MODIFIED, None, status)
        return ResponseOutcome(Outcome.HTTP_ERROR, UNASKED, status)
    if status != 200:
        return ResponseOutcome(Outcome.HTTP_ERROR, f"HTTP {status}", status)
    other = _not_html(media_type(response), response.body) or _not_text(response)
    return ResponseOutcome(Outcome.BAD_TYPE, other, status) if other else None


def outcome_of_error(fault: BaseException | None) -> ResponseOutcome:
    """Why no answer came; our own refusals say it themselves.

    Raises a fault of this machine, which ends the run and is none of the page's.
    """
    if isinstance(fault, OwnFault):
        # as another object: the same one would be to Scrapy what came of the request
        raise type(fault)(str(fault)) from fault
    outcome = getattr(fault, "outcome", None)
    if outcome:
        asked = not getattr(fault, "of_host", False)
        return ResponseOutcome(Outcome(outcome), str(getattr(fault, "reason", fault)), asked=asked)
    words = _words(fault)
    if isinstance(fault, HttpError):
        return ResponseOutcome(
            Outcome.HTTP_ERROR, f"HTTP {fault.response.status}", fault.response.status
        )
    if isinstance(fault, IgnoreRequest):
        return _of_ignored(words)
    if isinstance(fault, ValueError) and not isinstance(fault, OSError):  # a certificate is both
        return ResponseOutcome(Outcome.OUT_OF_SCOPE, f"not a web address: {words}")
    kinds = (outcome for kind, outcome in _FAULTS.items() if isinstance(fault, kind))
    return ResponseOutcome(next(kinds, Outcome.CONNECTION_ERROR), words)


def _words(fault: BaseException | None) -> str:
    """The fault in words, in one line."""
    cause = fault.__cause__ if fault else None
    if isinstance(cause, ResponseFailed) and cause.reasons:
        first: BaseException | None = cause.reasons[0].value
        if isinstance(first, ParseError):
            return f"the answer is not HTTP: {first.args[0]}"
        return f"no whole answer came: {first or type(first).__name__}"
    if isinstance(fault, DownloadCancelledError):
        return _TOO_LARGE
    return " ".join(str(fault).split())[:500] or type(fault).__name__


def page_of(response: Response, lease: UrlLease, run: Run, asked: UrlLease | None = None) -> Page:
    """The fetched copy, as bytes: nothing in it is parsed in this process.

    `asked`: the URL that was requested, which may have redirected to that of `lease`.
    """
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        run_id=run.run_id,
        url_id=lease.url_id,
        site=run.site.name,
        url=lease.url,
        final_url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched_at=utc_now(),
        hint=lease.hint,
        charset=charset(response),
        truncation=_truncation(response),
        came_from=None if asked is None or asked is lease else asked.url_id,
        rendered_by=_rendered_by(response),
    )


def _rendered_by(response: Response) -> str | None:
    flags = (flag for flag in response.flags if flag.startswith(RENDERED))
    return next((flag.removeprefix(RENDERED) for flag in flags), None)


def _truncation(response: Response) -> Truncation | None:
    cut = cut_of(response)
    if cut is None:
        return None
    return Truncation(cut, "disconnect" if lost_connection(response) else "unspecified")


def write_outcome(
    conn: Connection,
    run: Run,
    lease: UrlLease,
    outcome: ResponseOutcome,
    response: Response | None,
) -> None:
    """The outcome of a leased URL, and that a stored article is there as it was."""
    now = utc_now()
    ours = record_outcome(
        conn, run, lease.url_id, outcome.outcome, now,
        reason=outcome.reason, http_status=outcome.status, attempts=lease.attempts,
        fetched_at=None if response is None else now, asked=outcome.asked,
        etag=header(response, "ETag") or None if response else None,
        last_modified=header(response, "Last-Modified") or None if response else None,
    )  # fmt: skip
    if ours and outcome.outcome is Outcome.NOT_MODIFIED:
        articles.found_again(conn, lease.url_id, now)
    elif ours and outcome.outcome is Outcome.ERASED and not lease.article:
        erased.leave(conn, lease.url_id)


def media_type(response: Response) -> str:
    """The type that the answer names, in lower case, without parameters; '' if none."""
    return header(response, "Content-Type").partition(";")[0].strip().lower()


def charset(response: Response) -> str | None:
    """The charset that the answer's type names."""
    for parameter in header(response, "Content-Type").split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower() or None
    return None


def was_conditional(response: Response) -> bool:
    """Whether the request named a copy that we hold, so that 304 says something."""
    return response.request is not None and any(
        name in response.request.headers for name in _VALIDATORS
    )


def header(response: Response, name: str) -> str:
    """A header's value as text; '' where it is not there."""
    value: Any = response.headers.get(name)
    return value.decode("latin-1").strip() if value else ""


def _of_ignored(words: str) -> ResponseOutcome:
    """Scrapy's own refusals, which it tells apart by their words alone."""
    if "redirection" in words:
        return ResponseOutcome(Outcome.REDIRECT_LOOP, "too many redirects, or a loop of them")
    if "DOWNLOAD_MAXSIZE" in words or "larger than" in words:
        return ResponseOutcome(Outcome.TOO_LARGE, _TOO_LARGE)
    return ResponseOutcome(Outcome.OUT_OF_SCOPE, words)


def _not_text(response: Response) -> str | None:
    """Why the body is no text, in words; None where it is text, or empty."""
    share = noise(response.body, charset(response))
    if share < MOST_NOISE:
        return None
    unread = unread_coding(response)
    coded = f", in the coding {unread!r} that cannot be decoded" if unread else ""
    kind = media_type(response) or "nothing"
    return f"binary data, said to be {kind}{coded}: {share:.0%} is no character of a text"


def _not_html(kind: str, body: bytes) -> str | None:
    """What the body is instead, in words; None where it is HTML, or empty."""
    head = body[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for mark, name in _OTHER_MARKS.items():
        if head.startswith(mark):
            return f"{name}, said to be {kind or 'nothing'}"
    if kind in _HTML or not head:
        return None
    looks = any(mark in head.lower() for mark in _HTML_MARKS)
    if kind in _UNSURE and looks:
        return None
    return f"{kind or 'no type'}, not HTML"
