"""Records of captures that are not in the local archive, read for the workers."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from models.archive.places import ArchivePlaces
from models.archive.reader import is_local, member_of
from models.errors import ArchiveElsewhere, OwnFault, StoreFault
from models.items import CaptureRef
from pipelines.drops import ElsewhereYet
from pipelines.reading import Members

AT_ONCE: Final = 16  # reads: each waits for the network, and a re-extraction has 16 pages at once


class StoreUnread(OwnFault):
    """The object storage gives no records: the run ends, and its pages keep waiting."""


class RemoteRecords:
    """Reads on threads of its own, which do nothing but wait; none for a local archive."""

    def __init__(self, places: ArchivePlaces) -> None:
        self._places = places
        self._threads: ThreadPoolExecutor | None = None

    async def of(self, copies: Iterable[CaptureRef]) -> Members:
        """The records of those copies that a worker cannot read itself.

        Raises ElsewhereYet for a copy in the spool of another host, StoreUnread, and ArchiveError
        for one that is gone or cut.
        """
        may_move = self._places.store is not None  # by `archive move`, before a worker opens it
        remote = [copy for copy in copies if may_move or not is_local(copy.location)]
        if not remote:
            return {}
        loop = asyncio.get_running_loop()
        if self._threads is None:
            self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="winnow-records")
        try:
            found = await asyncio.gather(
                *(
                    loop.run_in_executor(self._threads, member_of, copy.location, self._places)
                    for copy in remote
                )
            )
        except ArchiveElsewhere as elsewhere:
            hosts = [copy.location.host or "" for copy in remote if copy.location.store is None]
            raise ElsewhereYet(str(elsewhere), hosts[0]) from elsewhere
        except StoreFault as fault:
            raise StoreUnread(str(fault)) from fault
        return {copy.capture_id: member for copy, member in zip(remote, found, strict=True)}

    def close(self) -> None:
        """Ends the threads, without waiting for them."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None
