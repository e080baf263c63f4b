"""A crawl killed at random moments: the next runs end its work, nothing lost, nothing twice."""

from pathlib import Path
from signal import SIGKILL

import pytest

from tests.databases import KINDS, AtHead
from tests.faults.conftest import Checked
from tests.faults.support.comparison import faults
from tests.faults.support.length import dice, pick
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.running import running
from tests.support.desk import Desk, wait_for
from tests.support.site_server import SiteServer

PAGES = pick(24, 240)  # enough for the last kill to find a crawl at work
KILLS = pick(1, 17)  # of one site, each of a run of its own
STEP = PAGES // (KILLS + 2)  # pages at the most between the start of a run and its kill
SEEDS = pick([1], [1, 2])
FAST_PAGES, FAST_KILLS = pick((60, 1), (200, 4))  # of a site that is asked without a delay
MORE = 5  # requests that a kill may cost: pages under way, of which nothing was stored


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_crawl_loses_nothing_and_asks_little_twice(
    kind: str, seed: int, tmp_path: Path, at_head: AtHead, checked: Checked
) -> None:
    random = dice(seed)
    with at_head.database(kind, tmp_path) as url, SiteServer() as site:
        desk, paper = Desk(tmp_path, url), Newspaper(site, PAGES)
        paper.add_to(desk, delay=0.05)
        for _ in range(KILLS):
            _kill_after(desk, paper, asked=random.randrange(STEP + 1))
        runs = paper.until_quiet(desk)
        assert faults(desk, paper.texts) == []
        assert paper.asked() <= PAGES + MORE * KILLS
        for source in ("/robots.txt", "/sitemap.xml"):
            assert len(site.asked(source)) <= len(runs) + KILLS
        statuses = {status for (status,) in desk.tuples("select status from v1_runs")}
        assert statuses <= {"done", "aborted"}
        checked(KILLS)


def test_a_kill_of_a_crawl_without_delay_costs_no_more(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    """As fast as the site answers, and while the extraction processes start."""
    with SiteServer() as site:
        desk, paper = Desk(tmp_path, sqlite_url, workers=2), Newspaper(site, FAST_PAGES)
        paper.add_to(desk, delay=0)
        for kills in range(1, FAST_KILLS + 1):
            _kill_after(desk, paper, asked=30)
            [(archived,)] = desk.tuples("select count(distinct url) from v1_captures")
            assert paper.asked() - archived <= MORE * kills
        paper.until_quiet(desk)
        assert faults(desk, paper.texts) == []
        assert paper.asked() <= FAST_PAGES + MORE * FAST_KILLS
        checked(FAST_KILLS)


def _kill_after(desk: Desk, paper: Newspaper, asked: int) -> None:
    """Kills a crawl once it has asked for so many more pages, or at its start."""
    before, sources = paper.asked(), len(paper.site.asked("/robots.txt"))
    with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
        wait_for(
            lambda: (
                crawl.ended()
                or paper.asked() >= before + max(asked, 1)
                or (not asked and len(paper.site.asked("/robots.txt")) > sources)
            )
        )
        assert crawl.kill().code == -SIGKILL, "it had ended by itself"
