"""Extraction workers killed in mid-crawl, idle and busy: every page is stored all the same."""

import random
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from tests.faults.conftest import Checked
from tests.faults.support.comparison import faults
from tests.faults.support.length import dice, pick
from tests.faults.support.newspaper import Newspaper
from tests.faults.support.processes import Process, shoot, workers
from tests.faults.support.running import Running, running
from tests.support.desk import Desk, wait_for
from tests.support.site_server import Answer, Asked, Reply, SiteServer

PAGES = pick(40, 200)
KILLS = pick(3, 10)
WORKERS = 2


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_a_worker_that_is_killed_takes_no_page_along(
    state: str, tmp_path: Path, sqlite_url: str, checked: Checked
) -> None:
    chance = dice(1)
    with SiteServer() as site:
        desk, paper = Desk(tmp_path, sqlite_url, WORKERS), Newspaper(site, PAGES)
        paper.add_to(desk, delay=0.15)  # the pool has pauses, so that workers are idle at times
        held = _put_hold(site)
        with running(desk, "crawl", "discover", "-a", "site=paper") as crawl:
            kills = _kill_workers(crawl, paper, state, chance, held)
            done = crawl.result()
        # a page keeps its worker busy for some milliseconds: how often one is met then is chance
        least = 1 if state == "busy" else KILLS
        assert kills >= least, f"the run ended after {kills} kills\n{done.printed[-2000:]}"
        assert done.code == 0, done.err[-2000:]
        assert "Traceback" not in done.err
        assert set(desk.last_run().values()) == {"stored"}
        assert paper.asked() == PAGES  # what was fetched once is read again, not fetched again
        assert faults(desk, paper.texts) == []
        checked(kills)


def _put_hold(site: SiteServer) -> Event:
    """Pages are answered only while this is set; it is at first."""
    is_open = Event()
    is_open.set()

    def held(asked: Asked, reply: Answer) -> Reply:
        is_open.wait(60)
        return reply(asked) if callable(reply) else reply

    for path, reply in site.pages.items():
        site.pages[path] = partial(held, reply=reply)
    return is_open


def _kill_workers(
    crawl: Running, paper: Newspaper, state: str, chance: random.Random, pages_come: Event
) -> int:
    """Kills a worker after each some pages; how many could be killed before the run ended.

    No page comes while an idle one is looked for: on a busy machine there would hardly be any.
    """
    kills, step = 0, PAGES // (KILLS + 1)
    for number in range(KILLS):
        due = step * number + chance.randrange(1, step)
        last = dict[int, Process]()

        def shot(due: int = due, last: dict[int, Process] = last) -> bool:
            if crawl.ended():
                return True
            if paper.asked() >= due and state == "idle":
                pages_come.clear()
            victim = _victim(workers(crawl.pid), last, state)
            return paper.asked() >= due and victim is not None and shoot(victim.pid)

        wait_for(shot, 60)
        pages_come.set()
        kills += not crawl.ended()
    return kills


def _victim(now: list[Process], last: dict[int, Process], state: str) -> Process | None:
    """A worker that is idle (no CPU time since the last look) or busy (it runs)."""
    before, seen = dict(last), {process.pid: process for process in now}
    last.clear()
    last.update(seen)
    for process in now:
        if state == "busy" and process.state == "R":
            return process
        known = before.get(process.pid)
        if state == "idle" and known and process.state == "S" and process.ticks == known.ticks:
            return process
    return None
