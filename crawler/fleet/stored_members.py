"""The records of a capture that a worker reads from object storage, for its extraction processes.

Those have no room for the libraries of a store.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

from models.archive.places import ArchivePlaces
from models.archive.reader import member_of
from pipelines.reading import Members
from pipelines.reading_codec import decode_reading

AT_ONCE: Final = 16  # reads: each waits for the network


async def stored_members(places: ArchivePlaces, common: Any, capture: Any) -> Members:
    """The records of one capture of a chunk that are in a store and did not come along.

    Raises ChunkRefused, and ArchiveError as `models.archive.reader.member_of` does.
    """
    if places.store is None:
        return {}
    asked = decode_reading(common, capture)
    copies = [asked.copy, *(part.copy for part in asked.parts if part.copy is not None)]
    wanted = [copy for copy in copies if copy.capture_id not in asked.members]
    loop = asyncio.get_running_loop()
    found = await asyncio.gather(
        *(loop.run_in_executor(_threads(), member_of, one.location, places) for one in wanted)
    )
    return {one.capture_id: member for one, member in zip(wanted, found, strict=True)}


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="winnow-records")
