"""Signals to a `scrapy visit` whose sites share a process: cleanly at first, then at once."""

import signal

import pytest

from tests.support.desk import Desk, wait_for
from tests.support.many_sites import Servers, left_behind, runs
from tests.support.site_server import drip

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_visits_cleanly_and_none_begins(
    desk: Desk, servers: Servers, how: signal.Signals
) -> None:
    for name in ("one", "two", "three"):
        servers.add(desk, name, 30, pause=0.1)
    with desk.running("visit", "--jobs", "2") as process:
        wait_for(lambda: desk.tuples("select count(*) from v1_outcomes")[0][0] >= 2)
        process.send_signal(how)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, ""), err
    stopped = "stopped by SIGINT or SIGTERM; what was left comes next time; all runs: scrapy runs"
    begun = sorted(site for site, _ in runs(desk))
    assert len(begun) == 2
    assert sorted(err.splitlines()) == [f"scrapy visit: {site}: {stopped}" for site in begun]
    assert left_behind(desk) == [0, 0, 0]


def test_a_second_signal_ends_all_at_once(desk: Desk, servers: Servers) -> None:
    for name in ("one", "two"):
        servers.add(desk, name).pages[f"/{name}/0"] = drip(60)
    log = desk.folder / "log"
    with desk.running("visit", "--loglevel", "INFO", "--logfile", str(log)) as process:
        wait_for(lambda: all(servers.all[name].asked(f"/{name}/0") for name in ("one", "two")))
        process.send_signal(signal.SIGINT)
        wait_for(lambda: log.read_text().count("Closing spider (shutdown)") == 2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=25)  # less than DOWNLOAD_TIMEOUT
    assert (process.returncode, out) == (1, "")
    at_once = "stopped at once by SIGINT or SIGTERM; what was left comes next time"
    lines = [f"scrapy visit: {name}: {at_once}" for name in ("one", "two")]
    assert sorted(err.splitlines()) == lines
    assert runs(desk) == {("one", "aborted"): 1, ("two", "aborted"): 1}
    assert left_behind(desk) == [0, 0, 0]
