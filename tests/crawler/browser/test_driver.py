"""A Chromium that runs: whatever waits for it learns at once that it has ended."""

import asyncio
import os
import signal

import pytest

from crawler.browser.driver import Driver
from crawler.browser.faults import BrowserBroken, NotRendered
from crawler.browser.proxy import GuardingProxy
from crawler.browser.rendering import while_it_runs
from models.outcomes import Outcome
from tests.support.browsing import chromium, main_process


def test_what_is_read_in_a_browser_that_ends_is_not_waited_for() -> None:
    program = chromium()

    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    async def work() -> NotRendered:
        driver, proxy = await Driver.start(program), GuardingProxy()
        await proxy.start()
        try:
            running = await driver.launch(program, proxy)
            asyncio.get_running_loop().call_later(0.2, os.kill, main_process(), signal.SIGKILL)
            with pytest.raises(NotRendered) as refused:
                await asyncio.wait_for(while_it_runs(running.browser, never()), 20)
            await running.end()
            return refused.value
        finally:
            await driver.stop()
            await proxy.close()

    assert asyncio.run(work()).outcome is Outcome.CONNECTION_ERROR


def test_a_program_that_ends_at_once_is_named() -> None:
    chromium()

    async def work() -> None:
        driver, proxy = await Driver.start("/bin/false"), GuardingProxy()
        await proxy.start()
        try:
            with pytest.raises(BrowserBroken, match="/bin/false does not start"):
                await driver.launch("/bin/false", proxy)
        finally:
            await driver.stop()
            await proxy.close()

    asyncio.run(work())
