"""Memory given back to the machine, where the C library is glibc; elsewhere nothing is done.

By itself glibc keeps what is freed: once a body of 10 MB was freed, later ones of that size come
from its heap, which other objects keep from shrinking.
"""

import ctypes
import gc
import sys
from pathlib import Path
from typing import Any, Final

LARGE: Final = 1 << 20  # bytes: blocks of that size are the machine's again as soon as freed
SPARE: Final = 4 << 20  # bytes free at a heap's end that are kept: what the next page needs anew
ARENAS: Final = 2  # heaps for all threads together
TRIM_AT: Final = 100 << 20  # bytes resident
GROWN: Final = 16 << 20  # bytes more than after the last trim
_COLLECT: Final = (20_000, 10, 10)  # objects made until the youngest are looked at; 700 by itself
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of glibc's malloc.h
_STATM: Final = Path("/proc/self/statm")


def return_large_blocks() -> None:
    """To be called once, before a process takes large blocks."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(_M_MMAP_THRESHOLD, LARGE)
        # glibc gives back all but 128 KB, which a page of 400 KB then takes again several times
        libc.mallopt(_M_TRIM_THRESHOLD, SPARE)
        libc.mallopt(_M_ARENA_MAX, ARENAS)


def trim() -> None:
    """Gives back what is free inside of the heap, if the process is large."""
    libc = _glibc()
    if libc is not None and resident() > TRIM_AT:
        libc.malloc_trim(0)


class Trimmer:
    """Calls `trim` whenever the process has grown by `GROWN` since it last did.

    To trim after each page cost 2 ms of 35 a page, since what was given back was taken again.
    """

    def __init__(self) -> None:
        self._least = 0

    def after_task(self) -> bool:
        """Whether it was time to trim."""
        due = resident() > self._least + GROWN
        if due:
            trim()
            self._least = resident()
        return due


def keep_what_is_loaded() -> None:
    """To be called once all is imported: the garbage collector leaves that alone from then on.

    It also looks less often, since a page makes many objects and few cycles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)


def resident() -> int:
    """Bytes that the process holds in memory; 0 where the system does not say."""
    try:
        pages = int(_STATM.read_text("ascii").split()[1])
    except OSError:
        return 0
    return pages << 12


def _glibc() -> Any:
    """The C library; None where it is another."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "gnu_get_libc_version") else None
