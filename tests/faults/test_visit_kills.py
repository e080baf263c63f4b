"""The parent of a visit killed, and two crawlers on one site: nothing lost, nothing twice."""

from pathlib import Path

import pytest

from tests.faults.conftest import Checked
from tests.faults.support.comparison import faults
from tests.faults.support.length import dice, pick
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.processes import below
from tests.faults.support.running import running
from tests.support.desk import Desk, Result, wait_for
from tests.support.site_server import SiteServer

PAGES = 20
MORE = 5  # requests that a kill may cost


@pytest.mark.parametrize("seed", pick([1], list(range(1, 8))))
def test_a_visit_whose_parent_is_killed_is_ended_by_the_next(
    seed: int, tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    random = dice(seed)
    with SiteServer() as site:
        desk, paper = Desk(tmp_path, sqlite_url), Newspaper(site, PAGES)
        paper.add_to(desk, delay=0.1)
        asked = random.randrange(PAGES)
        with running(desk, "visit") as visit:
            wait_for(lambda: paper.asked() >= asked and below(visit.pid))
            children = [process.pid for process in below(visit.pid)]
            visit.kill()
        wait_for(lambda: not any(Path(f"/proc/{pid}/fd").exists() for pid in children))
        paper.until_quiet(desk, command=lambda: _visit(desk))
        assert faults(desk, paper.texts) == []
        assert paper.asked() <= PAGES + MORE
        checked(1)


def test_two_crawlers_of_one_site_ask_for_each_page_once(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    with SiteServer() as site:
        desk, paper = Desk(tmp_path, sqlite_url), Newspaper(site, PAGES)
        paper.add_to(desk, delay=0.1)
        words = ("crawl", "discover", "-a", "site=paper")
        with running(desk, *words) as one, running(desk, *words) as two:
            done = [one.result(), two.result()]
        assert sorted(result.code for result in done) == [0, 4], [r.err for r in done]
        assert "Traceback" not in "".join(result.printed for result in done)
        assert paper.asked() == PAGES
        assert len(site.asked("/robots.txt")) == 1
        assert faults(desk, paper.texts) == []
        checked(1)


def _visit(desk: Desk) -> Result:
    with running(desk, "visit", "--now") as visit:
        done = visit.result()
    assert done.code == 0, done.err[-2000:]
    return done
