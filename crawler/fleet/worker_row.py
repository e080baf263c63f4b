"""What the database knows of a worker: that it lives, what it has done, why it does nothing."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection

from crawler.fleet.fitness import VERSION
from crawler.fleet.worker_log import LOG
from migrations.revision import head_revision
from models.clock import utc_now
from models.db.database import Database
from models.errors import DatabaseAway
from models.fleet import handouts, host_holds, workers
from models.fleet.workers import SIGN_OF_LIFE, FleetWorker


class WorkerRow:
    """The row of one worker; handouts that it is done with go along with its signs of life."""

    def __init__(self, database: Database, owner: str, labels: Sequence[str], jobs: int) -> None:
        self.owner, self.under_way = owner, 0
        self._database, self._labels, self._jobs = database, tuple(labels), jobs
        # batch and site, not noted yet: in order, and no thread's entry is lost to another's
        self._done: dict[tuple[str, str], None] = {}
        self._is_away = False

    def register(self) -> None:
        """The worker starts; raises DatabaseAway."""
        self._database.write_when_there(self._register)

    def done(self, batch: str, site: str) -> None:
        """The worker visited a site of a batch, or gives it back; noted soon."""
        self._done[batch, site] = None

    def note_done(self) -> None:
        """Notes what is done by now; where the database is away, the next sign of life does."""
        if self._done:
            self._try(lambda _conn: None)

    def refuse(self, why: str) -> None:
        """The worker ends, and its row says why."""
        self._try(partial(self._refuse, why=why))

    def leave(self) -> None:
        """The worker ends in order."""
        self._try(partial(workers.leave, owner=self.owner))

    async def live(self) -> None:
        """Gives signs of life for as long as the worker runs."""
        while True:
            await asyncio.sleep(SIGN_OF_LIFE.total_seconds())
            await asyncio.to_thread(self._try, self._sign_of_life)

    def _try(self, work: Callable[[Connection], None]) -> None:
        """`work`, after what is done; a database that is away is one line, until it is back."""
        done = list(self._done)

        def all_of_it(conn: Connection) -> None:
            for batch in {batch for batch, _ in done}:
                handouts.done(conn, [site for of, site in done if of == batch], batch)
            work(conn)

        try:
            self._database.write_when_there(all_of_it)
        except DatabaseAway as fault:
            if not self._is_away:
                LOG.warning("%s; no visit begins until it is back", fault)
            self._is_away = True
            return
        if self._is_away:
            LOG.info("the database is back")
        self._is_away = False
        for entry in done:
            self._done.pop(entry, None)

    def _register(self, conn: Connection) -> None:
        now = utc_now()
        worker = FleetWorker(
            owner=self.owner,
            host=socket.gethostname(),
            version=VERSION,
            revision=head_revision(),
            labels=self._labels,
            jobs=self._jobs,
            started_at=now,
            alive_at=now,
            under_way=self.under_way,
        )
        workers.register(conn, worker)

    def _sign_of_life(self, conn: Connection) -> None:
        if not workers.heartbeat(conn, self.owner, self.under_way, utc_now()):
            self._register(conn)  # it was forgotten: its machine slept

    def _refuse(self, conn: Connection, why: str) -> None:
        host_holds.release_all(conn, self.owner)
        workers.refuse(conn, self.owner, why, utc_now())
