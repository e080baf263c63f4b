"""Many small sites visited in one process over real HTTP: what one meets stays its own."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from crawler.operations.due_visit import known
from crawler.operations.visiting_processes import VisitingProcesses
from models.db.database import Database
from tests.support.desk import Desk, wait_for
from tests.support.many_sites import Servers, left_behind, runs, visiting
from tests.support.site_server import article, drip, sitemap
from tests.support.town import story

pytestmark = pytest.mark.slow


def test_sites_share_a_process_and_one_with_a_wrong_file_costs_the_others_nothing(
    desk: Desk, servers: Servers
) -> None:
    for number in range(6):
        servers.add(desk, f"town-{number}")
    (desk.sites / "wrong.toml").write_text('start = "https://wrong.test/"\nsauces = 1\n')
    log = desk.folder / "log"
    with desk.running("visit", "--loglevel", "DEBUG", "--logfile", str(log)) as process:
        wait_for(lambda: visiting(process.pid))
        mine = {found.pid for found in visiting(process.pid)}
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (2, ""), err
    assert "unknown key 'sauces'" in err and "Traceback" not in err
    assert len(mine) == 1
    assert runs(desk) == {(f"town-{number}", "done"): 1 for number in range(6)}
    assert desk.tuples("select count(*) from v1_articles") == [(6,)]
    assert left_behind(desk) == [0, 0, 0]
    stored = [line for line in log.read_text().splitlines() if ": stored " in line]
    assert len(stored) == 6
    for number in range(6):
        assert any(f": town-{number}: stored " in line and f"/town-{number}/" in line
                   for line in stored), stored  # fmt: skip


def test_a_site_that_hangs_is_stopped_after_its_time_and_the_others_are_done(
    desk: Desk, servers: Servers
) -> None:
    hanging = servers.add(desk, "hanging", 2)
    hanging.pages["/hanging/0"] = drip(60)
    servers.add(desk, "calm", 2)
    words = ("--max-time", "9s", "-s", "DOWNLOAD_TIMEOUT=12", "-s", "RETRY_TIMES=0")
    desk.type("visit", *words)
    assert runs(desk) == {("hanging", "done"): 1, ("calm", "done"): 1}
    stored = "select count(*) from v1_articles where url like '%/calm/%'"
    assert desk.tuples(stored) == [(2,)]
    assert left_behind(desk) == [0, 0, 0]


def test_a_kill_of_the_process_begins_its_visits_again_in_the_same_call(
    desk: Desk, servers: Servers
) -> None:
    for name in ("one", "two", "three"):
        servers.add(desk, name, 4, pause=0.2)
    with desk.running("visit") as process:
        wait_for(lambda: all(server.asked("/map.xml") for server in servers.all.values()))
        wait_for(lambda: desk.tuples("select count(*) from v1_outcomes")[0][0] >= 1)
        [victim] = visiting(process.pid)
        os.kill(victim.pid, signal.SIGKILL)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (0, "", "")
    found = runs(desk)
    assert {site for site, status in found if status == "done"} == {"one", "two", "three"}
    assert sum(count for (_, status), count in found.items() if status == "aborted") >= 1
    assert desk.tuples("select count(*) from v1_articles") == [(12,)]
    assert left_behind(desk) == [0, 0, 0]
    assert desk.tuples("select max(failures) from sites") == [(0,)]


def test_a_bad_row_of_one_site_fails_no_other_s(desk: Desk, servers: Servers) -> None:
    for name in ("bad", "good", "fine"):
        servers.add(desk, name, 3)
    desk.execute(
        "create trigger bad_row before insert on captures when new.final_url like '%/bad/%'"
        " begin select raise(abort, 'no such row'); end"
    )
    done = desk.type("visit", code=1)
    assert done.err.startswith("scrapy visit: bad: all 3 URLs ended in an error: 3 database_error")
    outcomes = (
        "select r.site, o.outcome, count(*) from v1_outcomes o join v1_runs r using (run_id)"
        " group by 1, 2 order by 1"
    )
    assert desk.tuples(outcomes) == [
        ("bad", "database_error", 3), ("fine", "stored", 3), ("good", "stored", 3),
    ]  # fmt: skip
    assert left_behind(desk) == [0, 0, 0]


def in_one_process(
    desk: Desk, work: Callable[[VisitingProcesses], Awaitable[list[Any]]]
) -> list[Any]:
    """Visits in a visiting process whose names the test hands out."""
    command = (sys.executable, "-m", "crawler.operations.visiting")
    visit = VisitingProcesses(command, desk.environment, {"settings": {}})

    async def all_of_it() -> list[Any]:
        try:
            return await asyncio.wait_for(work(visit), 100)
        finally:
            await visit.close()

    return asyncio.run(all_of_it())


def due_at(desk: Desk, site: str) -> datetime | None:
    """When a site is visited again; None: it never was."""
    with closing(Database.open(desk.url)) as database:
        there = known(database, site).get(site)
        return None if there is None else there.next_due_at


def test_a_site_that_another_visited_a_moment_before_is_not_visited_again(
    desk: Desk, servers: Servers
) -> None:
    servers.add(desk, "town", 1)

    async def work(visit: VisitingProcesses) -> list[Any]:
        never = due_at(desk, "town")
        first = await visit("town", None, due_at=never)
        return [first, await visit("town", None, due_at=never)]

    first, late = in_one_process(desk, work)
    assert (first.code, late.code, late.line) == (0, 4, "town was visited by another just now")
    assert desk.tuples("select count(*) from runs") == [(1,)]


BOTH_AT_ONCE = """
import asyncio, io, os
from scrapy.utils.project import get_project_settings
from crawler.operations.visiting import VisitingProcess, Word

