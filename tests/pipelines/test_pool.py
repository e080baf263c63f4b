"""The pool: limits of time and memory, and a page's fault that stays its own."""

import asyncio
import os
import signal
import time

import pytest

from pipelines.pool import Pool, PoolCrash, PoolTimeout


def double(number: int) -> int:
    return number * 2


def hang(_: int) -> int:
    while True:
        time.sleep(1)


def die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def devour(_: int) -> int:
    return len(bytearray(3 << 30))


def refuse(_: int) -> int:
    raise ValueError("not this one")


async def outcomes(pool: Pool) -> list[object]:
    jobs = [pool.run(f, 21) for f in (double, hang, die, devour, refuse, double)]
    return await asyncio.gather(*jobs, return_exceptions=True)


def test_one_bad_page_costs_no_other_anything() -> None:
    async def crawl() -> list[object]:
        pool = Pool(2, seconds=2.0, warm="json")
        try:
            return await outcomes(pool)
        finally:
            pool.close()

    first, hung, dead, greedy, refused, last = asyncio.run(crawl())
    assert (first, last) == (42, 42)
    assert isinstance(hung, PoolTimeout)
    assert "2 s" in str(hung)
    assert isinstance(dead, PoolCrash)
    assert isinstance(greedy, PoolCrash)
    assert "memory" in str(greedy)
    assert isinstance(refused, ValueError)


def test_without_workers_the_function_runs_here() -> None:
    async def crawl() -> int:
        return await Pool(0, seconds=2.0, warm="json").run(os.getpid)

    assert asyncio.run(crawl()) == os.getpid()


def test_a_pool_serves_many_pages_in_turn() -> None:
    async def crawl() -> list[int]:
        pool = Pool(2, seconds=10.0, warm="json")
        try:
            return await asyncio.gather(*(pool.run(double, n) for n in range(50)))
        finally:
            pool.close()

    assert asyncio.run(crawl()) == [n * 2 for n in range(50)]


@pytest.mark.parametrize("workers", [1, 2])
def test_closing_leaves_no_process_behind(workers: int) -> None:
    async def crawl() -> int:
        pool = Pool(workers, seconds=10.0, warm="json")
        pid = await pool.run(os.getpid)
        pool.close()
        return pid

    pid = asyncio.run(crawl())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
