"""Names go to processes that may die: who dies alone was killed, the others are visited again."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.operations import visiting_processes
from crawler.operations.command import EXIT_OK
from crawler.operations.visiting_processes import VisitingProcesses
from crawler.operations.visits import START, VisitResult

# Answers as a visiting process does. `deadly` kills it once `FOLDER/go` is there, which `go` makes;
# `exits` ends it with code 3; `hangs` never answers; each begun visit is a line of a file.
CHILD = """
import json, os, signal, sys, threading, time
folder = sys.argv[1]
greeting = json.loads(sys.stdin.readline())
open(f"{folder}/greetings", "a").write(json.dumps(greeting) + "\\n")
open(f"{folder}/begun", "a")
lock = threading.Lock()
def answer(site, line, code=0):
    with lock:
        print(json.dumps({"site": site, "code": code, "line": line}), flush=True)
def deadly():
    while not os.path.exists(f"{folder}/go"):
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
waiting = []
for line in sys.stdin:
    word = json.loads(line)
    open(f"{folder}/begun", "a").write(f"{os.getpid()} {line}")
    site = word.get("visit")
    if word.get("stop_all"):
        for site in waiting: answer(site, "stopped", 1)
    elif word.get("stop"):
        if word["stop"] != "deaf": answer(word["stop"], "stopped in time", 1)
    elif site == "ending" and not os.path.exists(f"{folder}/ended"):
        open(f"{folder}/ended", "w")
        print(json.dumps({"not_begun": site}), flush=True)
        print(json.dumps({"ending": True}), flush=True)
    elif site == "go":
        open(f"{folder}/go", "w"); waiting.append(site)
    elif site == "deadly": threading.Thread(target=deadly, daemon=True).start()
    elif site == "exits": print("no such module", file=sys.stderr, flush=True); os._exit(3)
    elif site in ("hangs", "deaf"): waiting.append(site)
    elif site == "group": answer(site, str(os.getpgrp() == os.getpid()))
    else: answer(site, str(os.getpid()))
"""


Work = Callable[[VisitingProcesses], Awaitable[list[VisitResult | None]]]


class Visits:
    """Processes of the script above."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recovered = 0

    def run(self, work: Work, **more: object) -> list[Any]:
        async def recover() -> None:
            self.recovered += 1

        command = [sys.executable, "-c", CHILD, str(self.folder)]
        given = {"most": 1, "recover": recover, "grace": 0.3, **more}
        made = VisitingProcesses(command, os.environ, {"settings": {}}, **given)

        async def all_of_it() -> list[Any]:
            try:
                return await asyncio.wait_for(work(made), 60)
            finally:
                await made.close()

        return asyncio.run(all_of_it())

    def begun(self, site: str) -> list[int]:
        """The processes in which a site's visit began, in their order."""
        lines = (self.folder / "begun").read_text().splitlines()
        return [int(line.split()[0]) for line in lines if f'"visit": "{site}"' in line]

    @property
    def processes(self) -> int:
        return len((self.folder / "greetings").read_text().splitlines())


@pytest.fixture
def visits(tmp_path: Path) -> Visits:
    return Visits(tmp_path)


def test_many_sites_are_visited_in_one_process(visits: Visits) -> None:
    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        return list(await asyncio.gather(*(visit(f"site-{n}", None) for n in range(20))))

    results = visits.run(work)
    assert [result.site for result in results] == [f"site-{n}" for n in range(20)]
    assert {result.code for result in results} == {EXIT_OK}
    assert len({result.line for result in results}) == visits.processes == 1


def test_a_process_is_replaced_after_so_many_sites(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting_processes, "SITES", 3)

    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        return [await visit(f"site-{n}", None) for n in range(7)]

    pids = [result.line for result in visits.run(work)]
    assert [len(set(pids[at : at + 3])) for at in (0, 3, 6)] == [1, 1, 1]
    assert len(set(pids)) == visits.processes == 3


