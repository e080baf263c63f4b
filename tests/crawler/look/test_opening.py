"""Where the browser opens."""

import pytest

from crawler.look import opening
from crawler.look.opening import path_of, site_path
from models.db.database import Database
from models.errors import UnknownSite, UsageError
from tests.factories import known_site, known_url


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


def test_what_is_not_known_is_said(known: Database) -> None:
    with pytest.raises(UnknownSite, match="did you mean 'example'"):
        path_of(known, "exmaple")
    with pytest.raises(UnknownSite, match="scrapy look without a name lists all"):
        path_of(known, "zzz")
    with pytest.raises(UsageError, match="no run has seen the URL"):
        path_of(known, "https://example.test/other")
    with pytest.raises(UsageError, match="ftp"):
        path_of(known, "ftp://example.test/")


def test_the_browser_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(opening.webbrowser, "open", seen.append)
    opening.open_browser("http://127.0.0.1:1/")
    for thread in opening.threading.enumerate():
        if thread.daemon and thread.name.startswith("Thread-"):
            thread.join(5)
    assert seen == ["http://127.0.0.1:1/"]
