"""/.well-known/tdmrep.json: what a host says of text and data mining on its pages (W3C TDMRep).

Before a page is asked for, its origin's file is: once a day, by whichever run comes first, since it
is kept in the database (`models/sites/tdm_readings.py`). It is a fact of each article, so it is
asked for whether it is obeyed or not. It costs no page anything: a file that cannot be read is said
once and asked for again an hour later at the earliest, and until then says what it said before.
"""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from sqlalchemy.exc import SQLAlchemyError

from crawler.middlewares.refusals import Refusal
from crawler.middlewares.robots import MOST_REDIRECTS, PRIORITY
from crawler.middlewares.scope import ANY_HOST
from crawler.middlewares.whole_bodies import cut_of
from models.clock import utc_now
from models.crawl.run_spider import has_run, spider_of
from models.db.faults import own_fault
from models.db.writer import Writer
from models.errors import OwnFault
from models.sites import tdm_readings
from models.tdm_rules import WELL_KNOWN, ReadRules, TdmFile, origin, read_rules

MAX_BYTES: Final = 512 << 10  # of a file
SECONDS: Final = 10.0  # for its answer: pages wait
FRESH: Final = timedelta(days=1)  # as long as robots.txt
AGAIN: Final = timedelta(hours=1)  # for one that could not be read
PAGE_OF_STORY: Final = "winnow_page_of_story"  # Request.meta: a page that no lease is for
_META: Final = {
    ANY_HOST: True,  # redirects may lead to any host, as those of robots.txt
    "redirect_ttl": MOST_REDIRECTS,
    "dont_retry": True,
    "download_maxsize": MAX_BYTES,
    "download_timeout": SECONDS,
}
_NONE: Final = ReadRules(())

_log = logging.getLogger(__name__)


class _Unreadable(Exception):
    """Why a file says nothing, in words."""


class TdmFileMiddleware:
    """Sees to it that the run knows the file of each origin before it has a page of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._asked: dict[str, asyncio.Future[None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Waits for the file of a page's origin; sources and robots.txt are no pages."""
        is_page = "lease" in request.cb_kwargs or request.meta.get(PAGE_OF_STORY)
        if not is_page or not has_run(self._crawler):
            return
        named = origin(request.url)
        if named not in self._asked and not self._is_fresh(named):
            self._asked[named] = asyncio.ensure_future(self._ask(named))
        asked = self._asked.get(named)
        if asked is not None:
            # Many requests wait for one answer: cancelling one must not cancel the others.
            try:
                await asyncio.shield(asked)
            except OwnFault as fault:
                raise type(fault)(str(fault)) from None  # its own, not the shared traceback

    def _is_fresh(self, named: str) -> bool:
        file = spider_of(self._crawler).run.tdm_files.known.get(named)
        if file is None:
            return False
        return utc_now() - file.asked_at < (AGAIN if file.fault else FRESH)

    async def _ask(self, named: str) -> None:
        """Asks for an origin's file, and keeps what it says. Raises OwnFault."""
        try:
            file = await self._read(named)
        finally:
            del self._asked[named]
        run = spider_of(self._crawler).run
        run.tdm_files.known[named] = file
        keep = partial(tdm_readings.keep, site_id=run.site_id, origin=named, file=file)
        try:
            await Writer.shared(self._crawler, self._crawler.settings).write(keep)
        except SQLAlchemyError as fault:
            if ours := own_fault(fault):
                raise OwnFault(ours) from fault
            # the pages of this run have it all the same; the next run asks for it again
            _log.warning("%s%s is not kept: %s", named, WELL_KNOWN, str(fault).splitlines()[0])

    async def _read(self, named: str) -> TdmFile:
        url = named + WELL_KNOWN
        request = Request(url, priority=PRIORITY, meta=_META, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
            found = await asyncio.to_thread(parse, response)
        except OwnFault:
            raise  # it says nothing of the host, and ends the run
        except Exception as fault:  # noqa: BLE001 - logged, counted, kept as the fault of the file
            return self._unread(named, url, _words(fault))
        for wrong in found.faults:
            _log.warning("%s: %s; it is passed over", url, wrong)
        self._count("read" if found.rules else "none")
        return TdmFile(utc_now(), found.rules)

    def _unread(self, named: str, url: str, why: str) -> TdmFile:
        before = spider_of(self._crawler).run.tdm_files.known.get(named)
        rules = before.rules if before is not None else ()
        holds = "what it said before holds" if rules else "it says nothing of its pages"
        _log.warning("%s cannot be read (%s): %s", url, why, holds)
        self._count("unread")
        return TdmFile(utc_now(), rules, why)

    def _count(self, what: str) -> None:
        self._crawler.stats.inc_value(f"tdm_file/{what}")


def parse(response: Response) -> ReadRules:
    """The rules in an answer; none for a 4xx, by which a host says that it has no file.

    Raises _Unreadable.
    """
    status = response.status
    if 400 <= status < 500 and status != 429:
        _log.info("%s: HTTP %d: there is no such file", response.url, status)
        return _NONE
    if not 200 <= status < 300:
        raise _Unreadable(f"HTTP {status}")
    if cut := cut_of(response):
        raise _Unreadable(cut)
    try:
        return read_rules(response.body, response.url)
    except ValueError as wrong:
        raise _Unreadable(str(wrong)) from wrong


def _words(fault: Exception) -> str:
    if isinstance(fault, DownloadCancelledError) or "larger than" in str(fault):
        return f"it is larger than {MAX_BYTES >> 10} KiB"
    if isinstance(fault, DownloadTimeoutError):
        return f"no answer in {SECONDS:g} s"
    if isinstance(fault, Refusal):
        return fault.reason
    return " ".join(str(fault).split())[:300] or type(fault).__name__
