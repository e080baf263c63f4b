"""Every page in Chromium, light and dark, wide and narrow: no complaint, nothing axe finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.clock import utc_now
from models.crawl import runs
from models.db.database import Database
from models.db.owners import new_owner
from tests.databases import AtHead
from tests.support.desk import scrapy
from tests.support.look_browser import NARROW, WIDE, browser, shown
from tests.support.look_data import small_server
from tests.support.look_server import LookServer

PAGES = {
    "sites": "/",
    "site": "/site/site-2?days=90",
    "cluster": "/cluster/1",
    "live": "/live",
    "search": "/search?q=harbour",
    "missing": "/nothing",
}


@pytest.fixture(scope="module")
def server(at_head: AtHead, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LookServer]:
    with small_server(at_head, tmp_path_factory.mktemp("look")) as served:
        yield served


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as started:
        yield started


def test_no_page_has_a_fault(opened: Browser, server: LookServer) -> None:
    with shown(opened, server) as tab:
        for name, path in PAGES.items():
            tab.open(path)
            assert tab.faults_in_both_schemes(name) == [], path
            assert tab.overflow <= 0, path
        expected = [text for text in tab.complaints if "404" not in text]
        assert expected == []


def test_a_report_has_no_fault(opened: Browser, server: LookServer, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert scrapy(server.look.settings["WINNOW_DATABASE_URL"], "report", str(out)).code == 0
    with shown(opened, server) as tab:
        tab.page.goto(out.as_uri())
        assert tab.faults_in_both_schemes("report") == []
        assert (tab.overflow, tab.complaints) == (0, [])


def test_pages_fit_a_telephone(opened: Browser, server: LookServer) -> None:
    with shown(opened, server, width=NARROW) as tab:
        for name, path in PAGES.items():
            tab.open(path)
            tab.keep(f"{name}-narrow")
            assert tab.overflow <= 0, path


def test_charts_are_drawn(opened: Browser, server: LookServer) -> None:
    with shown(opened, server) as tab:
        tab.open("/site/site-1")
        widths = tab.page.eval_on_selector_all("figure img", "all => all.map(i => i.naturalWidth)")
        assert len(widths) == 4
        assert all(width > 0 for width in widths)


def test_sites_are_filtered_and_followed_by_the_keyboard(
    opened: Browser, server: LookServer
) -> None:
    with shown(opened, server) as tab:
        tab.page.get_by_label("Name or reason").fill("site-3")
        tab.page.keyboard.press("Enter")
        tab.page.wait_for_url("**/?q=site-3")
        tab.page.get_by_role("link", name="site-3").click()
        assert tab.page.get_by_role("heading", level=1).inner_text() == "site-3"


def test_the_search_leads_to_an_article_by_its_number(opened: Browser, server: LookServer) -> None:
    with shown(opened, server) as tab:
        tab.page.get_by_label("Words, address or article number").fill("17")
        with tab.page.expect_response(lambda answer: "/page/" in answer.url) as found:
            tab.page.get_by_role("button", name="Search").click()
        assert found.value.url == f"{server.look.origin}/page/17"


def test_another_copy_is_compared(opened: Browser, server: LookServer) -> None:
    with shown(opened, server) as tab:
        tab.open("/cluster/1")
        tab.page.get_by_label("Compare article 10", exact=True).click()
        assert "copy=10" in tab.page.url
        assert tab.page.locator(".beside ins").count() > 0


def test_a_run_that_ends_is_seen_to_end(opened: Browser, server: LookServer) -> None:
    database = Database.open(server.look.settings["WINNOW_DATABASE_URL"])
    with shown(opened, server) as tab:
        with database.transaction() as conn:
            run_id = runs.open_run(conn, "visit", 2, new_owner(), utc_now())
        tab.open("/live")
        assert tab.page.get_by_label("Runs under way").get_by_text("site-2").is_visible()
        with database.transaction() as conn:
            runs.close_run(conn, run_id, "aborted", "stopped by a test", utc_now())
        tab.page.get_by_label("Runs that ended lately").focus()
        tab.page.get_by_text("stopped by a test").wait_for(timeout=10_000)
        focused = tab.page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert focused == "Runs that ended lately"  # though its table was replaced
        assert tab.page.get_by_text("Nothing runs now").is_visible()
    database.close()


def test_a_stranger_sees_one_clear_page(opened: Browser, server: LookServer) -> None:
    context = opened.new_context(viewport={"width": WIDE, "height": 800})
    page = context.new_page()
    answer = page.goto(server.look.origin)
    assert answer is not None
    assert answer.status == 403
    assert "Open the address that scrapy look printed" in page.inner_text("main")
    context.close()
