"""tdmrep.json is asked for once, before the pages of its host, and costs none of them anything."""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from sqlalchemy.exc import OperationalError

from crawler.middlewares import tdm_file
from crawler.middlewares.refusals import RefusedByRobots
from crawler.middlewares.robots import PRIORITY
from crawler.middlewares.scope import ANY_HOST
from crawler.middlewares.tdm_file import AGAIN, FRESH, MAX_BYTES, PAGE_OF_STORY, TdmFileMiddleware
from models.errors import OwnFault
from models.tdm_rules import TdmFile, TdmFiles, TdmRule
from tests.factories import NOW

FILE = "https://news.test/.well-known/tdmrep.json"
RESERVED = json.dumps([{"location": "/", "tdm-reservation": 1}]).encode()
RULE = TdmRule("/", True)
HOST = "https://news.test"


class Host:
    """A crawl whose requests for tdmrep.json are answered by a function."""

    def __init__(
        self,
        monkeypatch: pytest.MonkeyPatch,
        answer: Callable[[Request], Response],
        known: TdmFile | None = None,
        run_id: int = 1,
    ) -> None:
        self.asked: list[Request] = []
        self.kept: list[Any] = []
        self.counts: dict[str, int] = {}
        self.unwritable: Exception | None = None
        self.files = TdmFiles({HOST: known} if known else {})
        run = SimpleNamespace(run_id=run_id, site_id=7, tdm_files=self.files)
        stats = SimpleNamespace(inc_value=self._count)
        self.crawler: Any = SimpleNamespace(
            spider=SimpleNamespace(run=run), stats=stats, settings={},
            engine=SimpleNamespace(download_async=self._download),
        )  # fmt: skip
        self.middleware = TdmFileMiddleware.from_crawler(self.crawler)
        self._answer = answer
        monkeypatch.setattr(
            tdm_file.Writer, "shared", lambda *_: SimpleNamespace(write=self._write)
        )
        monkeypatch.setattr(tdm_file, "utc_now", lambda: NOW)

    def ask(self, *requests: Request) -> list[Any]:
        """What becomes of requests that are made at once."""

        async def all_of_them() -> list[Any]:
            made = [self.middleware.process_request(request) for request in requests]
            return await asyncio.gather(*made, return_exceptions=True)

        return asyncio.run(all_of_them())

    @property
    def file(self) -> TdmFile:
        return self.files.known[HOST]

    async def _download(self, request: Request) -> Response:
        self.asked.append(request)
        await asyncio.sleep(0)
        return self._answer(request)

    async def _write(self, work: Any) -> None:
        if self.unwritable is not None:
            raise self.unwritable
        self.kept.append(work.keywords)

    def _count(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1


def page(url: str = "https://news.test/a", **more: Any) -> Request:
    return Request(url, cb_kwargs={"lease": object()}, **more)


def answering(body: bytes = RESERVED, status: int = 200, **more: Any) -> Any:
    return lambda request: Response(request.url, status=status, body=body, **more)


def failing(fault: Exception) -> Any:
    def answer(request: Request) -> Response:
        raise fault

    return answer


def test_all_pages_of_a_host_wait_for_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(monkeypatch, answering())
    others = [page(f"{HOST}/{n}") for n in range(3)]
    assert host.ask(*others, Request(HOST, meta={PAGE_OF_STORY: True})) == [None] * 4
    (asked,) = host.asked
    assert (asked.url, asked.priority) == (FILE, PRIORITY)
    assert asked.meta[ANY_HOST] and asked.meta["dont_retry"]
    assert asked.meta["download_maxsize"] == MAX_BYTES
    assert host.file == TdmFile(NOW, (RULE,))
    assert host.kept == [{"site_id": 7, "origin": HOST, "file": host.file}]
    assert host.counts == {"tdm_file/read": 1}
    host.ask(page(), page("http://news.test/a"), page("https://news.test:8443/"))
    assert len(host.asked) == 3


def test_what_is_no_page_waits_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(monkeypatch, answering())
    host.ask(Request(f"{HOST}/feed", meta={ANY_HOST: True}), Request(FILE))
    unrecorded = Host(monkeypatch, answering(), run_id=0)
    unrecorded.ask(page())
    assert host.asked == unrecorded.asked == []


@pytest.mark.parametrize(
    ("age", "fault", "asked"),
    [
        (FRESH - timedelta(seconds=1), None, 0),
        (FRESH, None, 1),
        (AGAIN - timedelta(seconds=1), "HTTP 500", 0),
        (AGAIN, "HTTP 500", 1),
    ],
)
def test_a_file_that_is_known_is_asked_for_again_when_it_is_old(
    monkeypatch: pytest.MonkeyPatch, age: timedelta, fault: str | None, asked: int
) -> None:
    host = Host(monkeypatch, answering(b"[]"), TdmFile(NOW - age, (RULE,), fault))
    host.ask(page())
    assert len(host.asked) == asked
    assert host.file.rules == (() if asked else (RULE,))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (answering(status=500), "HTTP 500"),
        (answering(status=429), "HTTP 429"),
        (answering(status=304), "HTTP 304"),
        (answering(b"<html>Not found</html>"), "it is HTML, not JSON"),
        (answering(b"{"), "it is no JSON"),
        (answering(b"{}"), "it is no JSON array of rules"),
        (answering(flags=["cut: the connection was cut"]), "the connection was cut"),
        (failing(DownloadTimeoutError("late")), "no answer in 10 s"),
        (failing(DownloadCancelledError("long")), "it is larger than 512 KiB"),
        (failing(IgnoreRequest("the body is larger than x")), "it is larger than 512 KiB"),
        (failing(IgnoreRequest("max redirections reached")), "max redirections reached"),
        (failing(RefusedByRobots("robots.txt forbids it")), "robots.txt forbids it"),
        (failing(ConnectionResetError()), "ConnectionResetError"),
    ],
)
def test_a_file_that_cannot_be_read_costs_no_page_and_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answer: Any, why: str
) -> None:
    host = Host(monkeypatch, answer)
    assert host.ask(page(), page()) == [None, None]
    host.ask(page())
    assert len(host.asked) == 1 and host.counts == {"tdm_file/unread": 1}
    (line,) = (record.getMessage() for record in caplog.records)
    assert line.startswith(f"{FILE} cannot be read ({why}")
    assert line.endswith("): it says nothing of its pages")
    assert host.file.fault is not None and host.file.rules == ()
    before = Host(monkeypatch, answer, TdmFile(NOW - FRESH, (RULE,)))
    before.ask(page())
    assert before.file.rules == (RULE,) and before.file.fault == host.file.fault
    assert caplog.records[-1].getMessage().endswith("what it said before holds")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_file_nothing_is_reserved_and_nobody_is_warned(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    host = Host(monkeypatch, answering(status=status), TdmFile(NOW - FRESH, (RULE,)))
    with caplog.at_level(logging.INFO):
        host.ask(page())
    assert host.file == TdmFile(NOW) and host.counts == {"tdm_file/none": 1}
    (record,) = caplog.records
    assert record.levelno == logging.INFO and f"HTTP {status}" in record.getMessage()


def test_rules_that_are_none_are_told_and_the_others_hold(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps([{"location": "/x"}, {"location": "/", "tdm-reservation": 1}]).encode()
    host = Host(monkeypatch, answering(body))
    host.ask(page())
    assert host.file == TdmFile(NOW, (RULE,))
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{FILE}: rule 1: its tdm-reservation")


def test_a_fault_of_ours_is_raised_for_each_page_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = Host(monkeypatch, failing(OwnFault("the proxy is down")))
    one, other = host.ask(page(), page())
    assert isinstance(one, OwnFault) and isinstance(other, OwnFault) and one is not other
    assert host.kept == [] and host.files.known == {}
    host.ask(page())
    assert len(host.asked) == 2


def test_a_write_that_fails_costs_no_page_unless_the_database_is_out_of_order(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    host = Host(monkeypatch, answering())
    host.unwritable = OperationalError("insert", {}, Exception("the connection is lost"))
    assert host.ask(page()) == [None]
    assert host.file.rules == (RULE,)
    assert "is not kept: " in caplog.text and "the connection is lost" in caplog.text
    full = Host(monkeypatch, answering())
    full.unwritable = OperationalError("insert", {}, Exception("database or disk is full"))
    (came,) = full.ask(page())
    assert isinstance(came, OwnFault) and "free some space" in str(came)