def test_there_are_more_processes_only_for_many_sites(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting_processes, "FULL", 2)

    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        hanging = [asyncio.ensure_future(visit("hangs", START + 0.1)) for _ in range(1)]
        more = [asyncio.ensure_future(visit("deaf", START + 0.1))]
        await asyncio.sleep(0.2)
        first = await visit("one", None)
        await asyncio.gather(*hanging, *more)
        return [first]

    visits.run(work, most=2)
    assert visits.processes == 2


def test_a_crash_costs_the_others_nothing_and_who_dies_alone_was_killed(visits: Visits) -> None:
    """Both are under way in two crashes; then each is tried alone."""

    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        deadly = asyncio.ensure_future(visit("deadly", None))
        return list(await asyncio.gather(deadly, visit("go", 2 * START), visit("calm", None)))

    deadly, go, calm = visits.run(work)
    assert (deadly.code, deadly.line) == (-9, "deadly: killed by signal 9")
    assert calm.code == EXIT_OK
    assert go.line == "stopped in time", "it was visited again, to its end"
    assert len(visits.begun("deadly")) == 3
    alone = visits.begun("deadly")[-1]
    assert alone not in visits.begun("go") and alone not in visits.begun("calm")
    assert visits.recovered >= 3


def test_a_site_that_was_alone_in_a_crash_is_not_tried_again(visits: Visits) -> None:
    (visits.folder / "go").touch()

    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        return [await visit("deadly", None), await visit("next", None)]

    killed, after = visits.run(work)
    assert (killed.code, after.code) == (-9, EXIT_OK)
    assert visits.begun("deadly") != [] and visits.processes == 2
    assert visits.recovered == 1


def test_a_process_that_ends_by_itself_is_told_with_what_it_said(visits: Visits) -> None:
    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        return [await visit("exits", None)]

    [ended] = visits.run(work)
    assert ended.code == 70
    assert ended.line == "exits: its process ended with code 3, no such module"


def test_a_visit_past_its_time_is_told_to_stop_and_one_that_is_deaf_is_killed(
    visits: Visits,
) -> None:
    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        hangs = await visit("hangs", 0.1)
        return [hangs, await visit("deaf", 0.1)]

    hangs, deaf = visits.run(work)
    assert (hangs.code, hangs.line) == (1, "stopped in time")
    assert (deaf.code, deaf.line) == (-9, "deaf: killed by signal 9")


def test_a_stop_reaches_all_and_a_crash_then_begins_nothing(visits: Visits) -> None:
    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        under_way = [asyncio.ensure_future(visit(name, None)) for name in ("hangs", "deadly")]
        while not (visits.folder / "begun").exists() or len(visits.begun("deadly")) < 1:
            await asyncio.sleep(0.01)
        visit.stop()
        await under_way[0]  # it was told; only then does the process die
        (visits.folder / "go").touch()
        return list(await asyncio.gather(*under_way))

    hangs, deadly = visits.run(work)
    assert (hangs.code, hangs.line) == (1, "stopped")
    assert deadly.code == -9
    assert visits.processes == 1


def test_ctrl_c_in_a_terminal_reaches_a_visit_by_its_parent_alone(visits: Visits) -> None:
    """It goes to a whole group; with the parent's own word, it would be the visits' second."""

    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        return [await visit("group", None)]

    assert visits.run(work)[0].line == "True"


def test_what_an_ending_process_did_not_begin_is_begun_by_another(visits: Visits) -> None:
    async def work(visit: VisitingProcesses) -> list[VisitResult | None]:
        return [await visit("first", None), await visit("ending", None)]

    first, ending = visits.run(work)
    assert (first.code, ending.code) == (EXIT_OK, EXIT_OK)
    assert len(set(visits.begun("ending"))) == visits.processes == 2
    assert visits.recovered == 0, "nobody died"
