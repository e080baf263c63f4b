"""A run's exit code, as a person or cron sees it: stopped at once, or failed for most URLs."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import Desk, kill, wait_for
from tests.support.site_server import Reply, SiteServer, drip, sitemap

STOPPED = "stopped at once by a second SIGINT or SIGTERM; what was left comes next time"


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as served:
        yield served


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.upgrade()
    return desk


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
