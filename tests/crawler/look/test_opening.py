"""Where the browser opens."""

import queue
import threading
import webbrowser

import pytest

from crawler.look import opening
from crawler.look.opening import path_of, site_path
from models.db.database import Database
from models.errors import UnknownSite, UsageError
from tests.factories import known_site, known_url, make_article, store_article


@pytest.fixture
def known(sqlite: Database) -> Database:
    with sqlite.transaction() as conn:
        known_url(conn, known_site(conn), "https://example.test/news/1")
    return sqlite


@pytest.mark.parametrize(
    "spelling", ["https://example.test/news/1", "HTTPS://example.test:443/news/1#top"]
)
def test_a_url_in_any_spelling_opens_its_page(known: Database, spelling: str) -> None:
    assert path_of(known, spelling) == "/page/1"


def test_a_site_opens_by_its_name(known: Database) -> None:
    assert path_of(known, "example") == "/site/example"
    assert site_path("a b/ä") == "/site/a%20b%2F%C3%A4"


def test_an_article_opens_by_its_number(sqlite: Database) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id)
        made = store_article(conn, site_id, make_article(url_id=url_id))
    assert path_of(sqlite, str(made.article_id)) == f"/article/{made.article_id}"
    for number in ("777", str(1 << 70)):
        with pytest.raises(UsageError, match=f"no article has the number {number}"):
            path_of(sqlite, number)
    with sqlite.transaction() as conn:
        known_site(conn, "2026")
    assert path_of(sqlite, "2026") == "/site/2026"


def test_what_is_not_known_is_said(known: Database) -> None:
    with pytest.raises(UnknownSite, match="did you mean 'example'"):
        path_of(known, "EXAMPLE")
    with pytest.raises(UnknownSite, match="scrapy look without a name lists all"):
        path_of(known, "zzz")
    with pytest.raises(UsageError, match="no run has seen the URL"):
        path_of(known, "https://example.test/other")
    with pytest.raises(UsageError, match="ftp"):
        path_of(known, "ftp://example.test/")


class FakeBrowser(webbrowser.BaseBrowser):
    """Opens once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: queue.Queue[str] = queue.Queue()
        self.may = threading.Event()

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.may.wait(30)
        self.seen.put(url)
        return True


def test_the_browser_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = FakeBrowser()
    monkeypatch.setattr(opening.webbrowser, "get", lambda: browser)
    opening.open_browser("http://127.0.0.1:1/")
    assert browser.seen.empty()
    browser.may.set()
    assert browser.seen.get(timeout=30) == "http://127.0.0.1:1/"


def test_without_a_browser_that_has_windows_none_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_terminal = webbrowser.GenericBrowser("false")
    monkeypatch.setattr(of_terminal, "open", pytest.fail)
    monkeypatch.setattr(opening.webbrowser, "get", lambda: of_terminal)
    opening.open_browser("http://127.0.0.1:1/")

    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(opening.webbrowser, "get", none)
    opening.open_browser("http://127.0.0.1:1/")
