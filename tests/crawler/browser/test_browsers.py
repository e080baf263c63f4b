"""The browser of a process: started late, replaced, shared, and ended whatever happens."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Sequence
from pathlib import Path

import pytest

from crawler.browser.browsers import Browsers
from crawler.browser.documents import Rendered
from crawler.browser.faults import BrowserBroken, NotRendered
from crawler.browser.traffic import Traffic
from models.outcomes import Outcome
from tests.support.browsing import (
    MOST,
    chromium,
    document,
    in_browser,
    is_main,
    main_process,
    only,
    processes_below,
    shown,
)
from tests.support.desk import ROOT, wait_for

URL = "http://127.0.0.1:2/"  # where nothing answers; Chromium itself refuses port 1
HTML = "<p>Text.</p>"


def browser_processes(pid: int | None = None) -> set[int]:
    """Numbers of the processes of browsers, and of what drives them, below ours."""
    below = processes_below(os.getpid() if pid is None else pid)
    return {number for number, command in below.items() if "chrom" in command or "node" in command}


def main_processes() -> int:
    return sum(map(is_main, processes_below(os.getpid()).values()))


def test_nothing_is_started_before_the_first_page_and_nothing_is_left_after_the_last() -> None:
    before = browser_processes()

    async def work(browsers: Browsers) -> None:
        browsers.enter()
        browsers.enter()
        assert browser_processes() == before
        await shown(browsers, URL, HTML)
        assert main_processes() == 1
        await browsers.leave()
        assert main_processes() == 1  # another crawl uses it
        await browsers.leave()
        await asyncio.to_thread(wait_for, lambda: browser_processes() <= before)
        await shown(browsers, URL, HTML)  # and it may begin again

    in_browser(work)
    wait_for(lambda: browser_processes() <= before)


def test_a_browser_is_replaced_after_so_many_pages_while_others_are_read() -> None:
    async def work(browsers: Browsers) -> None:
        read = await asyncio.gather(*(shown(browsers, URL, HTML) for _ in range(7)))
        assert all("Text." in rendered.html for rendered, _ in read)
        await asyncio.to_thread(wait_for, lambda: main_processes() == 1)

    in_browser(work, pages=3)


def test_a_browser_that_dies_costs_the_pages_that_it_showed_and_no_other() -> None:
    chromium()
    # what the page asks for says that it is shown; once it has no answer, it hangs
    page = "<script>fetch('/more').finally(() => { while (true); })</script>"
    asked = asyncio.Event()

    async def resolve(origin: tuple[str, int]) -> Sequence[str]:
        asked.set()
        return await only(URL, origin)

    async def kill() -> None:
        await asyncio.wait_for(asked.wait(), 20)
        os.kill(main_process(), signal.SIGKILL)

    async def work(browsers: Browsers) -> str:
        given = document(URL, page), Traffic(MOST), resolve, MOST
        fault, _ = await asyncio.gather(_fault(browsers.render(chromium(), *given)), kill())
        assert fault.outcome is Outcome.CONNECTION_ERROR
        return (await shown(browsers, URL, HTML))[0].html

    assert "Text." in in_browser(work)


async def _fault(rendering: Awaitable[Rendered]) -> NotRendered:
    with pytest.raises(NotRendered) as refused:
        await rendering
    return refused.value


def test_a_program_that_is_no_browser_is_a_fault_of_this_machine(tmp_path: Path) -> None:
    chromium()
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\necho cannot open display >&2\nexit 1\n")
    program.chmod(0o755)

    async def work(browsers: Browsers) -> None:
        page = document(URL, HTML)
        with pytest.raises(BrowserBroken, match=str(program)):
            await browsers.render(
                str(program), page, Traffic(MOST), lambda origin: only(URL, origin), MOST
            )
        assert "Text." in (await shown(browsers, URL, HTML))[0].html  # later, mended

    in_browser(work)


_SHOWING = """
import asyncio
from tests.support.browsing import in_browser, shown
html = "<script>setTimeout(() => { while (true); }, 100)</script>"
in_browser(lambda browsers: asyncio.gather(*(shown(browsers, "http://127.0.0.1:1/", html)
                                             for _ in range(3))))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_of_a_browser_outlives_a_crawl_that_is_killed(how: signal.Signals) -> None:
    chromium()
    with subprocess.Popen([sys.executable, "-c", _SHOWING], cwd=ROOT) as crawl:
        wait_for(lambda: any("type=renderer" in c for c in processes_below(crawl.pid).values()))
        started = processes_below(crawl.pid)
        assert len(started) > 3
        crawl.send_signal(how)
        crawl.wait()
        wait_for(lambda: not alive(started), seconds=30)


def alive(processes: dict[int, str]) -> set[int]:
    """Which of the processes still run; their parents may be gone."""
    running = set()
    for number, command in processes.items():
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
            same = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if fields[0] not in {"Z", "X"} and same == command:
            running.add(number)
    return running
