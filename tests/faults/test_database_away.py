"""Databases that go away and come back, answer slowly, or are not there at all."""

from pathlib import Path

import pytest

from tests.databases import SERVERS, AtHead
from tests.faults.conftest import Checked
from tests.faults.support.comparison import faults
from tests.faults.support.length import pick
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.running import running
from tests.support.desk import Desk, wait_for
from tests.support.site_server import SiteServer
from tests.support.tcp_proxy import TcpProxy

PAGES = 20
OUTAGES = pick(1, 4)


@pytest.mark.parametrize("kind", SERVERS)
def test_a_crawl_waits_for_its_database_and_stores_all(
    kind: str, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    with at_head.database(kind, tmp_path) as url, TcpProxy(url) as proxy, SiteServer() as site:
        desk, paper = Desk(tmp_path, proxy.url), Newspaper(site, PAGES)
        paper.add_to(desk, delay=0.1)
        with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
            for outage in range(OUTAGES):
                wait_for(lambda asked=3 * outage + 3: paper.asked() >= asked)
                before = proxy.refused
                proxy.refuse()
                wait_for(lambda before=before: proxy.refused >= before + 3)
                proxy.admit()
            wait_for(lambda: proxy.open)
            proxy.pause = 0.002  # and slow from now on
            done = crawl.result()
        assert done.code == 0, done.err[-3000:]
        assert "Traceback" not in done.printed
        proxy.pause = 0.0
        assert paper.asked() == PAGES
        assert faults(desk, paper.texts) == []
        checked(OUTAGES)


@pytest.mark.parametrize("kind", pick(["postgresql"], list(SERVERS)))
def test_connections_that_are_cut_time_and_again_cost_no_page(
    kind: str, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    with at_head.database(kind, tmp_path) as url, TcpProxy(url) as proxy, SiteServer() as site:
        desk, paper = Desk(tmp_path, proxy.url), Newspaper(site, PAGES)
        paper.add_to(desk, delay=0.1)
        with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
            for asked in range(1, PAGES, 2):
                wait_for(lambda asked=asked: paper.asked() >= asked)
                proxy.cut()
            done = crawl.result()
        assert done.code == 0, done.err[-3000:]
        assert faults(desk, paper.texts) == []
        checked(PAGES // 2)


@pytest.mark.parametrize("kind", SERVERS)
def test_a_database_that_stays_away_at_the_start_is_one_line_and_the_runs_failure(
    kind: str, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    with at_head.database(kind, tmp_path) as url, TcpProxy(url) as proxy, SiteServer() as site:
        desk, paper = Desk(tmp_path, proxy.url), Newspaper(site, 1)
        paper.add_to(desk)
        proxy.refuse()
        desk.use_settings("tests.faults.support.impatient")
        with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
            done = crawl.result(timeout=60)
        assert (done.code, done.err.count("\n")) == (1, 1), done.err[-2000:]
        assert "Traceback" not in done.printed
        assert site.log == []
        checked(1)
