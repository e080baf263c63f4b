"""The pool: limits of CPU time and memory, and a page's fault that stays its own."""

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

from pipelines.pool import Pool, PoolBroken, PoolCrash, PoolTimeout

T = TypeVar("T")


def double(number: int) -> int:
    return number * 2


def spin(_: int) -> int:
    while True:
        pass


def spin_in_c(_: int) -> int:
    return sum(range(10**12))


def wait_without_computing(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def die_once(marker: str) -> int:
    """Ends its process, unless it did so before."""
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 42


def devour(_: int) -> int:
    return len(bytearray(3 << 30))


def use(megabytes: int) -> int:
    return len(bytearray(megabytes << 20)) >> 20


def refuse(_: int) -> int:
    raise ValueError("not this one")


def in_pool(workers: int, crawl: Callable[[Pool], Awaitable[T]], seconds: float = 2.0) -> T:
    async def whole() -> T:
        pool = Pool(workers, seconds=seconds, warm="json")
        try:
            return await crawl(pool)
        finally:
            pool.close()

    return asyncio.run(whole())


def children() -> Iterator[int]:
    """Processes that this one started to work, by number."""
    yield from (child.pid for child in multiprocessing.active_children() if child.pid)


async def outcomes(pool: Pool) -> list[object]:
    jobs = [pool.run(f, 21) for f in (double, spin, die, devour, refuse, double)]
    return await asyncio.gather(*jobs, return_exceptions=True)


def test_one_bad_page_costs_no_other_anything() -> None:
    first, hung, dead, greedy, refused, last = in_pool(2, outcomes, seconds=1.0)
    assert (first, last) == (42, 42)
    assert isinstance(hung, PoolTimeout)
    assert "1 s of CPU time" in str(hung)
    assert isinstance(dead, PoolCrash)
    assert "signal 9" in str(dead)
    assert isinstance(greedy, PoolCrash)
    assert "memory" in str(greedy)
    assert isinstance(refused, ValueError)
    assert "in refuse" in str(refused.__cause__)  # the worker's own traceback


def test_time_is_counted_inside_of_c_code_too() -> None:
    with pytest.raises(PoolTimeout, match="CPU time"):
        in_pool(1, lambda pool: pool.run(spin_in_c, 0), seconds=0.5)


def test_a_page_that_waits_is_not_out_of_time_until_the_net() -> None:
    assert in_pool(1, lambda pool: pool.run(wait_without_computing, 0.5), seconds=0.2) == 0.5
    with pytest.raises(PoolTimeout, match="not done after"):
        in_pool(1, lambda pool: pool.run(wait_without_computing, 60.0), seconds=0.1)


def test_a_page_that_needs_much_memory_is_read_alone() -> None:
    assert in_pool(1, lambda pool: pool.run(use, 160)) == 160


def test_an_idle_worker_that_is_killed_costs_nothing() -> None:
    async def crawl(pool: Pool) -> list[int]:
        found = []
        for number in range(20):
            found.append(await pool.run(double, number))
            for pid in children():
                os.kill(pid, signal.SIGKILL)
        return found

    assert in_pool(2, crawl) == [n * 2 for n in range(20)]


def test_a_busy_worker_that_is_killed_costs_its_page_nothing(tmp_path: Path) -> None:
    async def crawl(pool: Pool) -> list[int]:
        return await asyncio.gather(
            *(pool.run(die_once, str(tmp_path / f"{n}")) for n in range(10))
        )

    assert in_pool(2, crawl) == [42] * 10


def test_a_module_that_cannot_be_imported_is_no_pages_fault() -> None:
    async def crawl() -> None:
        pool = Pool(1, seconds=1.0, warm="no_such_module")
        try:
            await pool.run(double, 1)
        finally:
            pool.close()

    with pytest.raises(PoolBroken, match="no_such_module cannot be imported"):
        asyncio.run(crawl())


def test_closing_ends_what_is_under_way() -> None:
    async def crawl() -> None:
        pool = Pool(1, seconds=60.0, warm="json")
        under_way = asyncio.ensure_future(pool.run(wait_without_computing, 300.0))
        while not list(children()):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(pool.close)
        with pytest.raises(PoolBroken, match="over"):
            await under_way

    asyncio.run(crawl())


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


def test_a_site_whose_pages_all_hang_delays_another_by_one_limit() -> None:
    """Counted, not timed: of nine that run into their limit, one is under way when ours comes."""
    ended: list[str] = []

    async def crawl(pool: Pool) -> None:
        async def ask(owner: str, function: Callable[..., object], *args: object) -> None:
            with suppress(PoolTimeout):
                await pool.of(owner).run(function, *args)
            ended.append(owner)

        hog = [asyncio.ensure_future(ask("hog", spin_in_c, 0)) for _ in range(3)]
        await asyncio.sleep(0)
        await asyncio.gather(ask("ours", double, 1), *hog)

    in_pool(1, crawl, seconds=0.3)
    assert ended.index("ours") <= 1, ended


def test_a_share_that_is_closed_leaves_the_workers_to_the_others() -> None:
    async def crawl(pool: Pool) -> int:
        crawls = [_Crawl(), _Crawl()]
        one, two = (pool.lend(crawl, number) for number, crawl in enumerate(crawls))
        shared = Pool.shared(crawls[1], 5, 2.0, "json")
        one.close()
        with pytest.raises(PoolBroken, match="the run is over"):
            await one.run(double, 1)
        return await two.run(double, 2) + await shared.run(double, 3)

    assert in_pool(1, crawl) == 10


class _Crawl:
    """What owns a share."""
