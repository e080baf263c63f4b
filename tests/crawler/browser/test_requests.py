"""What each request of a page's browser gets."""

import pytest

from crawler.browser.requests import Answer, Wanted, answer, is_waited_for

PAGE = "https://news.example/a?b=1"


def navigation(url: str, method: str = "GET", *, is_top: bool = True) -> Wanted:
    return Wanted(url, method, "document", is_navigation=True, is_top=is_top)


def part(kind: str) -> Wanted:
    return Wanted("https://cdn.example/x", "GET", kind, is_navigation=False, is_top=False)


def test_the_first_document_is_the_one_that_was_fetched() -> None:
    assert answer(navigation(PAGE), PAGE, has_begun=False) is Answer.DOCUMENT


@pytest.mark.parametrize(
    ("url", "method", "given"),
    [
        ("https://news.example/other", "GET", Answer.MOVED),
        ("http://10.0.0.1/", "GET", Answer.MOVED),  # the crawl's own guard has the word
        (PAGE, "GET", Answer.AGAIN),
        (f"{PAGE}#part", "GET", Answer.AGAIN),
        ("https://news.example/form", "POST", Answer.NOTHING),
        ("file:///etc/passwd", "GET", Answer.NOTHING),
        ("chrome://version/", "GET", Answer.NOTHING),
    ],
)
def test_where_scripts_lead_the_browser_does_not_go(url: str, method: str, given: Answer) -> None:
    assert answer(navigation(url, method), PAGE, has_begun=True) is given


def test_frames_and_windows_get_nothing() -> None:
    for has_begun in (False, True):
        framed = navigation("https://ads.example/", is_top=False)
        assert answer(framed, PAGE, has_begun=has_begun) is Answer.NOTHING


@pytest.mark.parametrize("kind", ["script", "stylesheet", "fetch", "xhr", "other", "eventsource"])
def test_what_makes_the_text_comes_by_the_proxy(kind: str) -> None:
    assert answer(part(kind), PAGE, has_begun=True) is Answer.NETWORK


@pytest.mark.parametrize("kind", ["image", "media", "font", "ping", "texttrack", "manifest"])
def test_what_the_text_does_not_need_is_not_loaded(kind: str) -> None:
    assert answer(part(kind), PAGE, has_begun=True) is Answer.NOTHING


def test_nobody_waits_for_what_stays_open() -> None:
    assert is_waited_for("fetch") and is_waited_for("script")
    assert not any(map(is_waited_for, ("eventsource", "websocket", "ping", "image")))
