"""A run's exit code: stopped at once, failed for most URLs, or without its database."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import AtHead, server
from tests.support.desk import Desk, kill, wait_for
from tests.support.site_server import Reply, SiteServer, article, drip, sitemap
from tests.support.tcp_proxy import TcpProxy
from tests.support.town import story

STOPPED = "stopped at once by SIGINT or SIGTERM; what was left comes next time"

STORY = [
    "The night ferry sails again from the first week of June, eleven years after the last one.",
    "Two crossings a night are planned, and the board has paid for new cabins and a kitchen.",
    "Tickets cost twenty-four crowns for a seat and sixty for a berth; islanders pay half.",
]


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as served:
        yield served


def write_site(desk: Desk, site: SiteServer, name: str = "loop") -> None:
    urls = [site.url + path for path in site.pages]
    site.page("/map.xml", sitemap(urls), content_type="application/xml")
    desk.write_site(name, site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]\n')


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_stops_at_once_and_the_run_is_aborted(
    desk: Desk, site: SiteServer, how: signal.Signals
) -> None:
    site.pages["/slow"] = drip(60)
    write_site(desk, site)
    log = desk.folder / "log"
    words = ("--loglevel", "INFO", "--logfile", str(log))
    with desk.running("crawl", "discover", "-a", "site=loop", *words) as process:
        wait_for(lambda: site.asked("/slow"))
        process.send_signal(how)
        wait_for(lambda: "Send again to force" in log.read_text())  # else the two become one
        done = kill(process, how)
    assert (done.code, done.out) == (1, "")
    assert done.err == f"scrapy crawl: {STOPPED}\n"
    assert not {"ERROR", "Traceback"} & set(log.read_text().split())
    assert desk.tuples("select status, reason from v1_runs") == [("aborted", STOPPED)]
    assert desk.tuples("select count(*) from leases") == [(0,)]
    assert desk.tuples("select count(*) from urls where owner is not null") == [(0,)]
    site.page("/slow", "<p>now it is fast</p>")
    desk.crawl("loop")
    assert desk.last_run() == {"/slow": "no_content"}


def test_a_signal_in_its_last_phase_leaves_a_run_closed(desk: Desk, site: SiteServer) -> None:
    for number in range(30):
        site.page(f"/news/{number}", article(f"Ferry {number} sails", story(number)))
    write_site(desk, site)
    desk.write_site(
        "loop", site.url + "/", f'[sources]\nsitemaps = ["{site.url}/map.xml"]', delay=0
    )
    with desk.running("crawl", "discover", "-a", "site=loop") as process:
        wait_for(lambda: desk.tuples("select count(*) from v1_outcomes") == [(30,)])
        done = kill(process, signal.SIGTERM)
    assert done.code in {0, 1, -signal.SIGTERM}  # it may have come after all was done
    assert "Traceback" not in done.err, done.err
    assert desk.tuples("select count(*) from v1_runs where status = 'running'") == [(0,)]


def test_a_run_of_which_most_urls_ended_in_an_error_fails(desk: Desk, site: SiteServer) -> None:
    site.page("/story", article("The ferry is back", STORY))
    for path in ("/one", "/two"):
        site.pages[path] = Reply(reset=True)
    write_site(desk, site)
    done = desk.crawl("loop", "discover", "-s", "RETRY_TIMES=0", code=1)
    why = "more than half of the URLs (2 of 3) ended in an error: 2 connection_error"
    assert done.err == f"scrapy crawl: {why}; all runs: scrapy runs\n"
    assert "1 stored" in done.out
    assert desk.tuples("select status, reason from v1_runs") == [("failed", why)]


def test_a_database_that_refuses_us_is_code_1_at_once(tmp_path: Path, site: SiteServer) -> None:
    name = "winnow_no_such_database"
    with server("postgresql") as admin:
        url = admin.engine.url.set(database=name).render_as_string(hide_password=False)
    desk = Desk(tmp_path, url)
    desk.write_site("loop", site.url)
    for words in (("crawl", "discover", "-a", "site=loop"), ("visit",)):
        done = desk.type(*words, code=1)
        assert name in done.err and "cannot be reached: " in done.err
        assert done.err.count("\n") == 1


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_run_waits_at_its_start_for_a_database_that_comes_back(
    tmp_path: Path, at_head: AtHead, site: SiteServer, kind: str
) -> None:
    site.page("/story", article("The ferry is back", STORY))
    with at_head.database(kind, tmp_path) as url, TcpProxy(url, refusing=True) as proxy:
        desk = Desk(tmp_path, proxy.url)
        write_site(desk, site)
        with desk.running("crawl", "discover", "-a", "site=loop") as process:
            wait_for(lambda: proxy.refused >= 3)
            proxy.admit()
            out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
        assert out.startswith("discover loop: 1 URL: 1 stored")
