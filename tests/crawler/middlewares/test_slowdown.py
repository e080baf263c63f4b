"""A host that answers 429 or 503 is asked more slowly, for all its pages."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import signals
from scrapy.http import Response
from twisted.internet.defer import Deferred

from crawler.middlewares.refusals import HostBusy
from crawler.middlewares.slots import LONGEST
from crawler.middlewares.slowdown import (
    ASKED,
    ENOUGH,
    FIRST_STEP,
    RECOVERY,
    REMEMBERED,
    SlowdownMiddleware,
    seconds_to_wait,
)
from tests.crawler.middlewares.fakes import REQUEST, add_slot, make_crawler
from tests.support.fetching import fetch
from tests.support.site_server import Reply, SiteServer, article, busy

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGE = Reply(article("A page", ["Text."]).encode())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("86400", LONGEST),
        ("9" * 400, LONGEST),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9.0),
        (format_datetime(NOW - timedelta(days=9), usegmt=True), 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
    ],
)
def test_retry_after_is_read_in_both_its_forms(header: str, seconds: float) -> None:
    assert seconds_to_wait(header, NOW) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_a_wait_within_the_limits(header: str) -> None:
    assert 0.0 <= seconds_to_wait(header, NOW) <= LONGEST


def answer_of(status: int, retry_after: str | None = None) -> Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return Response(REQUEST.url, status=status, headers=headers)


@pytest.mark.parametrize(
    ("before", "after"),
    [(0.0, FIRST_STEP), (0.4, FIRST_STEP), (0.6, 1.2), (4.0, 8.0), (LONGEST - 1, LONGEST)],
)
@pytest.mark.parametrize("status", [429, 503])
def test_each_busy_answer_doubles_the_delay(status: int, before: float, after: float) -> None:
    crawler = make_crawler()
    slot = add_slot(crawler, delay=before)
    slowdown = SlowdownMiddleware(crawler)
    slowdown.answered(REQUEST, answer_of(status))
    assert slot.delay == after
    assert slot.lastseen > 0  # the whole host is paused
    slowdown.process_request(REQUEST)  # and asked again


@pytest.mark.parametrize(("status", "after"), [(200, 4.0 * RECOVERY), (404, 3.6), (500, 4.0)])
def test_a_good_answer_makes_the_host_a_little_faster(status: int, after: float) -> None:
    crawler = make_crawler(delay=1.0)
    slot = add_slot(crawler, delay=4.0)
    SlowdownMiddleware(crawler).answered(REQUEST, answer_of(status))
    assert slot.delay == after


@pytest.mark.parametrize(
    ("promised", "before", "after"),
    [(1.0, 1.1, 1.0), (1.0, 1.0, 1.0), (0.0, 0.011, 0.0), (0.0, 0.02, 0.018), (1.0, 0.5, 0.5)],
)
def test_a_host_recovers_to_what_was_promised(promised: float, before: float, after: float) -> None:
    crawler = make_crawler(delay=promised)
    slot = add_slot(crawler, delay=before)
    SlowdownMiddleware(crawler).answered(REQUEST, answer_of(200))
    assert slot.delay == pytest.approx(after)


def test_a_host_is_left_alone_after_enough_busy_answers_in_a_row() -> None:
    crawler = make_crawler()
    slowdown = SlowdownMiddleware(crawler)
    for status in [429] * (ENOUGH - 1) + [200] + [503] * (ENOUGH - 1):
        slowdown.answered(REQUEST, answer_of(status))
        slowdown.process_request(REQUEST)
    slowdown.answered(REQUEST, answer_of(503))
    with pytest.raises(HostBusy, match=f"the host answered 503 {ENOUGH} times in a row"):
        slowdown.process_request(REQUEST)


def test_an_error_between_busy_answers_is_no_recovery() -> None:
    slowdown = SlowdownMiddleware(make_crawler())
    for status in [503, 500] * (ENOUGH - 1):
        slowdown.answered(REQUEST, answer_of(status))
    slowdown.process_request(REQUEST)
    slowdown.answered(REQUEST, answer_of(503))
    with pytest.raises(HostBusy):
        slowdown.process_request(REQUEST)


@pytest.mark.parametrize(("asked", "left_alone"), [(int(LONGEST), False), (int(LONGEST) + 1, True)])
def test_a_wait_longer_than_a_run_has_leaves_the_host_alone(asked: int, left_alone: bool) -> None:
    crawler = make_crawler()
    slowdown = SlowdownMiddleware(crawler)
    slowdown.answered(REQUEST, answer_of(503, str(asked)))
    assert crawler.stats.seen == {ASKED: float(asked)}
    if left_alone:
        with pytest.raises(HostBusy, match=f"503 and asked to be left alone for {asked} s"):
            slowdown.process_request(REQUEST)
    else:
        slowdown.process_request(REQUEST)


def test_answers_are_heard_of_by_a_signal() -> None:
    crawler = make_crawler()
    slowdown = SlowdownMiddleware.from_crawler(crawler)
    assert crawler.signals.heard == {signals.response_downloaded: slowdown.answered}
    slowdown.process_request(REQUEST)


def test_what_waits_when_a_host_is_left_alone_fails_with_the_reason() -> None:
    crawler = make_crawler()
    slot, faults = add_slot(crawler), []
    waiting: Deferred[object] = Deferred()
    waiting.addErrback(lambda failure: faults.append(failure.value))
    slot.queue.append((REQUEST, waiting))
    SlowdownMiddleware(crawler).answered(REQUEST, answer_of(503, "7200"))
    assert isinstance(faults[0], HostBusy) and not slot.queue
    assert slot.delay == 0.0  # nobody is asked any more, so nobody need wait


def test_a_short_wait_pauses_for_the_delay_and_a_long_one_for_itself() -> None:
    for asked, least in (("1", 8.0), ("60", 60.0)):
        crawler = make_crawler()
        slot = add_slot(crawler, delay=4.0)
        before = monotonic()
        SlowdownMiddleware(crawler).answered(REQUEST, answer_of(503, asked))
        assert before + least <= slot.lastseen + slot.delay <= monotonic() + least


def test_a_good_answer_forgets_what_was_asked() -> None:
    slowdown = SlowdownMiddleware(make_crawler())
    slowdown.answered(REQUEST, answer_of(503, "7200"))
    slowdown.answered(REQUEST, answer_of(200))
    slowdown.process_request(REQUEST)


def test_the_longest_wait_is_remembered_up_to_a_month() -> None:
    crawler = make_crawler()
    slowdown = SlowdownMiddleware(crawler)
    for seconds in ("9999999", "100"):
        slowdown.answered(REQUEST, answer_of(503, seconds))
    assert crawler.stats.seen == {ASKED: REMEMBERED}
    with pytest.raises(HostBusy, match="2592000 s"):
        slowdown.process_request(REQUEST)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone_as_long_as_it_asks_and_then_tried_again(status: int) -> None:
    with SiteServer() as site:
        site.pages["/a"] = busy(1, status, "2", PAGE)
        site.pages["/b"] = PAGE
        urls = [site.url + "/a", site.url + "/b"]
        came = fetch(site.url + "/", urls, private=True, delay=0.01)
        assert {came[url].outcome for url in urls} == {"fetched"}
        first, again = site.asked("/a")
        assert again.at - first.at > 1.9
        assert site.asked("/b")[0].at - first.at > 1.9  # the whole host waits, not the page


def test_a_date_is_waited_for_too() -> None:
    def answer(asked: object) -> Reply:
        if len(site.asked("/a")) > 1:
            return PAGE
        until = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
        return Reply(b"", 503, headers={"Retry-After": until})

    with SiteServer() as site:
        site.pages["/a"] = answer
        came = fetch(site.url + "/", [site.url + "/a"], private=True, delay=0.01)
        assert came[site.url + "/a"].outcome == "fetched"
        first, again = site.asked("/a")
        assert again.at - first.at > 1.9  # HTTP dates have whole seconds


def test_a_page_that_stays_busy_is_an_http_error_in_the_end() -> None:
    with SiteServer() as site:
        site.pages["/a"] = Reply(b"", 503, headers={"Retry-After": "0"})
        came = fetch(site.url + "/", [site.url + "/a"], private=True, delay=0.01, retries=1)
        assert came[site.url + "/a"].outcome == "http_error"
        assert len(site.asked("/a")) == 2


def test_a_host_that_stays_busy_is_left_alone_for_the_rest_of_the_run() -> None:
    with SiteServer() as site:
        urls = [f"{site.url}/{n}" for n in range(ENOUGH + 4)]
        for n in range(len(urls)):
            site.pages[f"/{n}"] = Reply(b"", 429, headers={"Retry-After": "0"})
        came = fetch(site.url + "/", urls, private=True, delay=0.01, retries=0, step=0.02)
        assert {came[url].outcome for url in urls} == {"http_error"}
        pages = [asked for asked in site.log if asked.path != "/robots.txt"]
        assert len(pages) < len(urls)
        assert any("left alone" in came[url].reason for url in urls)


def test_a_crawl_delay_does_not_undo_the_slowing_down() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 0.2")
        site.pages["/0"] = busy(1, 503, "0", PAGE)
        for n in range(1, 4):
            site.pages[f"/{n}"] = PAGE
        urls = [f"{site.url}/{n}" for n in range(4)]
        came = fetch(site.url + "/", urls, private=True, delay=0.01, step=0.8)
        assert {came[url].outcome for url in urls} == {"fetched"}
        assert site.gaps()[2] > 0.7
        assert min(site.gaps()[2:]) > 0.4


def test_a_host_that_asks_for_hours_is_not_asked_again_in_this_run() -> None:
    with SiteServer() as site:
        urls = [f"{site.url}/{n}" for n in range(4)]
        for n in range(len(urls)):
            site.pages[f"/{n}"] = Reply(b"", 503, headers={"Retry-After": "7200"})
        came = fetch(site.url + "/", urls, private=True, delay=0.01)
        assert {came[url].outcome for url in urls} == {"http_error"}
        assert any("left alone for 7200 s" in came[url].reason for url in urls)
        assert len([asked for asked in site.log if asked.path != "/robots.txt"]) == 1