answers = os.dup(1)
process = VisitingProcess(get_project_settings(), words=io.BytesIO(), answers=answers)
for word in Word(visit="town"), Word(stop_all=True):
    asyncio.get_event_loop().call_soon(process._heard, word)
process.serve()
"""


def test_an_end_that_is_said_right_behind_a_visit_begins_none(desk: Desk, servers: Servers) -> None:
    servers.add(desk, "town", 1)
    done = subprocess.run(
        [sys.executable, "-c", BOTH_AT_ONCE],
        env=desk.environment, capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"not_begun": "town"}, done.stderr
    assert desk.tuples("select count(*) from runs") == [(0,)]


def test_each_visit_reads_its_file_and_robots_txt_afresh(desk: Desk, servers: Servers) -> None:
    site = servers.add(desk, "town", 1)
    pids = set[int]()

    async def work(visit: VisitingProcesses) -> list[Any]:
        results = [await visit("town", None, now=True, due_at=due_at(desk, "town"))]
        pids.update(process.pid for process in visiting(os.getpid()))
        site.page("/robots.txt", "User-agent: *\nDisallow: /map.xml\n", content_type="text/plain")
        results.append(await visit("town", None, now=True, due_at=due_at(desk, "town")))
        site.page("/robots.txt", "", content_type="text/plain")
        site.page("/other.xml", sitemap([site.page("/new", article("New", story(100)))]))
        servers.write(desk, "town", "/other.xml")
        results.append(await visit("town", None, now=True, due_at=due_at(desk, "town")))
        file = (desk.sites / "town.toml").read_text()
        (desk.sites / "town.toml").write_text(f"enabled = false\n{file}")
        results.append(await visit("town", None, now=True, due_at=due_at(desk, "town")))
        (desk.sites / "town.toml").write_text("start = 1\n")
        results.append(await visit("town", None, now=True, due_at=due_at(desk, "town")))
        (desk.sites / "town.toml").unlink()
        results.append(await visit("town", None, now=True, due_at=due_at(desk, "town")))
        pids.update(process.pid for process in visiting(os.getpid()))
        return results

    first, forbidden, moved, disabled, wrong, gone = in_one_process(desk, work)
    assert first.line.startswith("visit town: 1 URL: 1 stored")
    assert forbidden.code == 1 and "/robots.txt forbids it" in forbidden.line
    assert moved.line.startswith("visit town: 1 URL: 1 stored"), moved
    assert disabled.code == 2 and "town is disabled in" in disabled.line
    assert wrong.code == 2 and "town.toml: line 1" in wrong.line
    assert gone.code == 2 and "no site 'town'" in gone.line
    assert len(pids) == 1
    assert [len(site.asked(path)) for path in ("/robots.txt", "/other.xml")] == [3, 1]


def test_a_signal_to_the_process_itself_ends_its_visits_and_another_takes_the_rest(
    desk: Desk, servers: Servers
) -> None:
    servers.add(desk, "slow", 30, pause=0.1)
    servers.add(desk, "next", 1)

    async def work(visit: VisitingProcesses) -> list[Any]:
        slow = asyncio.ensure_future(visit("slow", None))
        while not servers.all["slow"].asked("/slow/0"):
            await asyncio.sleep(0.02)
        [process] = visiting(os.getpid())
        os.kill(process.pid, signal.SIGTERM)
        return [await slow, await visit("next", None)]

    slow, after = in_one_process(desk, work)
    assert slow.code == 1 and "stopped by SIGINT or SIGTERM" in slow.line
    assert after.code == 0
    assert left_behind(desk) == [0, 0, 0]
