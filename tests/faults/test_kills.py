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
from tests.support.site_server import SiteServer, article
from tests.support.town import story

PAGES = pick(24, 240)  # enough for the last kill to find a crawl at work
KILLS = pick(1, 17)  # of one site, each of a run of its own
STEP = PAGES // (KILLS + 2)  # pages at the most between the start of a run and its kill
SEEDS = pick([1], [1, 2])
FAST_PAGES, FAST_KILLS = pick((60, 1), (200, 4))  # of a site that is asked without a delay
SEVERAL, SEVERAL_KILLS = pick((8, 2), (40, 12))  # stories over several pages
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


def test_a_killed_crawl_has_stories_over_several_pages_whole_in_the_end(
    tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    """Killed while further pages are asked for, archived, joined or stored."""
    random = dice(3)
    with SiteServer() as site:
        desk, paper = Desk(tmp_path, sqlite_url), Newspaper(site, SEVERAL)
        _print_on_pages(paper)
        paper.add_to(desk, delay=0.02)
        for _ in range(SEVERAL_KILLS):
            _kill_after(desk, paper, asked=random.randrange(1, SEVERAL))
        paper.until_quiet(desk)
        held = dict(desk.tuples("select url, text from v1_articles where partial = 0"))
        assert held == {url: "\n\n".join(told) for url, told in paper.texts.items()}
        parts = desk.tuples("select part_id from capture_parts where part_id is null")
        assert parts == []
        assert desk.tuples("select 1 from v1_articles where revision > 1") == []
        assert desk.crawl("paper", "reextract").code == 0
        assert dict(desk.tuples("select url, text from v1_articles")) == held
        checked(SEVERAL_KILLS)


def _print_on_pages(paper: Newspaper) -> None:
    """Each text of the newspaper on three pages, each of which declares the next."""
    for number, url in enumerate(paper.texts):
        title, path = f"Report {number} of the county", url.removeprefix(paper.site.url)
        told = [story(number + 100 * page) for page in range(3)]
        paper.texts[url] = [paragraph for page in told for paragraph in page]
        for page, paragraphs in enumerate(told, 1):
            after = f'<link rel="next" href="{path}?page={page + 1}">' if page < 3 else ""
            at = path if page == 1 else f"{path}?page={page}"
            paper.site.page(at, article(title, paragraphs, "en", after))


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
