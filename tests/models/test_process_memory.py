"""Freed memory is the machine's again."""

import asyncio
import gc
import subprocess
import sys

import pytest

from models import process_memory
from models.process_memory import GROWN, resident
from pipelines.pool import Pool

MEGA = 1 << 20
CODE = """
from models.process_memory import resident, return_large_blocks
{begin}
kept = []
for _ in range(4):
    b"x" * ({mega} * 10)  # freed at once: by itself, malloc keeps blocks of that size from now on
large = []
for _ in range(8):
    large.append(b"x" * ({mega} * 9))
    kept.append(b"y" * 600_000)
full = resident()
del large
print((full - resident()) // {mega})
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc and glibc are Linux's")


def test_the_size_of_this_process_is_known() -> None:
    assert 10 * MEGA < resident() < 4000 * MEGA


def test_large_blocks_are_given_back_when_they_are_freed() -> None:
    code = CODE.format(begin="return_large_blocks()", mega=MEGA)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 70


def test_what_the_next_page_needs_is_kept() -> None:
    code = """
import resource
from models.process_memory import return_large_blocks
return_large_blocks()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
bytes(900_000)
before = faults()
for _ in range(50):
    bytearray(b"x") * 900_000
print(faults() - before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 1_000  # 50 times 220 pages of memory, if each were new


def test_memory_is_trimmed_when_it_has_grown_and_not_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size, trimmed = [100 * MEGA], []
    monkeypatch.setattr(process_memory, "resident", lambda: size[0])
    monkeypatch.setattr(process_memory, "trim", lambda: trimmed.append(size[0]))
    trimmer = process_memory.Trimmer()
    assert trimmer.after_task()
    size[0] += GROWN
    assert not trimmer.after_task()
    size[0] += 1
    assert trimmer.after_task()
    assert trimmed == [100 * MEGA, 100 * MEGA + GROWN + 1]


def test_what_a_worker_loads_is_left_alone_by_its_garbage_collector() -> None:
    async def counted() -> tuple[int, int]:
        pool = Pool(1, 10.0, "json")
        try:
            return await pool.run(gc.get_freeze_count), (await pool.run(gc.get_threshold))[0]
        finally:
            pool.close()

    frozen, threshold = asyncio.run(counted())
    assert frozen > 1_000 and threshold > gc.get_threshold()[0]
